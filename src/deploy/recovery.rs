//! What an installation that did not come to its end left behind, as far as the machine tells.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::passes::{DROPLET, INSTALL, makes_droplet};
use super::scratch;
use crate::engine::gate::What;
use crate::engine::plan::Plan;
use crate::remote::Advice;
use crate::remote::ssh::{Failure, Host, HostKeys, Ssh, Stage};
use crate::remote::system::{Kind, Question, inspect};

/// How long one look at the machine may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// Where the stock image and the installer listen, whatever the installed system does.
const STOCK_PORT: u16 = 22;

/// What answers at the droplet's address.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// NixOS, with the host key that the installation gave it: it is installed.
    Installed,
    /// Something that nobody misses: the stock image, or the installer in memory.
    NothingToLose(String),
    /// Nobody knows; the installation might wipe something.
    Unknown(Advice),
}

/// Whether a plan installs on a droplet that is there already.
pub fn installs_again(plan: &Plan) -> bool {
    let mut changes = plan.resource_changes.iter();
    let installs = changes.any(|change| {
        change.address == INSTALL && matches!(What::of(change), Some(What::Create | What::Replace))
    });
    // One that is made, or made anew, has nothing on its disk yet.
    installs && !makes_droplet(plan) && address(plan).is_some()
}

/// The address of the droplet that is there.
pub fn address(plan: &Plan) -> Option<IpAddr> {
    plan.resource(DROPLET)?.values["ipv4_address"]
        .as_str()?
        .parse()
        .ok()
}

/// Looks what answers there.
pub async fn probe(address: IpAddr, port: u16, known_hosts: &Path) -> Found {
    let host = |port, known_hosts: PathBuf| Host {
        address: address.to_string(),
        port,
        user: "root".to_owned(),
        known_hosts,
        identity: None,
    };
    let question = Question::default();
    let pinned = Ssh::new(host(port, known_hosts.to_path_buf()));
    let first = match inspect(&pinned, &question, PATIENCE).await {
        Ok(system) if system.kind == Kind::Nixos => return Found::Installed,
        Ok(_) => None,
        Err(failure) => Some(failure),
    };
    // The stock image has a host key of its own, which is nobody's to keep.
    let Ok(folder) = scratch::folder() else {
        return unknown(first.as_ref());
    };
    let anybody = Ssh::new(host(STOCK_PORT, folder.path().join("known_hosts")))
        .host_keys(HostKeys::AcceptNew);
    match inspect(&anybody, &question, PATIENCE).await {
        // A NixOS with another host key is not the one that was installed here.
        Ok(system) if system.kind == Kind::Nixos => unknown(first.as_ref()),
        Ok(system) => Found::NothingToLose(match system.kind {
            Kind::Installer => "the installer in memory".to_owned(),
            Kind::Other(name) => name,
            Kind::Nixos => "NixOS".to_owned(),
        }),
        Err(failure) => unknown(
            first
                .as_ref()
                .filter(|first| is_farther(first, &failure))
                .or(Some(&failure)),
        ),
    }
}

fn is_farther(first: &Failure, second: &Failure) -> bool {
    let is_key = |failure: &Failure| matches!(failure.stage, Stage::HostKeyUnknown { .. });
    !is_key(first) && first.stage.rank() >= second.stage.rank()
}

fn unknown(failure: Option<&Failure>) -> Found {
    Found::Unknown(match failure {
        Some(failure) => failure.advice(),
        None => Advice {
            what: "a NixOS answers there that does not show the host key of this installation"
                .to_owned(),
            cause: "somebody else installed it, or the key file on this machine is another's"
                .to_owned(),
            next: "look at the droplet's recovery console".to_owned(),
        },
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn plan(actions: &[&str], droplet: bool) -> Plan {
        let resources = if droplet {
            json!([{"address": DROPLET, "type": "digitalocean_droplet", "mode": "managed",
                    "values": {"ipv4_address": "192.0.2.7"}}])
        } else {
            json!([])
        };
        let document = json!({"format_version": "1.2",
            "resource_changes": [{"address": INSTALL, "mode": "managed", "type": "terraform_data",
                "name": "install", "change": {"actions": actions}}],
            "prior_state": {"values": {"root_module": {"resources": resources}}}});
        Plan::read(document.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn only_a_droplet_that_is_there_needs_a_look() {
        assert!(!installs_again(&plan(&["create"], false)));
        assert!(installs_again(&plan(&["create"], true)));
        assert!(installs_again(&plan(&["delete", "create"], true)));
        assert!(!installs_again(&plan(&["no-op"], true)));
        assert!(!installs_again(&plan(&["delete"], true)));
    }

    #[test]
    fn a_droplet_that_is_replaced_is_not_taken_for_the_one_that_goes() {
        let mut plan = plan(&["delete", "create"], true);
        let mut droplet = plan.resource_changes[0].clone();
        droplet.address = DROPLET.to_owned();
        plan.resource_changes.push(droplet);
        assert!(!installs_again(&plan));
    }

    #[tokio::test]
    async fn a_machine_that_does_not_answer_is_not_given_up() {
        let folder = tempfile::tempdir().unwrap();
        let nobody = probe("127.0.0.1".parse().unwrap(), 1, &folder.path().join("none")).await;
        assert!(matches!(nobody, Found::Unknown(_)), "{nobody:?}");
    }
}
