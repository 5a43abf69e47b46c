//! Ports and the networks that may reach them.

use super::newtype::text_newtype;

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
