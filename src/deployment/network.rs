//! Ports and the networks that may reach them.

use std::net::IpAddr;

use ipnet::IpNet;

use super::newtype::{Refusal, shown, text_newtype};

/// A TCP or UDP port, 1 to 65535.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Port(std::num::NonZeroU16);

impl Port {
    /// Where sshd listens unless told otherwise.
    pub const SSH: Self = Self(std::num::NonZeroU16::MIN.saturating_add(21));

    /// The port with this number; `None` for 0.
    pub fn new(number: u16) -> Option<Self> {
        std::num::NonZeroU16::new(number).map(Self)
    }

    /// The number.
    pub fn number(self) -> u16 {
        self.0.get()
    }
}

impl TryFrom<i64> for Port {
    type Error = Refusal;

    fn try_from(number: i64) -> Result<Self, Refusal> {
        u16::try_from(number)
            .ok()
            .and_then(Self::new)
            .ok_or_else(|| {
                Refusal::new(
                    format!("{number} is no port number"),
                    "write a number from 1 to 65535",
                )
            })
    }
}

impl std::fmt::Display for Port {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Which transport a public port speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// TCP only.
    Tcp,
    /// UDP only.
    Udp,
    /// TCP and UDP.
    Both,
}

impl Protocol {
    /// Whether TCP is among them.
    pub fn tcp(self) -> bool {
        matches!(self, Self::Tcp | Self::Both)
    }

    /// Whether UDP is among them.
    pub fn udp(self) -> bool {
        matches!(self, Self::Udp | Self::Both)
    }
}

/// A port that both firewalls open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicPort {
    /// The number.
    pub port: Port,
    /// The transports.
    pub protocol: Protocol,
    /// The networks that may reach it; empty means everyone, IPv4 and IPv6.
    pub from: Vec<Cidr>,
}

text_newtype! {
    /// A network in CIDR notation without host bits, such as `203.0.113.0/24`.
    Cidr
}

const CIDR_HELP: &str =
    "write a network such as `203.0.113.0/24`, or one address as `203.0.113.7/32`";

impl Cidr {
    fn check(text: &str) -> Result<String, Refusal> {
        let Some((address, prefix)) = text.split_once('/') else {
            return Err(refuse_bare(text));
        };
        let Ok(address) = address.parse::<IpAddr>() else {
            return Err(Refusal::new(
                format!("{} before the `/` is no IP address", shown(address)),
                CIDR_HELP,
            ));
        };
        let length = prefix_length(address, prefix)?;
        let network = IpNet::new(address, length).map_err(|_| too_long(address, prefix))?;
        if let IpAddr::V6(v6) = address
            && let Some(v4) = v6.to_ipv4_mapped()
        {
            let refusal = Refusal::new(
                format!("{} is an IPv4 address written as IPv6", shown(text)),
                "write it as IPv4; a firewall never sees the mapped form",
            );
            return Err(match length.checked_sub(96) {
                Some(length) => refusal.suggesting(format!("{v4}/{length}")),
                None => refusal,
            });
        }
        if network.trunc() != network {
            return Err(Refusal::new(
                format!(
                    "{} has host bits set: the network of that length is `{}`",
                    shown(text),
                    network.trunc()
                ),
                format!(
                    "write the network, or `{address}/{}` for the one address",
                    network.max_prefix_len()
                ),
            )
            .suggesting(network.trunc().to_string()));
        }
        Ok(network.to_string())
    }

    /// The network; `None` never happens for a checked value.
    fn network(&self) -> Option<IpNet> {
        self.0.parse().ok()
    }

    /// Whether this is a network of IPv6 addresses.
    pub fn is_ipv6(&self) -> bool {
        self.0.contains(':')
    }

    /// Whether this is the whole internet, `0.0.0.0/0` or `::/0`.
    pub fn is_everyone(&self) -> bool {
        self.0.ends_with("/0")
    }

    /// Whether no packet from the internet can come from here: private, shared, loopback and
    /// link-local networks.
    pub fn is_private(&self) -> bool {
        const PRIVATE: &[&str] = &[
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "100.64.0.0/10",
            "fc00::/7",
            "fe80::/10",
            "::1/128",
        ];
        self.network().is_some_and(|network| {
            PRIVATE
                .iter()
                .filter_map(|text| text.parse::<IpNet>().ok())
                .any(|private| private.contains(&network))
        })
    }
}

/// The refusal of a text without a prefix length.
fn refuse_bare(text: &str) -> Refusal {
    match text.trim_matches(['[', ']']).parse::<IpAddr>() {
        Ok(address) => {
            let length = if address.is_ipv4() { 32 } else { 128 };
            Refusal::new(
                format!("{} is an address without a prefix length", shown(text)),
                format!("write `/{length}` after it for this one address"),
            )
            .suggesting(format!("{address}/{length}"))
        }
        Err(_) => Refusal::new(
            format!(
                "{} is no network; a firewall compares addresses, not names",
                shown(text)
            ),
            CIDR_HELP,
        ),
    }
}

/// The number after the `/`.
fn prefix_length(address: IpAddr, prefix: &str) -> Result<u8, Refusal> {
    if let Ok(mask) = prefix.parse::<IpAddr>()
        && let Ok(network) = IpNet::with_netmask(address, mask)
    {
        return Err(Refusal::new(
            format!("{} is a netmask, a prefix length is needed", shown(prefix)),
            format!("write `/{}`", network.prefix_len()),
        )
        .suggesting(network.trunc().to_string()));
    }
    if prefix.is_empty() || !prefix.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::new(
            format!("{} after the `/` is no prefix length", shown(prefix)),
            CIDR_HELP,
        ));
    }
    let length = prefix
        .parse::<u8>()
        .map_err(|_| too_long(address, prefix))?;
    if length.to_string() != prefix {
        return Err(Refusal::new(
            format!("the prefix length {} has leading zeros", shown(prefix)),
            "write the number without them",
        )
        .suggesting(format!("{address}/{length}")));
    }
    Ok(length)
}

fn too_long(address: IpAddr, prefix: &str) -> Refusal {
    let (family, bits) = if address.is_ipv4() {
        ("IPv4", 32)
    } else {
        ("IPv6", 128)
    };
    Refusal::new(
        format!(
            "the prefix length {} is longer than the {bits} bits of an {family} address",
            shown(prefix)
        ),
        format!("write a length from 0 to {bits}"),
    )
}

#[cfg(test)]
mod tests;
