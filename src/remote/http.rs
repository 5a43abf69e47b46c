//! One request to a site at a given address, whatever its DNS record says.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{HOST, HeaderName, LOCATION, SERVER, USER_AGENT, VIA};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout_at;

use super::certificate::{TlsFailure, port_advice};
use super::port::{Port, connect};
use super::{Advice, printable, tls};

/// The page to ask for, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Where the connection goes.
    pub address: SocketAddr,
    /// The site's name.
    pub host: String,
    /// Path and query, with the slash at its start.
    pub path: String,
    /// Whether over TLS. The certificate is not judged here: that is `certificate`'s.
    pub is_https: bool,
}

/// What the site answered. Redirects are answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// Where it redirects to.
    pub location: Option<String>,
    /// The server by its own name.
    pub server: Option<String>,
    /// The proxies on the way.
    pub via: Option<String>,
    /// From the first packet to the last header.
    pub took: Duration,
    /// The first 200 bytes of the page, on one line.
    pub start: String,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// There is no connection.
    Port(Port),
    /// There is no TLS connection.
    Tls(TlsFailure),
    /// The request was sent and nothing came.
    Silent,
    /// The server hung up instead of answering.
    Closed,
    /// What came is no HTTP, or the target is no URL, in the library's words.
    NotHttp(String),
}

const START: usize = 200;

/// Asks once; follows nothing.
pub async fn get(target: &Target, patience: Duration) -> Result<Response, Failure> {
    let deadline = tokio::time::Instant::now() + patience;
    let start = Instant::now();
    if target.is_https {
        let stream = tls::look(target.address, &target.host, deadline).await;
        let stream = stream.map_err(Failure::Tls)?;
        exchange(stream, target, start, deadline).await
    } else {
        let stream = connect(target.address, patience).await;
        let stream = stream.map_err(Failure::Port)?;
        exchange(stream, target, start, deadline).await
    }
}

async fn exchange<S>(
    stream: S,
    target: &Target,
    start: Instant,
    deadline: tokio::time::Instant,
) -> Result<Response, Failure>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let request = hyper::Request::get(&target.path)
        .header(HOST, &target.host)
        .header(USER_AGENT, concat!("seance/", env!("CARGO_PKG_VERSION")))
        .body(Empty::<Bytes>::new())
        .map_err(|error| Failure::NotHttp(error.to_string()))?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| failure(&error))?;
    let talking = async {
        let mut response = sender.send_request(request).await?;
        let took = start.elapsed();
        let mut page: Vec<u8> = Vec::new();
        while page.len() < START {
            match response.frame().await {
                Some(Ok(frame)) => {
                    page.extend_from_slice(frame.data_ref().map_or(&[], |part| part));
                }
                // The status has come; a page that is cut off changes nothing about it.
                Some(Err(_)) | None => break,
            }
        }
        page.truncate(START);
        let header = |name: HeaderName| {
            let value = response.headers().get(name)?;
            Some(printable(&String::from_utf8_lossy(value.as_bytes())))
        };
        Ok(Response {
            status: response.status().as_u16(),
            location: header(LOCATION),
            server: header(SERVER),
            via: header(VIA),
            took,
            start: printable(&String::from_utf8_lossy(&page)),
        })
    };
    // What the connection carries is read out even when the server has closed it by then.
    let both = async {
        tokio::pin!(talking);
        tokio::select! {
            answer = &mut talking => answer,
            _ended = connection => talking.await,
        }
    };
    match timeout_at(deadline, both).await {
        Err(_) => Err(Failure::Silent),
        Ok(Ok(response)) => Ok(response),
        Ok(Err(error)) => Err(failure(&error)),
    }
}

fn failure(error: &hyper::Error) -> Failure {
    if error.is_parse() {
        Failure::NotHttp(printable(&error.to_string()))
    } else {
        Failure::Closed
    }
}

impl Failure {
    /// What it means and what comes next.
    pub fn advice(&self, target: &Target) -> Advice {
        let (host, address) = (&target.host, target.address);
        match self {
            Failure::Port(port) => port_advice(port, address),
            Failure::Tls(failure) => failure.advice(host, address),
            Failure::Silent => Advice::new(
                format!("{host}{} does not answer in time", target.path),
                "the application accepts the request and does not finish it",
                "run `seance logs`",
            ),
            Failure::Closed => Advice::new(
                format!("{host} hangs up instead of answering"),
                "Caddy or the application is being restarted, or crashes at this request",
                "run `seance logs`",
            ),
            Failure::NotHttp(words) => Advice::new(
                format!("what {host} answers is no HTTP: {words}"),
                "another program than Caddy has taken the port",
                "run `seance status` to see what listens",
            ),
        }
    }
}

impl Response {
    /// Whether a health check takes it for an answer of a working application.
    pub fn is_healthy(&self) -> bool {
        (200..400).contains(&self.status)
    }

    /// What an unhealthy status means and what comes next.
    pub fn advice(&self, target: &Target) -> Advice {
        let page = format!("{}{}", target.host, target.path);
        let what = format!("{page} answers with status {}", self.status);
        let (cause, next) = match self.status {
            502 => (
                "Caddy runs and the application behind it does not listen: it is starting, has crashed, or uses another port",
                "run `seance logs`",
            ),
            503 | 504 => (
                "the application is overloaded, or still starting",
                "run `seance status`",
            ),
            520..=526 => (
                "Cloudflare's proxy does not reach the machine",
                "run `seance verify`",
            ),
            500..=599 => ("the application fails at this request", "run `seance logs`"),
            404 => (
                "the application does not know this path",
                "correct `health` of the service, or the application's route",
            ),
            401 | 403 => (
                "the path asks for a login",
                "name a path in `health` that anybody may read",
            ),
            _ => (
                "the application does not take a plain request for this path",
                "name another path in `health` of the service",
            ),
        };
        Advice::new(what, cause, next)
    }
}
