//! A TLS connection that looks at the certificate instead of judging it.
//!
//! Nothing secret is sent over such a connection: it asks for public pages. The judgement is
//! `certificate`'s, so that a bad certificate does not hide whether the page behind it is there.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{AlertDescription, ClientConfig, DigitallySignedStruct, SignatureScheme};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::port::{Port, connect};

/// Why there is no TLS connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TlsFailure {
    /// There is no connection at all.
    Port(Port),
    /// The server has no certificate for the name.
    NoCertificate,
    /// What answers does not speak TLS.
    NotTls,
    /// The server hung up.
    Closed,
    /// The connection was accepted and the handshake never ended.
    Silent,
    /// Anything else, in the library's words.
    Other(String),
}

/// Takes every certificate, but lets nobody use one without its key.
#[derive(Debug)]
struct Onlooker(Arc<CryptoProvider>);

impl ServerCertVerifier for Onlooker {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// Connects to the address and asks for the name.
pub(super) async fn look(
    address: SocketAddr,
    name: &str,
    deadline: Instant,
) -> Result<TlsStream<TcpStream>, TlsFailure> {
    let other =
        |error: &dyn std::fmt::Display| TlsFailure::Other(super::printable(&error.to_string()));
    let server_name = ServerName::try_from(name.to_owned()).map_err(|error| other(&error))?;
    let provider = Arc::new(ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| other(&error))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Onlooker(provider)))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    let patience = deadline.saturating_duration_since(Instant::now());
    let stream = connect(address, patience).await.map_err(TlsFailure::Port)?;
    let handshake = TlsConnector::from(Arc::new(config)).connect(server_name, stream);
    match timeout_at(deadline, handshake).await {
        Err(_) => Err(TlsFailure::Silent),
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => Err(failure(&error)),
    }
}

fn failure(error: &io::Error) -> TlsFailure {
    let inner = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match inner {
        // Caddy and others answer so until they have got a certificate.
        Some(rustls::Error::AlertReceived(
            AlertDescription::InternalError
            | AlertDescription::UnrecognisedName
            | AlertDescription::HandshakeFailure,
        )) => TlsFailure::NoCertificate,
        Some(rustls::Error::InvalidMessage(_)) => TlsFailure::NotTls,
        None if matches!(
            error.kind(),
            io::ErrorKind::UnexpectedEof
                | io::ErrorKind::ConnectionReset
                | io::ErrorKind::BrokenPipe
        ) =>
        {
            TlsFailure::Closed
        }
        _ => TlsFailure::Other(super::printable(&error.to_string())),
    }
}

/// The certificates that the server showed, its own first.
pub(super) fn chain(stream: &TlsStream<TcpStream>) -> Vec<CertificateDer<'static>> {
    let shown = stream.get_ref().1.peer_certificates().unwrap_or_default();
    shown
        .iter()
        .map(|certificate| certificate.clone().into_owned())
        .collect()
}
