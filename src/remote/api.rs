//! Reading from the clouds' own APIs: what an account holds, without changing anything.
//!
//! The token goes into one header of one request, over a connection whose certificate is judged,
//! and into no message.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{ACCEPT, AUTHORIZATION, HOST, USER_AGENT};
use hyper::{Request, Uri};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// More than any page of an account holds.
const LARGEST: usize = 16 * 1024 * 1024;

/// An API and the right to read from it.
#[derive(Clone)]
pub struct Api {
    base: String,
    token: String,
}

impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Api({})", self.base)
    }
}

/// Why an API did not answer.
#[derive(Debug, Error)]
pub enum ApiError {
    /// The address is no URL with a host.
    #[error("`{0}` is no address of an API")]
    Address(String),
    /// There is no connection, or it broke.
    #[error("{host} does not answer: {why}")]
    Silent {
        /// The host.
        host: String,
        /// What happened.
        why: String,
    },
    /// It refused.
    #[error("{host} answers with status {status}{}", said(.message))]
    Refused {
        /// The host.
        host: String,
        /// The status.
        status: u16,
        /// Its own words.
        message: String,
    },
    /// The answer is no JSON.
    #[error("{0} answers with something that is no JSON")]
    Strange(String),
}

fn said(message: &str) -> String {
    if message.is_empty() {
        String::new()
    } else {
        format!(": {message}")
    }
}

impl Api {
    /// An API at this address, without a slash at its end.
    pub fn new(base: &str, token: &str) -> Self {
        Self {
            base: base.trim_end_matches('/').to_owned(),
            token: token.to_owned(),
        }
    }

    /// Reads one page.
    pub async fn get(&self, path: &str) -> Result<Value, ApiError> {
        let address = format!("{}{path}", self.base);
        let uri: Uri = address
            .parse()
            .map_err(|_| ApiError::Address(self.base.clone()))?;
        let Some(host) = uri.host().map(str::to_owned) else {
            return Err(ApiError::Address(self.base.clone()));
        };
        let silent = |why: String| ApiError::Silent {
            host: host.clone(),
            why,
        };
        let asking = async {
            let is_https = uri.scheme_str() == Some("https");
            let port = uri.port_u16().unwrap_or(if is_https { 443 } else { 80 });
            let stream = TcpStream::connect((host.as_str(), port)).await;
            let stream = stream.map_err(|error| silent(error.to_string()))?;
            if is_https {
                let stream = judged(stream, &host).await.map_err(&silent)?;
                self.exchange(stream, &uri, &host).await
            } else {
                self.exchange(stream, &uri, &host).await
            }
        };
        let answer = tokio::time::timeout(PATIENCE, asking).await;
        answer.unwrap_or_else(|_| Err(silent(format!("no answer in {} s", PATIENCE.as_secs()))))
    }

    async fn exchange<S>(&self, stream: S, uri: &Uri, host: &str) -> Result<Value, ApiError>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let silent = |error: &dyn std::fmt::Display| ApiError::Silent {
            host: host.to_owned(),
            why: error.to_string(),
        };
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let request = Request::get(path)
            .header(HOST, host)
            .header(ACCEPT, "application/json")
            .header(AUTHORIZATION, format!("Bearer {}", self.token))
            .header(USER_AGENT, concat!("seance/", env!("CARGO_PKG_VERSION")))
            .body(Empty::<Bytes>::new())
            // A token that is no header value must not be repeated by the library's words.
            .map_err(|_| silent(&"the token holds characters that no token has"))?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|error| silent(&error))?;
        let talking = async {
            let response = sender.send_request(request).await.map_err(|e| silent(&e))?;
            let status = response.status().as_u16();
            let body = Limited::new(response.into_body(), LARGEST).collect().await;
            let body = body.map_err(|error| silent(&error))?.to_bytes();
            answer(host, status, &body)
        };
        tokio::pin!(talking);
        tokio::select! {
            answer = &mut talking => answer,
            _ended = connection => talking.await,
        }
    }
}

fn answer(host: &str, status: u16, body: &[u8]) -> Result<Value, ApiError> {
    let read = serde_json::from_slice::<Value>(body);
    if !(200..300).contains(&status) {
        let words = read.ok().and_then(|body| {
            let own = body["message"]
                .as_str()
                .or_else(|| body["errors"][0]["message"].as_str());
            own.map(super::printable)
        });
        return Err(ApiError::Refused {
            host: host.to_owned(),
            status,
            message: words.unwrap_or_default(),
        });
    }
    read.map_err(|_| ApiError::Strange(host.to_owned()))
}

/// A TLS connection to a host that proves who it is.
async fn judged(
    stream: TcpStream,
    host: &str,
) -> Result<tokio_rustls::client::TlsStream<TcpStream>, String> {
    let roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let configuration = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(host.to_owned()).map_err(|error| error.to_string())?;
    let connector = TlsConnector::from(Arc::new(configuration));
    connector
        .connect(name, stream)
        .await
        .map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_bring_the_clouds_own_words() {
        let digitalocean = br#"{"id":"unauthorized","message":"Unable to authenticate you"}"#;
        let error = answer("api.example", 401, digitalocean).unwrap_err();
        assert_eq!(
            error.to_string(),
            "api.example answers with status 401: Unable to authenticate you"
        );
        let cloudflare =
            br#"{"success":false,"errors":[{"code":9109,"message":"Invalid access token"}]}"#;
        let error = answer("api.example", 403, cloudflare).unwrap_err();
        assert!(error.to_string().ends_with("Invalid access token"));
        assert!(answer("api.example", 502, b"<html>").is_err());
        assert!(matches!(
            answer("api.example", 200, b"<html>"),
            Err(ApiError::Strange(_))
        ));
    }

    #[tokio::test]
    async fn a_token_is_in_no_message() {
        let api = Api::new("http://127.0.0.1:1", "canary\ncanary");
        let error = api.get("/v2/account").await.unwrap_err();
        let text = format!("{error} {error:?} {api:?}");
        assert!(!text.contains("canary"), "{text}");
        let nowhere = Api::new("not a url", "t").get("").await.unwrap_err();
        assert!(matches!(nowhere, ApiError::Address(_)));
    }
}
