//! What a zone's own name servers say about a name, past every cache.

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use hickory_resolver::config::ResolveHosts;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverConfig, ResolverOpts};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::{RData, RecordType};
use hickory_resolver::{Resolver, TokioResolver};
use ipnet::IpNet;
use tokio::time::timeout;

use super::{printable, side_by_side};

/// What one name server says about a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// These addresses.
    Addresses(BTreeSet<IpAddr>),
    /// Addresses of Cloudflare's proxy, which hide the machine's own.
    Proxied(BTreeSet<IpAddr>),
    /// Another name, to be asked elsewhere.
    Alias(String),
    /// The name exists, without an address of the kind asked for.
    NoAddress,
    /// The name does not exist.
    NoName,
    /// The server does not answer for this zone, with its code.
    Refused(String),
    /// No answer in time.
    Silent,
    /// There was no asking, in the library's words.
    Failed(String),
}

/// One name server of a zone with its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The server by name, or by address when it has none.
    pub server: String,
    /// Where it was asked.
    pub address: SocketAddr,
    /// What it said.
    pub answer: Answer,
}

/// The name servers to ask.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Servers {
    /// Those that the zone delegates to, found by this machine's resolver.
    #[default]
    OfZone,
    /// Those that the zone delegates to, found by this resolver and asked on this port.
    FoundBy {
        /// The resolver.
        resolver: SocketAddr,
        /// The port of the zone's servers.
        port: u16,
    },
    /// Exactly these.
    Given(Vec<SocketAddr>),
}

/// A name server by name and address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Server {
    /// Its name.
    pub name: String,
    /// Where it is asked.
    pub address: SocketAddr,
}

/// Networks of Cloudflare's proxy, as of 2025-06.
const CLOUDFLARE: [&str; 22] = [
    "103.21.244.0/22",
    "103.22.200.0/22",
    "103.31.4.0/22",
    "104.16.0.0/13",
    "104.24.0.0/14",
    "108.162.192.0/18",
    "131.0.72.0/22",
    "141.101.64.0/18",
    "162.158.0.0/15",
    "172.64.0.0/13",
    "173.245.48.0/20",
    "188.114.96.0/20",
    "190.93.240.0/20",
    "197.234.240.0/22",
    "198.41.128.0/17",
    "2400:cb00::/32",
    "2405:8100::/32",
    "2405:b500::/32",
    "2606:4700::/32",
    "2803:f800::/32",
    "2a06:98c0::/29",
    "2c0f:f248::/32",
];

/// Whether an address belongs to Cloudflare's proxy.
pub fn is_cloudflare(address: IpAddr) -> bool {
    let networks = CLOUDFLARE
        .iter()
        .filter_map(|text| text.parse::<IpNet>().ok());
    networks
        .into_iter()
        .any(|network| network.contains(&address))
}

/// The servers that a zone delegates to, sorted.
pub async fn servers(
    zone: &str,
    servers: &Servers,
    patience: Duration,
) -> Result<Vec<Server>, Answer> {
    let (resolver, port) = match servers {
        Servers::Given(addresses) => {
            let server = |address: &SocketAddr| Server {
                name: address.ip().to_string(),
                address: *address,
            };
            return Ok(addresses.iter().map(server).collect());
        }
        Servers::OfZone => (of_this_machine(patience)?, 53),
        Servers::FoundBy { resolver, port } => (one(*resolver, true, patience)?, *port),
    };
    let delegation = bounded(patience, resolver.lookup(absolute(zone), RecordType::NS)).await?;
    let mut found = Vec::new();
    for record in delegation.answers() {
        let RData::NS(name) = &record.data else {
            continue;
        };
        let name = name.to_string();
        // A server whose name has no address is told by the others' answers.
        if let Ok(addresses) = bounded(patience, resolver.lookup_ip(name.clone())).await {
            found.extend(addresses.iter().map(|address| Server {
                name: name.trim_end_matches('.').to_owned(),
                address: SocketAddr::new(address, port),
            }));
        }
    }
    found.sort();
    Ok(found)
}

/// Asks each of these servers for the name's addresses: IPv4 ones, or else IPv6 ones.
///
/// A server by IPv6 that cannot be reached from here is passed over when another one answers.
pub async fn ask(name: &str, ipv6: bool, servers: &[Server], patience: Duration) -> Vec<Told> {
    let asked = servers.iter().map(|server| {
        let (name, server) = (name.to_owned(), server.clone());
        async move {
            let answer = ask_one(&name, ipv6, server.address, patience).await;
            Told {
                server: server.name,
                address: server.address,
                answer,
            }
        }
    });
    let mut told = side_by_side(asked).await;
    let unheard = |told: &Told| matches!(told.answer, Answer::Silent | Answer::Failed(_));
    if told.iter().any(|told| !unheard(told)) {
        told.retain(|told| !(unheard(told) && told.address.is_ipv6()));
    }
    told
}

async fn ask_one(name: &str, ipv6: bool, server: SocketAddr, patience: Duration) -> Answer {
    let resolver = match one(server, false, patience) {
        Ok(resolver) => resolver,
        Err(answer) => return answer,
    };
    let kind = if ipv6 {
        RecordType::AAAA
    } else {
        RecordType::A
    };
    let asked = bounded(patience, resolver.lookup(absolute(name), kind)).await;
    let addresses: BTreeSet<IpAddr> = match &asked {
        Ok(lookup) => lookup
            .answers()
            .iter()
            .filter_map(|record| record.data.ip_addr())
            .collect(),
        Err(_) => BTreeSet::new(),
    };
    match asked {
        Ok(_) if addresses.iter().any(|address| is_cloudflare(*address)) => {
            Answer::Proxied(addresses)
        }
        Ok(_) if !addresses.is_empty() => Answer::Addresses(addresses),
        Err(answer @ (Answer::Silent | Answer::Failed(_) | Answer::NoName)) => answer,
        // A server that does not follow an alias for us has it all the same.
        other => {
            match bounded(patience, resolver.lookup(absolute(name), RecordType::CNAME)).await {
                Ok(lookup) => alias(&lookup).unwrap_or(Answer::NoAddress),
                Err(_) => other.err().unwrap_or(Answer::NoAddress),
            }
        }
    }
}

fn alias(lookup: &hickory_resolver::lookup::Lookup) -> Option<Answer> {
    lookup
        .answers()
        .iter()
        .find_map(|record| match &record.data {
            RData::CNAME(name) => {
                let name = name.to_string();
                Some(Answer::Alias(printable(name.trim_end_matches('.'))))
            }
            _ => None,
        })
}

/// A name that no search list of this machine is applied to.
fn absolute(name: &str) -> String {
    format!("{}.", name.trim_end_matches('.'))
}

async fn bounded<T>(
    patience: Duration,
    asking: impl Future<Output = Result<T, NetError>>,
) -> Result<T, Answer> {
    match timeout(patience, asking).await {
        Err(_) => Err(Answer::Silent),
        Ok(Ok(found)) => Ok(found),
        Ok(Err(error)) => Err(no_answer(&error)),
    }
}

fn no_answer(error: &NetError) -> Answer {
    match error {
        NetError::Timeout => Answer::Silent,
        NetError::Dns(DnsError::NoRecordsFound(none)) => match none.response_code {
            ResponseCode::NXDomain => Answer::NoName,
            ResponseCode::NoError => Answer::NoAddress,
            code => Answer::Refused(code.to_string()),
        },
        NetError::Dns(DnsError::ResponseCode(code)) => Answer::Refused(code.to_string()),
        other => Answer::Failed(printable(&other.to_string())),
    }
}

fn of_this_machine(patience: Duration) -> Result<TokioResolver, Answer> {
    let mut builder = TokioResolver::builder_tokio().map_err(|error| no_answer(&error))?;
    *builder.options_mut() = options(true, patience);
    builder.build().map_err(|error| no_answer(&error))
}

fn one(server: SocketAddr, recursive: bool, patience: Duration) -> Result<TokioResolver, Answer> {
    let mut connections = vec![ConnectionConfig::udp(), ConnectionConfig::tcp()];
    for connection in &mut connections {
        connection.port = server.port();
    }
    let server = NameServerConfig::new(server.ip(), true, connections);
    let config = ResolverConfig::from_name_servers(vec![server]);
    Resolver::builder_with_config(config, TokioRuntimeProvider::default())
        .with_options(options(recursive, patience))
        .build()
        .map_err(|error| no_answer(&error))
}

fn options(recursive: bool, patience: Duration) -> ResolverOpts {
    let mut options = ResolverOpts::default();
    options.recursion_desired = recursive;
    options.use_hosts_file = ResolveHosts::Never;
    options.cache_size = 0;
    // Twice, and in all within the time given.
    options.attempts = 1;
    options.timeout = patience / 3;
    options
}

#[cfg(test)]
mod tests;
