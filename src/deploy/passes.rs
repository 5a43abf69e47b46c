//! The passes of one apply. Most have one; an installation on a small droplet takes three, because
//! the installer needs more memory than the droplet shall have.

use crate::danger::Danger;
use crate::engine::gate::{Judgement, What, grows_disk};
use crate::engine::plan::{Plan, ResourceChange};

/// The droplet of the generated module.
pub const DROPLET: &str = "digitalocean_droplet.server";
/// Its installation.
pub const INSTALL: &str = "terraform_data.install";
/// Its system, once it is installed.
pub const SYSTEM: &str = "terraform_data.system";

/// One run of the engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pass {
    /// Everything at once.
    Whole,
    /// The droplet at its final size and all around it, so that its disk has the final size too.
    Make {
        /// The resources that are made.
        targets: Vec<String>,
    },
    /// CPU and memory up, the disk untouched, then the installation.
    Raise {
        /// The size for the installation.
        size: String,
    },
    /// CPU and memory back to what the manifest says.
    Lower,
}

impl Pass {
    /// The first pass of an apply whose whole plan is known.
    pub fn first(plan: &Plan, install_size: Option<&str>) -> Self {
        if install_size.is_none() || !makes_droplet(plan) {
            return Self::Whole;
        }
        let made = plan.resource_changes.iter().filter(|change| {
            change.mode == "managed" && change.kind != "terraform_data" && makes(change)
        });
        Self::Make {
            targets: made.map(|change| change.address.clone()).collect(),
        }
    }

    /// The pass that follows.
    pub fn next(&self, install_size: Option<&str>) -> Option<Self> {
        match (self, install_size) {
            (Self::Make { .. }, Some(size)) => Some(Self::Raise {
                size: size.to_owned(),
            }),
            (Self::Raise { .. }, _) => Some(Self::Lower),
            _ => None,
        }
    }

    /// What the engine is told to plan no more and no less.
    pub fn options(&self) -> Vec<String> {
        match self {
            Self::Whole | Self::Lower => Vec::new(),
            Self::Make { targets } => {
                let targets = targets.iter();
                targets
                    .map(|address| format!("-target={address}"))
                    .collect()
            }
            Self::Raise { size } => vec![
                format!("-var=droplet_size={size}"),
                "-var=resize_disk=false".to_owned(),
            ],
        }
    }

    /// What it does, for a person.
    pub fn sentence(&self, server: &str) -> String {
        match self {
            Self::Whole => format!("bringing {server} to what the manifest says"),
            Self::Make { .. } => format!("making {server} at its final size"),
            Self::Raise { size } => {
                format!("raising CPU and memory to {size}, then installing NixOS")
            }
            Self::Lower => "lowering CPU and memory to what the manifest says".to_owned(),
        }
    }

    /// Whether a plan does no more than was announced with the first question, so that nobody has
    /// to be asked again.
    pub fn is_announced(&self, plan: &Plan, judgement: &Judgement) -> bool {
        judgement.changes.iter().all(|change| {
            let is_droplet = change.address == DROPLET;
            match self {
                Self::Whole => false,
                Self::Make { .. } => change.what == What::Create && change.danger == Danger::None,
                Self::Raise { size } if is_droplet => resizes_to(plan, Some(size)),
                Self::Raise { .. } => {
                    change.kind == "terraform_data" && change.what == What::Create
                }
                Self::Lower => is_droplet && resizes_to(plan, None),
            }
        })
    }
}

/// Whether a plan makes the droplet, in the place of another or not.
pub fn makes_droplet(plan: &Plan) -> bool {
    let mut changes = plan.resource_changes.iter();
    changes.any(|change| change.address == DROPLET && makes(change))
}

fn makes(change: &ResourceChange) -> bool {
    matches!(What::of(change), Some(What::Create | What::Replace))
}

/// Whether the one thing that happens to the droplet is a resize that leaves its disk alone, to
/// the given size or to whatever the manifest says.
fn resizes_to(plan: &Plan, size: Option<&str>) -> bool {
    let mut changes = plan.resource_changes.iter();
    let Some(droplet) = changes.find(|change| change.address == DROPLET) else {
        return false;
    };
    let (before, after) = (&droplet.change.before, &droplet.change.after);
    let fields = after.as_object().into_iter().flatten();
    let only_size = fields.into_iter().all(|(name, value)| {
        ["size", "resize_disk"].contains(&name.as_str())
            || before[name] == *value
            || droplet.change.after_unknown[name] == true
    });
    let fits = size.is_none_or(|size| after["size"] == size);
    What::of(droplet) == Some(What::Change) && only_size && fits && !grows_disk(before, after)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::engine::gate;

    fn plan(changes: &serde_json::Value) -> Plan {
        let document = json!({"format_version": "1.2", "resource_changes": changes});
        Plan::read(document.to_string().as_bytes()).unwrap()
    }

    fn create(address: &str) -> serde_json::Value {
        let (kind, name) = address.split_once('.').unwrap();
        json!({"address": address, "mode": "managed", "type": kind, "name": name,
               "change": {"actions": ["create"], "after_unknown": {"triggers_replace": true}}})
    }

    fn resize(before: &serde_json::Value, after: &serde_json::Value) -> serde_json::Value {
        json!({"address": DROPLET, "mode": "managed", "type": "digitalocean_droplet",
               "name": "server",
               "change": {"actions": ["update"], "before": before, "after": after}})
    }

    #[test]
    fn a_small_droplet_is_made_raised_and_lowered() {
        let whole = plan(&json!([
            create(DROPLET),
            create("digitalocean_ssh_key.deploy[0]"),
            create(INSTALL)
        ]));
        assert_eq!(Pass::first(&whole, None), Pass::Whole);
        let made = Pass::first(&whole, Some("s-2vcpu-4gb"));
        let expected = [
            "-target=digitalocean_droplet.server",
            "-target=digitalocean_ssh_key.deploy[0]",
        ];
        assert_eq!(made.options(), expected);
        let raised = made.next(Some("s-2vcpu-4gb")).unwrap();
        assert_eq!(
            raised.options(),
            ["-var=droplet_size=s-2vcpu-4gb", "-var=resize_disk=false"]
        );
        let lowered = raised.next(Some("s-2vcpu-4gb")).unwrap();
        assert_eq!(lowered, Pass::Lower);
        assert_eq!(lowered.next(Some("s-2vcpu-4gb")), None);
    }

    #[test]
    fn a_small_droplet_that_is_replaced_is_raised_as_well() {
        let mut replaced = create(DROPLET);
        replaced["change"]["actions"] = json!(["delete", "create"]);
        let whole = plan(&json!([replaced, create(INSTALL)]));
        let first = Pass::first(&whole, Some("s-2vcpu-4gb"));
        assert_eq!(first.options(), ["-target=digitalocean_droplet.server"]);
    }

    #[test]
    fn a_droplet_that_is_there_takes_one_pass() {
        let there = plan(&json!([resize(
            &json!({"size": "a"}),
            &json!({"size": "b"})
        )]));
        assert_eq!(Pass::first(&there, Some("s-2vcpu-4gb")), Pass::Whole);
    }

    #[test]
    fn only_the_announced_resize_goes_without_a_question() {
        let small = json!({"size": "s-1vcpu-1gb", "resize_disk": false, "name": "web"});
        let large = json!({"size": "s-2vcpu-4gb", "resize_disk": false, "name": "web"});
        let raise = Pass::Raise {
            size: "s-2vcpu-4gb".to_owned(),
        };
        let announced = |pass: &Pass, changes: &serde_json::Value| {
            let plan = plan(changes);
            pass.is_announced(&plan, &gate::judge(&plan))
        };
        assert!(announced(
            &raise,
            &json!([resize(&small, &large), create(INSTALL)])
        ));
        assert!(announced(&Pass::Lower, &json!([resize(&large, &small)])));
        let other = json!({"size": "s-8vcpu-16gb", "resize_disk": false, "name": "web"});
        assert!(
            !announced(&raise, &json!([resize(&small, &other)])),
            "another size"
        );
        let grown = json!({"size": "s-2vcpu-4gb", "resize_disk": true, "name": "web"});
        assert!(
            !announced(&raise, &json!([resize(&small, &grown)])),
            "the disk grows"
        );
        let switch = json!({"size": "s-1vcpu-1gb", "resize_disk": true, "name": "web", "disk": 25});
        let raised =
            json!({"size": "s-2vcpu-4gb", "resize_disk": false, "name": "web", "disk": 25});
        assert!(
            announced(&Pass::Lower, &json!([resize(&raised, &switch)])),
            "the same disk"
        );
        let renamed = json!({"size": "s-2vcpu-4gb", "resize_disk": false, "name": "other"});
        assert!(
            !announced(&raise, &json!([resize(&small, &renamed)])),
            "a new name"
        );
        let install = json!([resize(&large, &small), create(INSTALL)]);
        assert!(!announced(&Pass::Lower, &install), "an installation");
    }
}
