//! Why a person will get in: the chain from a key to a shell on a machine that boots, with a place
//! for every link.

use crate::facts::Facts;
use crate::finding::{Finding, Location};
use crate::nixos::{Item, System, View};
use crate::reading::{Place, Read};

mod boot;
mod login;
mod network;
pub mod rules;

pub use login::key_refusal;

#[cfg(test)]
mod tests;

/// The chain of one system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// The system's name among the flake's; `None` without a flake.
    pub system: Option<String>,
    /// The links, from the key to the boot loader.
    pub links: Vec<Link>,
}

/// One reason why a person gets in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What has to be true, such as `sshd accepts the account`.
    pub title: &'static str,
    /// Whether it is.
    pub answer: Answer,
    /// What the files say, one sentence without a final period.
    pub says: String,
    /// Where they say it; `None` for a default of a tool.
    pub location: Option<Location>,
    /// The key of `seance.toml` that decides it, when the place is in a generated file.
    pub decided_by: Option<Location>,
    /// What to do when it does not hold, imperative.
    pub help: String,
}

/// Whether a link holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The files say so.
    Holds,
    /// The files say the opposite.
    Broken,
    /// Only running Nix or `OpenTofu` would tell.
    Unknown,
}

impl Answer {
    /// The word of reports and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Broken => "broken",
            Self::Unknown => "unknown",
        }
    }
}

/// The chains of every system that is meant for a droplet.
pub fn chains(facts: &Facts<'_>) -> Vec<Chain> {
    let systems = facts.droplet_systems();
    systems
        .into_iter()
        .map(|system| chain(facts, system))
        .collect()
}

fn chain(facts: &Facts<'_>, system: &System) -> Chain {
    let asked = Asked { facts, system };
    let mut links = login::links(&asked);
    links.extend(network::links(&asked));
    links.extend(boot::links(&asked));
    Chain {
        system: system.name.clone(),
        links,
    }
}

/// A finding for every link that does not hold or cannot be proven.
pub fn findings(facts: &Facts<'_>, chains: &[Chain]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for chain in chains {
        for link in &chain.links {
            let rule = match link.answer {
                Answer::Holds => continue,
                Answer::Broken => &rules::BROKEN,
                Answer::Unknown => &rules::UNPROVEN,
            };
            let message = match link.answer {
                Answer::Unknown => {
                    format!("it cannot be proven that {}: {}", link.title, link.says)
                }
                _ => format!("nobody gets in: {}", link.says),
            };
            let place = link.decided_by.clone().or_else(|| link.location.clone());
            let finding = match place {
                Some(place) => facts.finding_at(rule, place, message, &link.help),
                None => facts.finding(rule, None, message, &link.help),
            };
            findings.push(finding);
        }
    }
    findings
}

/// One system with everything else that the links ask about.
struct Asked<'q, 'a> {
    facts: &'q Facts<'a>,
    system: &'q System,
}

impl Asked<'_, '_> {
    fn link(
        &self,
        title: &'static str,
        answer: Answer,
        says: impl Into<String>,
        place: Option<&Place>,
        key: &[&str],
        help: &str,
    ) -> Link {
        let location = place.map(Place::location);
        let decided_by = self.facts.decided_by(key, place);
        Link {
            title,
            answer,
            says: says.into(),
            decided_by: decided_by.filter(|it| Some(it) != location.as_ref()),
            location,
            help: help.to_owned(),
        }
    }

    fn at(&self, path: &str) -> View {
        self.system.at(path)
    }
}

/// The place of a value, or of the option when it is a default.
fn place_of<T>(read: &Read<T>, view: &View) -> Option<Place> {
    read.place().cloned().or_else(|| view.place())
}

/// The item of a list that is this integer.
fn integer(items: &[Item], wanted: i64) -> Option<&Item> {
    let is_it =
        |item: &&Item| matches!(item.value, crate::evaluation::Value::Integer(it) if it == wanted);
    items.iter().find(is_it)
}
