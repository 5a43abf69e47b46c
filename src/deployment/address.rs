//! The addresses that the web server answers at.

use std::net::{IpAddr, Ipv6Addr};

use super::Port;
use super::domain::{check_label, host_name};
use super::newtype::{Refusal, shown, shown_character, text_newtype};

text_newtype! {
    /// What `CADDY_DOMAIN` and `APP_DOMAIN` may hold: a host name or `localhost`, with an optional
    /// port. Reaches Caddy as text, so its alphabet is closed.
    SiteAddress
}

impl SiteAddress {
    fn check(text: &str) -> Result<String, Refusal> {
        refuse_site_shapes(text)?;
        let (host, port) = match text.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        };
        if host.is_empty() {
            return Err(Refusal::new(
                format!("{} has no host before the port", shown(text)),
                "write the host, such as `localhost`",
            )
            .suggesting(format!("localhost{text}")));
        }
        check_site_host(host).map_err(|refusal| with_port(refusal, port))?;
        if let Some(port) = port {
            check_site_port(host, port)?;
        }
        Ok(text.to_owned())
    }

    /// The host, without the port.
    pub fn host(&self) -> &str {
        self.0.split(':').next().unwrap_or_default()
    }

    /// The port, when one is written.
    pub fn port(&self) -> Option<u16> {
        self.0.split_once(':')?.1.parse().ok()
    }

    /// Whether the host never leaves the machine.
    pub fn is_loopback(&self) -> bool {
        let host = self.host();
        host == "localhost" || host.ends_with(".localhost") || host == "127.0.0.1"
    }

    /// The address as Caddy reads it: loopback names get `http://`, so that no certificate is
    /// asked for and neither port 80 nor the trust store is touched.
    pub fn caddy_address(&self) -> String {
        if self.is_loopback() {
            format!("http://{}", self.0)
        } else {
            self.0.clone()
        }
    }
}

/// Refuses what people paste where one host and port belong.
fn refuse_site_shapes(text: &str) -> Result<(), Refusal> {
    const HELP: &str =
        "write one host name or `localhost`, with `:port` when it is not the usual one";
    if text.is_empty() {
        return Err(Refusal::new("the site address is empty", HELP));
    }
    if let Some((_, rest)) = text.split_once("://") {
        let site = rest.split(['/', '?', '#']).next().unwrap_or_default();
        return Err(Refusal::new(
            format!(
                "{} has a scheme; Caddy chooses HTTPS for public names by itself",
                shown(text)
            ),
            "leave out the scheme and the path",
        )
        .suggesting(site));
    }
    if text.starts_with('[') || text.parse::<Ipv6Addr>().is_ok() {
        return Err(Refusal::new(
            format!("{} is an IPv6 address", shown(text)),
            "write `localhost` or a host name; both answer over IPv6 too",
        ));
    }
    if let Some((site, _)) = text.split_once('/') {
        return Err(Refusal::new(
            format!("{} has a path, a site is a host", shown(text)),
            "leave out the path",
        )
        .suggesting(site));
    }
    refuse_site_text(text, HELP)
}

/// Refuses placeholders and lists.
fn refuse_site_text(text: &str, help: &str) -> Result<(), Refusal> {
    if text.contains(['{', '}', '$']) {
        return Err(Refusal::new(
            format!(
                "{} holds a placeholder, which nothing replaces here",
                shown(text)
            ),
            help,
        ));
    }
    if let Some(character) = text
        .chars()
        .find(|character| character.is_whitespace() || *character == ',')
    {
        return Err(Refusal::new(
            format!("{} holds {}", shown(text), shown_character(character)),
            "write one address; further names belong in `[domains]`",
        ));
    }
    Ok(())
}

fn check_site_host(host: &str) -> Result<(), Refusal> {
    let lower = host.to_ascii_lowercase();
    let local = lower == "localhost" || lower.ends_with(".localhost");
    if local && lower != host {
        return Err(Refusal::new(
            format!("{} has upper-case letters", shown(host)),
            "write it in lower case",
        )
        .suggesting(lower));
    }
    if local {
        return host
            .split('.')
            .try_for_each(|label| check_label(label, host));
    }
    if host == "127.0.0.1" {
        return Ok(());
    }
    if host.parse::<IpAddr>().is_ok() {
        return Err(Refusal::new(
            format!(
                "{} is an IP address, for which no certificate is issued",
                shown(host)
            ),
            "write a host name, `localhost` or `127.0.0.1`",
        ));
    }
    host_name(host).map(drop)
}

fn check_site_port(host: &str, port: &str) -> Result<(), Refusal> {
    let number = port
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| port.parse::<i64>().ok())
        .flatten();
    let Some(number) = number else {
        return Err(Refusal::new(
            format!("{} is no port number", shown(port)),
            "write a number from 1 to 65535 after the colon",
        ));
    };
    let port_number = Port::try_from(number)?;
    if port_number.to_string() != port {
        return Err(Refusal::new(
            format!("the port {} has leading zeros", shown(port)),
            "write the number without them",
        )
        .suggesting(format!("{host}:{port_number}")));
    }
    Ok(())
}

/// Puts the port back behind a suggested host.
fn with_port(mut refusal: Refusal, port: Option<&str>) -> Refusal {
    if let (Some(host), Some(port)) = (&mut refusal.suggestion, port) {
        host.push(':');
        host.push_str(port);
    }
    refusal
}

#[cfg(test)]
mod tests;
