//! An HTTP client just large enough to ask the simulators.

use std::io;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::Simulation;

static NULL: Value = Value::Null;

/// One API and the token it is asked with.
#[derive(Clone)]
pub(super) struct Client {
    address: String,
    root: &'static str,
    header: String,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: Value,
}

impl Answer {
    pub(super) fn at(&self, pointer: &str) -> &Value {
        self.body.pointer(pointer).unwrap_or(&NULL)
    }

    /// The status and, for an error, its message.
    pub(super) fn outcome(&self) -> (u16, &str) {
        let messages = [self.at("/message"), self.at("/errors/0/message")];
        let message = messages.into_iter().find_map(Value::as_str);
        (self.status, message.unwrap_or_default())
    }
}

impl Client {
    pub(super) fn digitalocean(simulation: &Simulation) -> Self {
        Self::new(&simulation.digitalocean_url(), "")
    }

    pub(super) fn cloudflare(simulation: &Simulation) -> Self {
        let url = simulation.cloudflare_url();
        Self::new(url.strip_suffix("/client/v4/").unwrap(), "client/v4/")
    }

    fn new(url: &str, root: &'static str) -> Self {
        Self {
            address: url.strip_prefix("http://").unwrap().to_owned(),
            root,
            header: "authorization: Bearer canary\r\n".to_owned(),
        }
    }

    pub(super) fn with_token(&self, token: &str) -> Self {
        Self {
            header: format!("authorization: Bearer {token}\r\n"),
            ..self.clone()
        }
    }

    pub(super) fn without_token(&self) -> Self {
        Self {
            header: String::new(),
            ..self.clone()
        }
    }

    pub(super) async fn connect(&self) -> io::Result<TcpStream> {
        TcpStream::connect(&self.address).await
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None).await
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, Some(body)).await
    }

    pub(super) async fn put(&self, path: &str, body: Value) -> Answer {
        self.send("PUT", path, Some(body)).await
    }

    pub(super) async fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, None).await
    }

    pub(super) async fn send(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        self.raw(method, path, &body).await
    }

    pub(super) async fn raw(&self, method: &str, path: &str, body: &str) -> Answer {
        let answer = self.try_raw(method, path, body).await;
        answer.expect("the connection was cut")
    }

    /// Asks, and returns `None` where the connection ends without an answer.
    pub(super) async fn try_raw(&self, method: &str, path: &str, body: &str) -> Option<Answer> {
        let (root, header, length) = (self.root, &self.header, body.len());
        let request = format!(
            "{method} /{root}{path} HTTP/1.1\r\nhost: {}\r\n{header}connection: close\r\n\
             content-length: {length}\r\n\r\n{body}",
            self.address
        );
        let mut stream = self.connect().await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut text = String::new();
        // A cut may arrive as a reset.
        let _end = stream.read_to_string(&mut text).await;
        let (head, body) = text.split_once("\r\n\r\n")?;
        Some(Answer {
            status: head.split(' ').nth(1)?.parse().ok()?,
            head: head.to_lowercase(),
            body: serde_json::from_str(body).unwrap_or(Value::Null),
        })
    }
}

/// Whether the other side has closed a connection.
pub(super) async fn is_closed(mut stream: TcpStream) -> bool {
    stream.read(&mut [0]).await.is_ok_and(|count| count == 0)
}
