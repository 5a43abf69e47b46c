//! The addresses of a site.

use super::lexer::Token;
use crate::reading::{Place, Read};

/// One address of a site, such as `https://example.org:8443`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    token: Token,
}

/// The scheme of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// `http://`: no certificate.
    Http,
    /// `https://`.
    Https,
}

impl Address {
    pub(super) fn new(token: Token) -> Self {
        Self { token }
    }

    /// As it is written.
    pub fn written(&self) -> &str {
        &self.token.text
    }

    /// Where it is written.
    pub fn place(&self) -> &Place {
        &self.token.place
    }

    /// Its text, unless a placeholder has a say.
    pub fn read(&self) -> Read<String> {
        self.token.read()
    }

    /// The variable that alone makes up the address: `NAME` for `{$NAME}`.
    pub fn variable(&self) -> Option<&str> {
        let inside = self.token.text.strip_prefix("{$")?.strip_suffix('}')?;
        let name = inside.split(':').next().unwrap_or(inside);
        (!self.token.decided && !name.contains(['{', '}'])).then_some(name)
    }

    /// The scheme, where it has one.
    pub fn scheme(&self) -> Option<Scheme> {
        match self.token.literal()?.split_once("://")? {
            ("http", _) => Some(Scheme::Http),
            ("https", _) => Some(Scheme::Https),
            _ => None,
        }
    }

    /// The host name in lower case; empty for an address that is only a port or a scheme.
    pub fn host(&self) -> Read<String> {
        self.read().map(|text| parts(&text).0.to_lowercase())
    }

    /// The port, where it has one or a scheme that says it.
    pub fn port(&self) -> Option<u16> {
        let text = self.token.literal()?;
        match (parts(text).1, self.scheme()) {
            (Some(port), _) => port.parse().ok(),
            (None, Some(Scheme::Http)) => Some(80),
            (None, Some(Scheme::Https)) => Some(443),
            (None, None) => None,
        }
    }
}

/// Host and port of an address.
fn parts(address: &str) -> (&str, Option<&str>) {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or(rest);
    super::upstream::host_and_port(authority)
}
