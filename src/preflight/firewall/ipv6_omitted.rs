use super::{all_rules, covers, ports};
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::rules::Rule;
use crate::tofu::Block;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
resource "digitalocean_droplet" "web" {
  ipv6 = true
}
resource "digitalocean_firewall" "web" {
  droplet_ids = [digitalocean_droplet.web.id]
  inbound_rule {
    protocol = "tcp"
    port_range = "443"
    source_addresses = ["0.0.0.0/0"]
  }
  outbound_rule {
    protocol = "tcp"
    port_range = "1-65535"
    destination_addresses = ["0.0.0.0/0", "::/0"]
  }
  outbound_rule {
    protocol = "udp"
    port_range = "1-65535"
    destination_addresses = ["0.0.0.0/0", "::/0"]
  }
}
"#,
        good: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
resource "digitalocean_droplet" "web" {
  ipv6 = true
}
resource "digitalocean_firewall" "web" {
  droplet_ids = [digitalocean_droplet.web.id]
  inbound_rule {
    protocol = "tcp"
    port_range = "443"
    source_addresses = ["0.0.0.0/0"]
  }
  inbound_rule {
    protocol = "tcp"
    port_range = "443"
    source_addresses = ["::/0"]
  }
  outbound_rule {
    protocol = "tcp"
    port_range = "1-65535"
    destination_addresses = ["0.0.0.0/0", "::/0"]
  }
  outbound_rule {
    protocol = "udp"
    port_range = "1-65535"
    destination_addresses = ["0.0.0.0/0", "::/0"]
  }
}
"#,
        undecidable: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
variable "it" {}
resource "digitalocean_droplet" "web" {
  ipv6 = var.it
}
resource "digitalocean_firewall" "web" {
  droplet_ids = [digitalocean_droplet.web.id]
  inbound_rule {
    protocol = "tcp"
    port_range = "443"
    source_addresses = ["0.0.0.0/0"]
  }
  outbound_rule {
    protocol = "tcp"
    port_range = "1-65535"
    destination_addresses = ["0.0.0.0/0", "::/0"]
  }
  outbound_rule {
    protocol = "udp"
    port_range = "1-65535"
    destination_addresses = ["0.0.0.0/0", "::/0"]
  }
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "fw-ipv6-omitted",
    severity: Severity::Warning,
    title: "a port that is open over IPv4 only",
    why: "The droplet has an IPv6 address. Browsers and certificate authorities try it first and wait for a time-out.",
    fix: "Add `::/0` beside `0.0.0.0/0`.",
    evidence: "DigitalOcean: firewall rules; Let us Encrypt prefers IPv6",
};

/// The rules of each direction, and where their addresses are.
const DIRECTIONS: [(&str, &str); 2] = [
    ("inbound_rule", "source_addresses"),
    ("outbound_rule", "destination_addresses"),
];

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let firewalls = facts.firewalls();
    let droplets = facts.droplets();
    let has_ipv6 = !droplets.is_empty()
        && droplets
            .iter()
            .all(|it| it.body().boolean("ipv6").is(&true));
    if !has_ipv6 {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (kind, option) in DIRECTIONS {
        let rules = all_rules(&firewalls, kind).unwrap_or_default();
        let is_meant = |rule: &&&Block| addresses(rule, option).is_some_and(|it| is_narrow(&it));
        let narrow = rules.iter().filter(is_meant);
        findings.extend(narrow.filter_map(|rule| closed_over_ipv6(facts, rule, option, &rules)));
    }
    findings
}

fn addresses(rule: &Block, option: &str) -> Option<Vec<String>> {
    rule.body.texts(option).value().cloned()
}

fn is_narrow(sources: &[String]) -> bool {
    let holds = |address| sources.iter().any(|it| it == address);
    holds("0.0.0.0/0") && !holds("::/0")
}

fn closed_over_ipv6(
    facts: &Facts<'_>,
    rule: &Block,
    option: &str,
    rules: &[&Block],
) -> Option<Finding> {
    let protocol = rule.body.text("protocol").value()?.clone();
    let (first, last) = ports(rule)?;
    let opened = rules.iter().any(|other| {
        let wide =
            addresses(other, option).is_none_or(|it| it.iter().any(|address| address == "::/0"));
        let whole = covers(other, &protocol, first) != Some(false)
            && covers(other, &protocol, last) != Some(false);
        wide && whole
    });
    if opened {
        return None;
    }
    let attribute = rule.body.attribute(option)?;
    let range = if first == last {
        first.to_string()
    } else {
        format!("{first}-{last}")
    };
    let message =
        format!("{protocol} {range} is open to `0.0.0.0/0` alone, and the droplet has IPv6");
    let world = attribute
        .value
        .list()?
        .items
        .iter()
        .find(|it| it.text().as_deref() == Some("0.0.0.0/0"))?;
    let patch = facts.replacement(&world.place, "\"0.0.0.0/0\", \"::/0\"");
    let finding = facts.finding_on(&RULE, attribute, message, "add `\"::/0\"` to the list");
    Some(finding.labelled("IPv4 only").patched_if(patch))
}
