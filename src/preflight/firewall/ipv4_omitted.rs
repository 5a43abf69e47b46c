//! `fw-ipv4-omitted`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use super::{all_rules, covers, ports};
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::rules::Rule;
use crate::tofu::Block;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"
-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
resource "digitalocean_firewall" "web" {
  droplet_ids = [digitalocean_droplet.web.id]
  inbound_rule {
    protocol         = "tcp"
    port_range       = "443"
    source_addresses = ["::/0"]
  }
}
"#,
        good: r#"
-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
resource "digitalocean_firewall" "web" {
  droplet_ids = [digitalocean_droplet.web.id]
  inbound_rule {
    protocol         = "tcp"
    port_range       = "443"
    source_addresses = ["::/0"]
  }
  inbound_rule {
    protocol         = "tcp"
    port_range       = "443"
    source_addresses = ["203.0.113.0/24"]
  }
}
"#,
        undecidable: r#"
-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
variable "people" {}
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
resource "digitalocean_firewall" "web" {
  droplet_ids = [digitalocean_droplet.web.id]
  inbound_rule {
    protocol         = "tcp"
    port_range       = "443"
    source_addresses = var.people
  }
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "fw-ipv4-omitted",
    severity: Severity::Error,
    title: "a port that is open over IPv6 only",
    why: "Every droplet has an IPv4 address, and most people come over it. A rule for `::/0` alone keeps all of them out; one that lets out to `::/0` alone keeps most of the world out of reach.",
    fix: "Add `0.0.0.0/0` beside `::/0`.",
    evidence: "DigitalOcean: firewall rules",
};

/// The rules of each direction, and where their addresses are.
const DIRECTIONS: [(&str, &str); 2] = [
    ("inbound_rule", "source_addresses"),
    ("outbound_rule", "destination_addresses"),
];

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let firewalls = facts.firewalls();
    let mut findings = Vec::new();
    for (kind, option) in DIRECTIONS {
        let Some(rules) = all_rules(&firewalls, kind) else {
            continue;
        };
        let narrow = rules
            .iter()
            .filter(|rule| leaves_ipv4_out(rule, option) == Some(true));
        findings.extend(narrow.filter_map(|rule| closed(facts, rule, option, &rules)));
    }
    findings
}

/// Whether a rule names the world of IPv6 and no address of IPv4; `None` when it may.
fn leaves_ipv4_out(rule: &Block, option: &str) -> Option<bool> {
    let addresses = rule.body.texts(option);
    let addresses = addresses.value()?;
    let others = ["source_", "destination_"].iter().any(|start| {
        let mut attributes = rule.body.attributes();
        attributes.any(|(name, _)| name.starts_with(start) && name != option)
    });
    let is_world = addresses.iter().any(|it| it == "::/0");
    Some(is_world && !others && addresses.iter().all(|it| it.contains(':')))
}

fn closed(facts: &Facts<'_>, rule: &Block, option: &str, rules: &[&Block]) -> Option<Finding> {
    let protocol = rule.body.text("protocol").value()?.clone();
    let range = ports(rule).filter(|_| protocol != "icmp");
    if range.is_none() && protocol != "icmp" {
        return None;
    }
    let is_opened = rules.iter().any(|other| {
        let covers = match range {
            Some((first, _)) => covers(other, &protocol, first) != Some(false),
            None => other
                .body
                .text("protocol")
                .value()
                .is_none_or(|it| *it == protocol),
        };
        covers && leaves_ipv4_out(other, option) != Some(true)
    });
    if is_opened {
        return None;
    }
    let attribute = rule.body.attribute(option)?;
    let what = match range {
        None => protocol,
        Some((first, last)) if first == last => format!("{protocol} {first}"),
        Some((first, last)) => format!("{protocol} {first}-{last}"),
    };
    let message = format!("{what} is open to `::/0` alone, and to nobody over IPv4");
    let items = &attribute.value.list()?.items;
    let world = items
        .iter()
        .find(|it| it.text().as_deref() == Some("::/0"))?;
    let patch = facts.replacement(&world.place, "\"0.0.0.0/0\", \"::/0\"");
    let help = "add `\"0.0.0.0/0\"` to the list";
    let finding = facts.finding_on(&RULE, attribute, message, help);
    Some(finding.labelled("IPv6 only").patched_if(patch))
}
