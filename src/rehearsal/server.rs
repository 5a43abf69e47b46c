//! The two HTTP servers on loopback.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request as HttpRequest, Response};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use super::cloud::Cloud;
use super::event::Outcome;
use super::fault::{Fault, FaultKind, Step};
use super::http::{Call, Reply};
use super::{cloudflare, digitalocean};

/// More than any provider sends.
const LARGEST_BODY: usize = 1 << 20;

/// Which of the two APIs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// Droplets, firewalls, addresses, projects.
    DigitalOcean,
    /// DNS zones and records.
    Cloudflare,
}

/// A request that reached a simulator. Its token is not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Request {
    /// Which API.
    pub provider: Provider,
    /// HTTP method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// What a droplet or an address was told to do, such as `resize to s-2vcpu-4gb, disk kept`.
    pub action: Option<String>,
    /// Status of the answer; none where the connection was cut, or while it is awaited.
    pub status: Option<u16>,
}

/// What both servers share with the simulation's owner.
pub(super) struct Shared {
    state: Mutex<State>,
    /// How long a request that times out is left without an answer.
    timeout: Duration,
}

/// What changes as requests come.
pub(super) struct State {
    pub(super) cloud: Cloud,
    pub(super) faults: Vec<Fault>,
    pub(super) requests: Vec<Request>,
}

impl Shared {
    pub(super) fn new(cloud: Cloud, faults: Vec<Fault>, timeout: Duration) -> Self {
        let state = State {
            cloud,
            faults,
            requests: Vec::new(),
        };
        Self {
            state: Mutex::new(state),
            timeout,
        }
    }

    /// The state. A handler that panicked leaves it usable: each request changes it at once.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.cloud.settle();
        state
    }
}

impl State {
    /// The fault that a step meets now, which is then used up by one.
    fn take_fault(&mut self, step: Step, call: &Call) -> Option<FaultKind> {
        let mut faults = self.faults.iter_mut();
        let fault = faults.find(|fault| {
            fault.step == step && fault.times > 0 && digitalocean::can_meet(fault.kind, call)
        })?;
        if fault.times != Fault::ALWAYS {
            fault.times -= 1;
        }
        Some(fault.kind)
    }
}

/// One server; it and its connections end when this is dropped.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    task: JoinHandle<()>,
}

impl Server {
    pub(super) async fn start(provider: Provider, shared: Arc<Shared>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let task = tokio::spawn(accept(listener, provider, shared));
        Ok(Self { address, task })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The set of connections is dropped with the task, which ends them.
async fn accept(listener: TcpListener, provider: Provider, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                connections.spawn(serve(stream, provider, Arc::clone(&shared)));
            }
            // Too many open files, say: others may be closed soon.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn serve(stream: TcpStream, provider: Provider, shared: Arc<Shared>) {
    let service = service_fn(move |request| answer(request, provider, Arc::clone(&shared)));
    // An error is a connection that was cut, on purpose or by the client.
    let _ended = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

/// The connection ends here, without an answer.
#[derive(Debug)]
struct Cut;

impl fmt::Display for Cut {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the connection is cut on purpose")
    }
}

impl std::error::Error for Cut {}

async fn answer(
    request: HttpRequest<Incoming>,
    provider: Provider,
    shared: Arc<Shared>,
) -> Result<Response<Full<Bytes>>, Cut> {
    let (head, body) = request.into_parts();
    let body = Limited::new(body, LARGEST_BODY).collect().await;
    let body = body.map_err(|_| Cut)?.to_bytes();
    let target = head
        .uri
        .path_and_query()
        .map_or("/", |target| target.as_str());
    let call = Call::new(
        head.method.as_str(),
        target,
        String::from_utf8_lossy(&body).into_owned(),
    );
    let place = log(&shared, provider, &call, target);
    let token = head
        .headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let reply = match check_token(provider, &shared, token) {
        Some(refusal) => Ok(refusal),
        None => carry_out(provider, &shared, &call).await,
    };
    if let (Ok(reply), Some(request)) = (&reply, shared.state().requests.get_mut(place)) {
        request.status = Some(reply.status);
    }
    reply.map(response)
}

/// Remembers a request and returns its place in the list.
fn log(shared: &Shared, provider: Provider, call: &Call, target: &str) -> usize {
    let mut state = shared.state();
    state.requests.push(Request {
        provider,
        method: call.method.clone(),
        path: target.to_owned(),
        action: action(call),
        status: None,
    });
    state.requests.len() - 1
}

/// What a request tells a droplet or an address to do.
fn action(call: &Call) -> Option<String> {
    let ("POST", parts) = call.route() else {
        return None;
    };
    let body: serde_json::Value = call.read().ok()?;
    let kind = body["type"]
        .as_str()
        .filter(|_| parts.last() == Some(&"actions"))?;
    let Some(size) = body["size"].as_str() else {
        return Some(kind.to_owned());
    };
    let disk = if body["disk"] == true {
        "grown"
    } else {
        "kept"
    };
    Some(format!("{kind} to {size}, disk {disk}"))
}

/// The refusal of a token that is missing or says that it is invalid.
fn check_token(provider: Provider, shared: &Shared, header: Option<&str>) -> Option<Reply> {
    let token = header.and_then(|header| header.strip_prefix("Bearer "));
    let token = token.map(str::trim).filter(|token| !token.is_empty());
    match (provider, token) {
        (_, Some(token)) if !token.contains("invalid") => None,
        (Provider::DigitalOcean, _) => Some(digitalocean::unauthorized(&mut shared.state().cloud)),
        (Provider::Cloudflare, Some(_)) => Some(cloudflare::unauthorized()),
        (Provider::Cloudflare, None) => Some(cloudflare::no_token()),
    }
}

/// Does what is asked, or what a fault makes of it.
async fn carry_out(provider: Provider, shared: &Shared, call: &Call) -> Result<Reply, Cut> {
    let fault = {
        let mut state = shared.state();
        let step = match provider {
            Provider::DigitalOcean => digitalocean::step(&state.cloud, call),
            Provider::Cloudflare => cloudflare::step(call),
        };
        step.and_then(|step| state.take_fault(step, call))
    };
    match fault {
        Some(FaultKind::ConnectionCut) => return Err(Cut),
        Some(FaultKind::Timeout) => tokio::time::sleep(shared.timeout).await,
        _ => {}
    }
    let mut state = shared.state();
    let refusal = fault.and_then(|kind| match provider {
        Provider::DigitalOcean => digitalocean::fault_reply(&mut state.cloud, kind),
        Provider::Cloudflare => cloudflare::fault_reply(kind),
    });
    if let Some(refusal) = refusal {
        return Ok(refusal);
    }
    state.cloud.outcome = match fault {
        Some(FaultKind::NeverActive) => Outcome::Never,
        Some(FaultKind::ActionErrored) => Outcome::Errored,
        _ => Outcome::Completed,
    };
    let reply = match provider {
        Provider::DigitalOcean => digitalocean::answer(&mut state.cloud, call),
        Provider::Cloudflare => cloudflare::answer(&mut state.cloud, call),
    };
    state.cloud.outcome = Outcome::Completed;
    match fault {
        Some(FaultKind::AnswerLost) => Err(Cut),
        _ => Ok(reply),
    }
}

fn response(reply: Reply) -> Response<Full<Bytes>> {
    let body = reply.body.map(|body| body.to_string()).unwrap_or_default();
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = hyper::StatusCode::from_u16(reply.status)
        .unwrap_or(hyper::StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        hyper::header::HeaderValue::from_static("application/json"),
    );
    let own: BTreeMap<&'static str, String> = reply.headers.into_iter().collect();
    for (name, value) in own {
        if let Ok(value) = hyper::header::HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    response
}
