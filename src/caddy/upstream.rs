//! The backends that sites lead to.

use super::Directive;
use super::lexer::Token;
use crate::reading::{Place, Read};

/// A backend of `reverse_proxy`, `php_fastcgi` or `forward_auth`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upstream {
    token: Token,
}

/// Lines that name backends behind an optional matcher.
const PROXIES: [&str; 3] = ["reverse_proxy", "php_fastcgi", "forward_auth"];

/// The backends of these lines and of every block below them.
pub(super) fn of(directives: &[Directive]) -> Vec<Upstream> {
    let mut found = Vec::new();
    for directive in directives {
        if PROXIES.iter().any(|name| directive.name.is(name)) {
            let matcher = directive.arguments.first().is_some_and(is_matcher);
            let words = directive.arguments.iter().skip(usize::from(matcher));
            let further = directive.block.iter().filter(|line| line.name.is("to"));
            let further = further.flat_map(|line| &line.arguments);
            found.extend(
                words
                    .chain(further)
                    .cloned()
                    .map(|token| Upstream { token }),
            );
        }
        found.extend(of(&directive.block));
    }
    found
}

fn is_matcher(token: &Token) -> bool {
    token.text.starts_with(['/', '@']) || token.text == "*"
}

impl Upstream {
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

    /// The path of the socket, for one that is no network address.
    pub fn socket(&self) -> Option<&str> {
        let text = self.token.literal()?;
        let (network, path) = text.split_once('/')?;
        matches!(network, "unix" | "unix+h2c" | "fd").then_some(path)
    }

    /// The host; empty for one that is only a port.
    pub fn host(&self) -> Option<&str> {
        Some(self.authority()?.0)
    }

    /// The ports that it dials: one, or those of a range. Empty when that is not known.
    pub fn ports(&self) -> Vec<u16> {
        let Some((_, port)) = self.authority() else {
            return Vec::new();
        };
        let scheme = self.token.text.split_once("://").map(|(scheme, _)| scheme);
        let port = match (port, scheme) {
            (Some(port), _) => port,
            (None, Some("https")) => "443",
            (None, _) => "80",
        };
        let (first, last) = port.split_once('-').unwrap_or((port, port));
        match (first.parse::<u16>(), last.parse::<u16>()) {
            (Ok(first), Ok(last)) => (first..=last).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether it leads to this machine by name or by address.
    pub fn is_local(&self) -> bool {
        let local = |host: &str| {
            matches!(host, "" | "localhost" | "::1" | "0.0.0.0" | "::")
                || host.ends_with(".localhost")
                || host.starts_with("127.")
        };
        self.host().is_some_and(local)
    }

    fn authority(&self) -> Option<(&str, Option<&str>)> {
        let text = self.token.literal()?;
        if self.socket().is_some() {
            return None;
        }
        let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
        let rest = rest.strip_prefix("tcp/").unwrap_or(rest);
        Some(host_and_port(rest.split('/').next().unwrap_or(rest)))
    }
}

/// The host without the brackets of IPv6, and the port.
pub(super) fn host_and_port(authority: &str) -> (&str, Option<&str>) {
    if let Some((host, rest)) = authority
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
    {
        return (host, rest.strip_prefix(':'));
    }
    match authority.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') => (host, Some(port)),
        _ => (authority, None),
    }
}
