//! The state behind both simulated APIs, and what happens in it as time passes.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::{Duration, Instant};

use super::account::{
    Account, Droplet, Firewall, Key, Project, Record, ReservedIp, Status, Volume, Zone,
};
use super::event::{Action, Effect, Outcome, Target};

/// Everything that both APIs know.
pub(super) struct Cloud {
    /// How long the provider takes for what it does not do at once.
    delay: Duration,
    /// Seconds that the simulated clock has gone on; each change takes one.
    seconds: u64,
    /// The last number given to anything.
    number: u64,
    /// How the actions of the request at hand end.
    pub(super) outcome: Outcome,
    pub(super) keys: BTreeMap<u64, Key>,
    pub(super) droplets: BTreeMap<u64, Droplet>,
    pub(super) actions: BTreeMap<u64, Action>,
    pub(super) firewalls: BTreeMap<String, Firewall>,
    /// Firewalls that do not yet reach their droplets.
    pub(super) waiting: BTreeMap<String, Instant>,
    pub(super) reserved_ips: BTreeMap<Ipv4Addr, ReservedIp>,
    pub(super) volumes: BTreeMap<String, Volume>,
    pub(super) projects: BTreeMap<String, Project>,
    /// Tags as they were first written, by their lower-case form.
    pub(super) tags: BTreeMap<String, String>,
    /// Numbers of images that belong to the account.
    pub(super) images: BTreeSet<u64>,
    /// Sizes that cannot be had in a region.
    pub(super) sold_out: BTreeSet<(String, String)>,
    pub(super) zones: BTreeMap<String, Zone>,
    pub(super) records: BTreeMap<String, Record>,
}

impl Cloud {
    pub(super) fn new(delay: Duration) -> Self {
        let mut cloud = Self {
            delay,
            seconds: 0,
            number: 0,
            outcome: Outcome::Completed,
            keys: BTreeMap::new(),
            droplets: BTreeMap::new(),
            actions: BTreeMap::new(),
            firewalls: BTreeMap::new(),
            waiting: BTreeMap::new(),
            reserved_ips: BTreeMap::new(),
            volumes: BTreeMap::new(),
            projects: BTreeMap::new(),
            tags: BTreeMap::new(),
            images: BTreeSet::new(),
            sold_out: BTreeSet::new(),
            zones: BTreeMap::new(),
            records: BTreeMap::new(),
        };
        cloud.add_project("first-project", true);
        cloud
    }

    /// A project without resources; returns its identifier.
    pub(super) fn add_project(&mut self, name: &str, is_default: bool) -> String {
        let id = self.uuid();
        let now = self.now();
        let project = Project {
            id: id.clone(),
            name: name.to_owned(),
            description: String::new(),
            purpose: "Web Application".to_owned(),
            environment: String::new(),
            is_default,
            resources: Vec::new(),
            created_at: now.clone(),
            updated_at: now,
        };
        self.projects.insert(id.clone(), project);
        id
    }

    /// A number that nothing else has.
    pub(super) fn number(&mut self) -> u64 {
        self.number += 1;
        self.number
    }

    /// An identifier in the form of a UUID.
    pub(super) fn uuid(&mut self) -> String {
        format!("5ea9ce00-0000-4000-8000-{:012x}", self.number())
    }

    /// An identifier of 32 hexadecimal digits.
    pub(super) fn hex(&mut self) -> String {
        format!("5ea9ce{:026x}", self.number())
    }

    /// The simulated time, a second later than the last. Runs are alike because no real clock
    /// has a say.
    pub(super) fn now(&mut self) -> String {
        self.seconds += 1;
        let (days, rest) = (self.seconds / 86_400, self.seconds % 86_400);
        let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
        let (month, day) = (days / 28 % 12 + 1, days % 28 + 1);
        format!("2026-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }

    /// A public address that no other droplet has, from the networks kept for documentation.
    pub(super) fn public_ipv4(&self, number: u64) -> Option<Ipv4Addr> {
        let address = |number: u64| {
            let [first, second, third] = match number / 250 % 2 {
                0 => [192, 0, 2],
                _ => [198, 51, 100],
            };
            Ipv4Addr::new(first, second, third, last_octet(number))
        };
        let is_free = |address: &Ipv4Addr| {
            let mut droplets = self.droplets.values();
            droplets.all(|droplet| droplet.ipv4 != Some(*address))
        };
        (number..number + 500).map(address).find(is_free)
    }

    /// An address that no other reserved one has.
    pub(super) fn reserved_ipv4(&self, number: u64) -> Option<Ipv4Addr> {
        let address = |number| Ipv4Addr::new(203, 0, 113, last_octet(number));
        let is_free = |address: &Ipv4Addr| !self.reserved_ips.contains_key(address);
        (number..number + 250).map(address).find(is_free)
    }

    pub(super) fn private_ipv4(number: u64) -> Ipv4Addr {
        let [.., middle, low] = (number % 65_000 + 2).to_be_bytes();
        Ipv4Addr::new(10, 120, middle, low)
    }

    pub(super) fn public_ipv6(number: u64) -> Ipv6Addr {
        let [.., high, low] = number.to_be_bytes();
        let last = u16::from_be_bytes([high, low]);
        Ipv6Addr::new(0x2001, 0xdb8, 0x5ea, 0x9ce, 0, 0, last, 1)
    }

    /// Remembers a tag and returns how it was first written.
    pub(super) fn tag(&mut self, name: &str) -> String {
        let known = self.tags.entry(name.to_lowercase());
        known.or_insert_with(|| name.to_owned()).clone()
    }

    /// Starts what the provider does in its own time.
    pub(super) fn start(
        &mut self,
        kind: &str,
        target: Target,
        region: &str,
        effect: Effect,
    ) -> &Action {
        let id = 2_600_000_000 + self.number();
        let due = match self.outcome {
            Outcome::Completed | Outcome::Errored => Some(Instant::now() + self.delay),
            Outcome::Never => None,
        };
        let started_at = self.now();
        self.actions.entry(id).or_insert(Action {
            id,
            kind: kind.to_owned(),
            target,
            region: region.to_owned(),
            started_at,
            completed_at: None,
            is_errored: self.outcome == Outcome::Errored,
            due,
            effect,
        })
    }

    /// Whether the provider is at work on it.
    pub(super) fn is_busy(&self, target: &Target) -> bool {
        self.actions.values().any(|action| {
            action.target == *target && action.completed_at.is_none() && action.due.is_some()
        })
    }

    /// A firewall reaches its droplets a little later.
    pub(super) fn spread(&mut self, firewall: &str) {
        let due = Instant::now() + self.delay;
        self.waiting.insert(firewall.to_owned(), due);
    }

    /// Lets everything happen whose time has come.
    pub(super) fn settle(&mut self) {
        let now = Instant::now();
        let is_due = |action: &Action| {
            action.completed_at.is_none() && action.due.is_some_and(|due| due <= now)
        };
        let due: Vec<u64> = self
            .actions
            .values()
            .filter(|action| is_due(action))
            .map(|action| action.id)
            .collect();
        for id in due {
            self.complete(id);
        }
        let firewalls = &mut self.firewalls;
        self.waiting.retain(|id, due| {
            if *due > now {
                return true;
            }
            if let Some(firewall) = firewalls.get_mut(id) {
                "succeeded".clone_into(&mut firewall.status);
            }
            false
        });
    }

    fn complete(&mut self, id: u64) {
        let now = self.now();
        let Some(action) = self.actions.get_mut(&id) else {
            return;
        };
        action.completed_at = Some(now);
        if action.is_errored {
            return;
        }
        let (target, effect) = (action.target.clone(), action.effect.clone());
        match target {
            Target::Droplet(id) => self.change_droplet(id, effect),
            Target::ReservedIp(ip) => {
                if let Some(reserved) = self.reserved_ips.get_mut(&ip) {
                    reserved.droplet_id = effect.droplet();
                }
            }
            Target::Volume(id) => {
                if let Some(volume) = self.volumes.get_mut(&id) {
                    match effect {
                        Effect::Grow(size) => volume.size_gigabytes = size,
                        effect => volume.droplet_id = effect.droplet(),
                    }
                }
            }
        }
    }

    fn change_droplet(&mut self, id: u64, effect: Effect) {
        let Some(droplet) = self.droplets.get_mut(&id) else {
            return;
        };
        match effect {
            Effect::Status(status) => droplet.status = status,
            Effect::Rename(name) => droplet.name = name,
            Effect::Ipv6 => droplet.ipv6 = Some(Self::public_ipv6(id)),
            Effect::Backups(backups) => droplet.backups = backups,
            Effect::Resize { size, price, disk } => {
                droplet.size = size;
                droplet.price_monthly = price;
                droplet.disk_gib = disk.unwrap_or(droplet.disk_gib);
            }
            Effect::Nothing | Effect::Lead(_) | Effect::Release | Effect::Grow(_) => {}
        }
    }

    /// A droplet is gone, and with it its place in everything that names it.
    pub(super) fn remove_droplet(&mut self, id: u64) -> Option<Droplet> {
        let droplet = self.droplets.remove(&id)?;
        for firewall in self.firewalls.values_mut() {
            firewall.droplet_ids.retain(|member| *member != id);
        }
        for reserved in self.reserved_ips.values_mut() {
            reserved.droplet_id = reserved.droplet_id.filter(|holder| *holder != id);
        }
        for volume in self.volumes.values_mut() {
            volume.droplet_id = volume.droplet_id.filter(|holder| *holder != id);
        }
        self.forget_resource(&format!("do:droplet:{id}"));
        Some(droplet)
    }

    /// Takes a resource out of every project.
    pub(super) fn forget_resource(&mut self, urn: &str) {
        for project in self.projects.values_mut() {
            project.resources.retain(|resource| resource != urn);
        }
    }

    /// Puts a new resource where new ones go.
    pub(super) fn file_resource(&mut self, urn: String) {
        let default = self
            .projects
            .values_mut()
            .find(|project| project.is_default);
        if let Some(project) = default {
            project.resources.push(urn);
        }
    }

    /// A copy of what the accounts hold.
    pub(super) fn account(&self) -> Account {
        Account {
            keys: self.keys.values().cloned().collect(),
            droplets: self.droplets.values().cloned().collect(),
            firewalls: self.firewalls.values().cloned().collect(),
            reserved_ips: self.reserved_ips.values().cloned().collect(),
            volumes: self.volumes.values().cloned().collect(),
            projects: self.projects.values().cloned().collect(),
            tags: self.tags.values().cloned().collect(),
            zones: self.zones.values().cloned().collect(),
            records: self.records.values().cloned().collect(),
        }
    }
}

/// The last number of an address, neither the network's nor the gateway's nor the last.
fn last_octet(number: u64) -> u8 {
    let [.., low] = (number % 250 + 2).to_be_bytes();
    low
}

impl Droplet {
    /// Whether it is switched off.
    pub(super) fn is_off(&self) -> bool {
        self.status == Status::Off
    }
}
