use super::public_interface;
use crate::evaluation::Value;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
use crate::preflight::host::{on_droplets, report};
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
resource "digitalocean_reserved_ip" "a" {
  droplet_id = digitalocean_droplet.a.id
  region     = "fra1"
}
-- configuration.nix --
{ networking.useDHCP = false; networking.usePredictableInterfaceNames = false; networking.interfaces.eth0.ipv4.addresses = [ { address = "203.0.113.5"; prefixLength = 20; } ]; }
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
resource "digitalocean_reserved_ip" "a" {
  droplet_id = digitalocean_droplet.a.id
  region     = "fra1"
}
-- configuration.nix --
{ networking.useDHCP = false; networking.usePredictableInterfaceNames = false; networking.interfaces.eth0.ipv4.addresses = [ { address = "203.0.113.5"; prefixLength = 20; } { address = "10.17.0.5"; prefixLength = 16; } ]; }
"#,
        undecidable: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
resource "digitalocean_reserved_ip" "a" {
  droplet_id = digitalocean_droplet.a.id
  region     = "fra1"
}
-- configuration.nix --
{ more, ... }: { networking.useDHCP = false; networking.usePredictableInterfaceNames = false; networking.interfaces.eth0.ipv4.addresses = [ { address = "203.0.113.5"; prefixLength = 20; } ] ++ more; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "net-anchor-ip-missing",
    severity: Severity::Warning,
    title: "the address that reserved IPs lead to is not declared",
    why: "Traffic for a reserved IP arrives at a second address of the public interface, the anchor address from 10.0.0.0/8. A static configuration without it drops that traffic.",
    fix: "Add the `anchor_ipv4` of the droplet's metadata, or let cloud-init configure the network.",
    evidence: "DigitalOcean: droplet metadata, anchor IPs",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let kinds = ["digitalocean_reserved_ip", "digitalocean_floating_ip"];
    let reserved = kinds.iter().find_map(|kind| {
        let mut addresses = facts.tofu().resources(kind);
        addresses.find(|(_, address)| address.certain)
    });
    let Some((_, reserved)) = reserved else {
        return Vec::new();
    };
    on_droplets(facts, |system| {
        let (name, interface) = public_interface(system)?;
        let option = interface.at("ipv4.addresses");
        let list = option.list();
        let addresses: Option<Vec<String>> = list
            .items
            .iter()
            .map(|item| match &item.value {
                Value::Set(set) => match facts.evaluator().force(&set.fields.get("address")?.value)
                {
                    Value::Text(text) => text.known().map(str::to_owned),
                    _ => None,
                },
                _ => None,
            })
            .collect();
        if !list.complete || addresses?.iter().any(|address| address.starts_with("10.")) {
            return None;
        }
        let message = format!("`{name}` has no anchor address, so the reserved IP leads nowhere");
        let help = "add the droplet's anchor address, which begins with 10., to the list";
        let finding = report(facts, &RULE, system, option.place().as_ref(), message, help);
        Some(finding.related(reserved.block.header.location(), "reserved here"))
    })
}
