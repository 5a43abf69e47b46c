//! The certificate that a site shows: for which names, by whom, how long, and whether browsers
//! take it.

use std::net::SocketAddr;
use std::time::Duration;

use rustls::RootCertStore;
use rustls::client::verify_server_cert_signed_by_trust_anchor;
use rustls::client::verify_server_name;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use tokio::time::Instant;
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};

pub use super::tls::TlsFailure;
use super::{Advice, port::Port, printable, tls};

/// Whose signature counts.
#[derive(Debug, Clone, Default)]
pub enum Trust {
    /// The authorities that browsers know.
    #[default]
    Public,
    /// These certificates, in DER.
    Roots(Vec<CertificateDer<'static>>),
}

/// Who signed a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authority {
    /// One that counts.
    Trusted,
    /// Let's Encrypt's rehearsal, which no browser takes.
    Staging,
    /// The authority that Caddy makes up on the machine itself.
    Local,
    /// The certificate itself.
    SelfSigned,
    /// Somebody else, or the certificates in between are missing.
    Unknown,
}

/// A certificate, seen at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// The names that it is for.
    pub names: Vec<String>,
    /// Whether the name that was asked for is one of them.
    pub covers_name: bool,
    /// Who signed it, by name.
    pub issuer: String,
    /// Who signed it, by kind.
    pub authority: Authority,
    /// From when it is valid, in seconds since 1970.
    pub not_before: i64,
    /// Until when it is valid, in seconds since 1970.
    pub not_after: i64,
    /// Seconds until it ends; negative when it has ended.
    pub seconds_left: i64,
    /// Whether its time has not begun.
    pub is_early: bool,
}

/// What is wrong with a certificate; the gravest comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// It is for other names.
    WrongName,
    /// Its time is over.
    Expired,
    /// Its time has not begun.
    Early,
    /// No browser takes its authority.
    Authority(Authority),
}

impl Certificate {
    /// Full days until it ends.
    pub fn days_left(&self) -> i64 {
        self.seconds_left.div_euclid(24 * 60 * 60)
    }

    /// What keeps a browser from taking it.
    pub fn problem(&self) -> Option<Problem> {
        if !self.covers_name {
            Some(Problem::WrongName)
        } else if self.seconds_left <= 0 {
            Some(Problem::Expired)
        } else if self.is_early {
            Some(Problem::Early)
        } else if self.authority == Authority::Trusted {
            None
        } else {
            Some(Problem::Authority(self.authority))
        }
    }
}

/// Looks at the certificate that is shown for `name` at this address.
///
/// `now` is in seconds since 1970.
pub async fn look(
    address: SocketAddr,
    name: &str,
    trust: &Trust,
    now: i64,
    patience: Duration,
) -> Result<Certificate, TlsFailure> {
    let stream = tls::look(address, name, Instant::now() + patience).await?;
    judge(&tls::chain(&stream), name, trust, now)
        .ok_or_else(|| TlsFailure::Other("the certificate cannot be read".to_owned()))
}

fn judge(
    chain: &[CertificateDer<'static>],
    name: &str,
    trust: &Trust,
    now: i64,
) -> Option<Certificate> {
    let (own, between) = chain.split_first()?;
    let (_, read) = X509Certificate::from_der(own).ok()?;
    let validity = read.validity();
    let (not_before, not_after) = (
        validity.not_before.timestamp(),
        validity.not_after.timestamp(),
    );
    let parsed = ParsedCertificate::try_from(own).ok()?;
    let server_name = ServerName::try_from(name).ok()?;
    let issuer = printable(&read.issuer().to_string());
    // Whether the authority counts is asked for a moment at which the certificate is valid.
    let moment = now.clamp(not_before, not_after.max(not_before));
    let moment = u64::try_from(moment).ok()?;
    let algorithms = ring::default_provider().signature_verification_algorithms;
    let signed = verify_server_cert_signed_by_trust_anchor(
        &parsed,
        &roots(trust),
        between,
        UnixTime::since_unix_epoch(Duration::from_secs(moment)),
        algorithms.all,
    );
    let authority = if signed.is_ok() {
        Authority::Trusted
    } else if read.issuer() == read.subject() {
        Authority::SelfSigned
    } else if issuer.contains("(STAGING)") || issuer.contains("Fake LE ") {
        Authority::Staging
    } else if issuer.contains("Caddy Local Authority") {
        Authority::Local
    } else {
        Authority::Unknown
    };
    Some(Certificate {
        names: names(&read),
        covers_name: verify_server_name(&parsed, &server_name).is_ok(),
        issuer,
        authority,
        not_before,
        not_after,
        seconds_left: not_after - now,
        is_early: now < not_before,
    })
}

fn roots(trust: &Trust) -> RootCertStore {
    let mut store = RootCertStore::empty();
    match trust {
        Trust::Public => store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Trust::Roots(certificates) => {
            store.add_parsable_certificates(certificates.iter().cloned());
        }
    }
    store
}

fn names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let alternative = certificate.subject_alternative_name().ok().flatten();
    let names = alternative
        .iter()
        .flat_map(|names| &names.value.general_names);
    let mut names: Vec<String> = names
        .filter_map(|name| match name {
            GeneralName::DNSName(name) => Some(printable(name)),
            GeneralName::IPAddress(bytes) => Some(address(bytes)),
            _ => None,
        })
        .collect();
    names.sort();
    names
}

fn address(bytes: &[u8]) -> String {
    use std::net::IpAddr;
    let four = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    let address = four.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from));
    address.map_or_else(
        |_| "an address that cannot be read".to_owned(),
        |address| address.to_string(),
    )
}

impl Problem {
    /// What it means for the site `name` and what comes next.
    pub fn advice(self, name: &str, certificate: &Certificate) -> Advice {
        let issuer = &certificate.issuer;
        let (what, cause, next) = match self {
            Problem::WrongName => (
                format!(
                    "the certificate shown for {name} is for {}",
                    certificate.names.join(", ")
                ),
                "another server answers at this address, or the site is not in the Caddyfile that runs",
                "run `seance update` so that Caddy gets the present Caddyfile",
            ),
            Problem::Expired => (
                format!(
                    "the certificate of {name} ended {} days ago",
                    -certificate.days_left()
                ),
                "Caddy cannot renew it: port 80 or 443 is closed, the DNS record points elsewhere, or the disk is full",
                "run `seance logs --service caddy`",
            ),
            Problem::Early => (
                format!("the certificate of {name} is not valid yet"),
                "the clock of this machine is slow",
                "run `date -u` and set the clock",
            ),
            Problem::Authority(Authority::Staging) => (
                format!("the certificate of {name} is one of Let's Encrypt's rehearsal ({issuer})"),
                "`[caddy] ca` is, or was, `\"staging\"`",
                "write `ca = \"production\"` under `[caddy]` and run `seance apply`",
            ),
            Problem::Authority(Authority::Local) => (
                format!(
                    "the certificate of {name} comes from Caddy's own authority on the machine"
                ),
                "the site is configured with `tls internal` or `local_certs`",
                "remove `tls internal` and `local_certs` from the files below `caddy/`",
            ),
            Problem::Authority(Authority::SelfSigned) => (
                format!("the certificate of {name} is signed by itself"),
                "another program than Caddy answers, or a site names a certificate file",
                "run `seance status` to see what listens on port 443",
            ),
            Problem::Authority(_) => (
                format!("browsers do not know who signed the certificate of {name} ({issuer})"),
                "the certificates in between are not shown, or the authority is a private one",
                "run `seance logs --service caddy`",
            ),
        };
        Advice::new(what, cause, next)
    }
}

impl TlsFailure {
    /// What it means for the site `name` and what comes next.
    pub fn advice(&self, name: &str, address: SocketAddr) -> Advice {
        match self {
            TlsFailure::Port(port) => port_advice(port, address),
            TlsFailure::NoCertificate => Advice::new(
                format!("the server has no certificate for {name}"),
                "Caddy is still getting it, or cannot: the DNS record points elsewhere, port 80 is \
                 closed, or Let's Encrypt refuses for now because of too many attempts",
                "run `seance logs --service caddy`",
            ),
            TlsFailure::NotTls => Advice::new(
                format!("what listens at {address} does not speak TLS"),
                "another program than Caddy has taken the port, or the site's address begins with `http://`",
                "run `seance status` to see what listens",
            ),
            TlsFailure::Closed => Advice::new(
                format!("the server at {address} hangs up during the handshake for {name}"),
                "Caddy is being restarted",
                "run `seance status`",
            ),
            TlsFailure::Silent => Advice::new(
                format!("the server at {address} accepts the connection and then says nothing"),
                "the machine is short of memory, or a program holds the port without serving it",
                "run `seance status`",
            ),
            TlsFailure::Other(words) => Advice::new(
                format!("there is no TLS connection for {name}: {words}"),
                "none that seance knows",
                "run `seance logs --service caddy`",
            ),
        }
    }
}

/// What a port without a web server means.
pub(super) fn port_advice(port: &Port, address: SocketAddr) -> Advice {
    let (ip, number) = (address.ip(), address.port());
    match port {
        Port::Refused => Advice::new(
            format!("{ip} refuses connections to port {number}"),
            "Caddy does not run: the service has not started, is still building, or fails",
            "run `seance logs --service caddy`",
        ),
        Port::Filtered | Port::Open => Advice::new(
            format!("{ip} does not answer on port {number}"),
            "one of the two firewalls keeps the port closed, or the machine is off",
            format!("compare `[ports]` with port {number} and run `seance apply`"),
        ),
        Port::Unreachable(why) => Advice::new(
            format!("there is no way to {ip}: {why}"),
            "this machine is offline, or has no IPv6",
            format!("run `ping -c 3 {ip}`"),
        ),
    }
}
