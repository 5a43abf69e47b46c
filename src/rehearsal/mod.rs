//! The simulated clouds of a rehearsal: the `DigitalOcean` and the Cloudflare API on loopback.
//!
//! The real providers speak to them as to the real ones. They keep what they are told, take their
//! time for what takes time, and refuse what the real ones refuse; a [`Fault`] makes a step go
//! wrong. Nothing leaves the machine, and no token is kept.
//!
//! Where the real APIs know more than their documentation tells, the simulators do not guess:
//! sizes are sold in every region that is not closed, unless one is seeded as sold out, and images
//! of the account have to be seeded.

mod account;
mod cloud;
mod cloudflare;
mod digitalocean;
mod event;
mod fault;
mod http;
mod server;
#[cfg(test)]
mod tests;

use std::io;
use std::sync::Arc;
use std::time::Duration;

pub use account::{
    Account, Droplet, Firewall, InboundRule, Key, OutboundRule, Peers, Project, Record, ReservedIp,
    Status, Volume, Zone,
};
pub use fault::{Fault, FaultError, FaultKind, Step};
pub use server::{Provider, Request};

use cloud::Cloud;
use server::{Server, Shared};

/// How a simulation behaves where the real APIs take their own time.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What goes wrong.
    pub faults: Vec<Fault>,
    /// How long a droplet takes to become active, and every action to complete.
    pub delay: Duration,
    /// How long a request that times out is left without an answer.
    pub timeout: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            faults: Vec::new(),
            delay: Duration::from_millis(300),
            timeout: Duration::from_secs(30),
        }
    }
}

/// Something that is there before the rehearsal begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seed {
    /// An SSH key on the account.
    Key {
        /// Its name.
        name: String,
        /// The line as in `authorized_keys`.
        public_key: String,
    },
    /// An SSH key on the account of which no more is known than how an order names it.
    Fingerprint {
        /// MD5, in pairs of hexadecimal digits with colons between.
        fingerprint: String,
    },
    /// A droplet of somebody else's.
    Droplet {
        /// Its name.
        name: String,
        /// Region slug.
        region: String,
        /// Size slug.
        size: String,
    },
    /// An image of the account, such as a snapshot.
    Image {
        /// Its number.
        id: u64,
    },
    /// A project.
    Project {
        /// Its name.
        name: String,
    },
    /// A size that cannot be had in a region.
    SoldOut {
        /// Size slug.
        size: String,
        /// Region slug.
        region: String,
    },
    /// A DNS zone.
    Zone {
        /// Its domain.
        name: String,
        /// Its identifier; one is made up when there is none.
        id: Option<String>,
    },
    /// A DNS record; its zone is added when it is not there.
    Record {
        /// The zone's domain.
        zone: String,
        /// Fully qualified name.
        name: String,
        /// `A`, `CNAME` and so on.
        kind: String,
        /// Its value.
        content: String,
    },
}

/// Both simulators at work. Dropping it ends them.
pub struct Simulation {
    shared: Arc<Shared>,
    digitalocean: Server,
    cloudflare: Server,
}

impl Simulation {
    /// Starts both on free ports of loopback, with empty accounts.
    pub async fn start(faults: Vec<Fault>) -> io::Result<Self> {
        let settings = Settings {
            faults,
            ..Settings::default()
        };
        Self::start_with(settings).await
    }

    /// Starts both with other delays.
    pub async fn start_with(settings: Settings) -> io::Result<Self> {
        let cloud = Cloud::new(settings.delay);
        let shared = Arc::new(Shared::new(cloud, settings.faults, settings.timeout));
        Ok(Self {
            digitalocean: Server::start(Provider::DigitalOcean, Arc::clone(&shared)).await?,
            cloudflare: Server::start(Provider::Cloudflare, Arc::clone(&shared)).await?,
            shared,
        })
    }

    /// The value for `DIGITALOCEAN_API_URL`.
    pub fn digitalocean_url(&self) -> String {
        format!("http://{}", self.digitalocean.address)
    }

    /// The value for `CLOUDFLARE_BASE_URL`.
    pub fn cloudflare_url(&self) -> String {
        format!("http://{}{}/", self.cloudflare.address, cloudflare::ROOT)
    }

    /// What both accounts hold now.
    pub fn account(&self) -> Account {
        self.shared.state().cloud.account()
    }

    /// Every request so far, in the order of arrival.
    pub fn requests(&self) -> Vec<Request> {
        self.shared.state().requests.clone()
    }

    /// Makes one more thing go wrong from now on.
    pub fn add_fault(&self, fault: Fault) {
        self.shared.state().faults.push(fault);
    }

    /// Lets everything go right from now on.
    pub fn clear_faults(&self) {
        self.shared.state().faults.clear();
    }

    /// The identifier of the zone of this domain, which is added when it is not there.
    pub fn zone(&self, name: &str) -> String {
        cloudflare::add(&mut self.shared.state().cloud, name, None)
    }

    /// Puts something on an account. Returns its identifier, or `None` for what the real API
    /// would not have taken.
    pub fn seed(&self, seed: Seed) -> Option<String> {
        let cloud = &mut self.shared.state().cloud;
        match seed {
            Seed::Key { name, public_key } => digitalocean::seed_key(cloud, name, &public_key),
            Seed::Fingerprint { fingerprint } => Some(digitalocean::seed_fingerprint(
                cloud,
                &fingerprint.to_lowercase(),
            )),
            Seed::Droplet { name, region, size } => {
                digitalocean::seed_droplet(cloud, &name, &region, &size)
            }
            Seed::Image { id } => {
                cloud.images.insert(id);
                Some(id.to_string())
            }
            Seed::Project { name } => Some(cloud.add_project(&name, false)),
            Seed::SoldOut { size, region } => {
                let name = format!("{size} in {region}");
                cloud.sold_out.insert((size, region));
                Some(name)
            }
            Seed::Zone { name, id } => Some(cloudflare::add(cloud, &name, id.as_deref())),
            Seed::Record {
                zone,
                name,
                kind,
                content,
            } => cloudflare::seed_record(cloud, &zone, name, kind, content),
        }
    }
}
