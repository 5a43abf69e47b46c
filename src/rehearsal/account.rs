//! What an account holds, as a person would see it.

use std::net::{Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};

/// Everything on both simulated accounts at one moment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Account {
    /// Registered SSH keys.
    pub keys: Vec<Key>,
    /// Droplets, oldest first.
    pub droplets: Vec<Droplet>,
    /// Firewalls.
    pub firewalls: Vec<Firewall>,
    /// Reserved addresses.
    pub reserved_ips: Vec<ReservedIp>,
    /// Volumes.
    pub volumes: Vec<Volume>,
    /// Projects, the account's own default one among them.
    pub projects: Vec<Project>,
    /// Names of tags. A tag outlives what it was put on, at no cost.
    pub tags: Vec<String>,
    /// DNS zones.
    pub zones: Vec<Zone>,
    /// DNS records of all zones.
    pub records: Vec<Record>,
}

impl Account {
    /// What this account holds and an earlier one did not, one line each: what a `destroy` left.
    ///
    /// Tags are left out, because they stay on a real account too.
    pub fn left_over(&self, before: &Self) -> Vec<String> {
        let before = before.inventory();
        let mut lines = self.inventory();
        lines.retain(|line| !before.contains(line));
        lines
    }

    fn inventory(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut add = |kind: &str, name: &str, id: &dyn std::fmt::Display| {
            lines.push(format!("{kind} `{name}` ({id})"));
        };
        for key in &self.keys {
            add("SSH key", &key.name, &key.id);
        }
        for droplet in &self.droplets {
            add("droplet", &droplet.name, &droplet.id);
        }
        for firewall in &self.firewalls {
            add("firewall", &firewall.name, &firewall.id);
        }
        for reserved in &self.reserved_ips {
            add("reserved IP", &reserved.ip.to_string(), &reserved.region);
        }
        for volume in &self.volumes {
            add("volume", &volume.name, &volume.id);
        }
        for project in &self.projects {
            add("project", &project.name, &project.id);
        }
        for record in &self.records {
            add(&format!("{} record", record.kind), &record.name, &record.id);
        }
        lines
    }

    /// What the droplets cost a month, in US dollars.
    pub fn monthly_price(&self) -> f64 {
        self.droplets
            .iter()
            .map(|droplet| droplet.price_monthly)
            .sum()
    }
}

/// An SSH key registered with the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Key {
    /// Number.
    pub id: u64,
    /// Name.
    pub name: String,
    /// MD5 fingerprint, as the API writes it.
    pub fingerprint: String,
    /// The key as it was given.
    pub public_key: String,
}

/// Whether a droplet runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Being created.
    New,
    /// Running.
    Active,
    /// Powered off.
    Off,
}

/// A virtual machine.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the API has as many switches"
)]
pub struct Droplet {
    /// Number.
    pub id: u64,
    /// Name.
    pub name: String,
    /// Region slug.
    pub region: String,
    /// Size slug.
    pub size: String,
    /// Slug or number of the image that it was made from.
    pub image: String,
    /// Whether it runs.
    pub status: Status,
    /// Disk in GiB: that of the largest size whose disk it was given.
    pub disk_gib: u32,
    /// Public address, unless it was made without one.
    pub ipv4: Option<Ipv4Addr>,
    /// Address in the private network.
    pub ipv4_private: Ipv4Addr,
    /// Public IPv6 address, where asked for.
    pub ipv6: Option<Ipv6Addr>,
    /// Whether the disk is backed up.
    pub backups: bool,
    /// Whether the provider's monitoring was asked for.
    pub monitoring: bool,
    /// Whether the provider's agent was asked for.
    pub droplet_agent: bool,
    /// Whether it was made with user data; the text itself may be secret and is not kept.
    pub user_data: bool,
    /// Numbers of the keys that the stock image lets in.
    pub ssh_keys: Vec<u64>,
    /// Names of its tags.
    pub tags: Vec<String>,
    /// The private network it is in.
    pub vpc_uuid: String,
    /// US dollars a month.
    pub price_monthly: f64,
    /// When it was made, by the simulated clock.
    pub created_at: String,
}

/// A firewall around droplets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Firewall {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// `waiting` until its droplets have it, then `succeeded`.
    pub status: String,
    /// When it was made, by the simulated clock.
    pub created_at: String,
    /// What is let in.
    pub inbound_rules: Vec<InboundRule>,
    /// What is let out.
    pub outbound_rules: Vec<OutboundRule>,
    /// The droplets it is around.
    pub droplet_ids: Vec<u64>,
    /// It is around droplets with these tags, too.
    pub tags: Vec<String>,
}

/// What a firewall lets in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboundRule {
    /// `tcp`, `udp` or `icmp`.
    pub protocol: String,
    /// A port, a range, or `0` for every port.
    #[serde(default)]
    pub ports: String,
    /// From where.
    pub sources: Peers,
}

/// What a firewall lets out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboundRule {
    /// `tcp`, `udp` or `icmp`.
    pub protocol: String,
    /// A port, a range, or `0` for every port.
    #[serde(default)]
    pub ports: String,
    /// To where.
    pub destinations: Peers,
}

/// The other side of a firewall rule.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Peers {
    /// Addresses and networks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<String>,
    /// Droplets with these tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Droplets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub droplet_ids: Vec<u64>,
    /// Load balancers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub load_balancer_uids: Vec<String>,
    /// Kubernetes clusters.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kubernetes_ids: Vec<String>,
}

impl Peers {
    /// Whether no other side is named at all.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// An address that outlives droplets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReservedIp {
    /// The address.
    pub ip: Ipv4Addr,
    /// Region slug.
    pub region: String,
    /// The droplet it leads to.
    pub droplet_id: Option<u64>,
}

/// A disk that outlives droplets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Volume {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// Region slug.
    pub region: String,
    /// Size in GiB.
    pub size_gigabytes: u64,
    /// What a person said of it.
    pub description: String,
    /// The file system it was made with, or empty.
    pub filesystem_type: String,
    /// The label of that file system.
    pub filesystem_label: String,
    /// The droplet it is attached to.
    pub droplet_id: Option<u64>,
    /// Names of its tags.
    pub tags: Vec<String>,
    /// When it was made, by the simulated clock.
    pub created_at: String,
}

/// A group of resources.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Project {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// What a person said of it.
    pub description: String,
    /// What it is for.
    pub purpose: String,
    /// `Development`, `Staging`, `Production` or empty.
    pub environment: String,
    /// Whether new resources land here.
    pub is_default: bool,
    /// Uniform names of what is in it, such as `do:droplet:1`.
    pub resources: Vec<String>,
    /// When it was made, by the simulated clock.
    pub created_at: String,
    /// When it was changed last.
    pub updated_at: String,
}

/// A DNS zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Zone {
    /// Identifier.
    pub id: String,
    /// Domain.
    pub name: String,
    /// When it was made, by the simulated clock.
    pub created_on: String,
}

/// A DNS record.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Record {
    /// Identifier.
    pub id: String,
    /// The zone it is in.
    pub zone_id: String,
    /// Fully qualified name.
    pub name: String,
    /// `A`, `CNAME` and so on.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its value as text.
    pub content: String,
    /// Its value in parts, for the types that have parts.
    pub data: Option<serde_json::Value>,
    /// Preference among records of its type, where the type has one.
    pub priority: Option<u16>,
    /// Seconds that it may be remembered; 1 leaves it to the provider.
    pub ttl: u32,
    /// Whether the provider stands between.
    pub proxied: bool,
    /// A person's note.
    pub comment: Option<String>,
    /// A person's tags.
    pub tags: Vec<String>,
    /// Settings that were given.
    pub settings: serde_json::Value,
    /// When it was made, by the simulated clock.
    pub created_on: String,
    /// When it was changed last.
    pub modified_on: String,
    /// When its comment was changed last.
    pub comment_modified_on: Option<String>,
    /// When its tags were changed last.
    pub tags_modified_on: Option<String>,
}
