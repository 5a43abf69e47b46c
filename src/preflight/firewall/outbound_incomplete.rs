use super::{all_rules, covers, guards_a_droplet};
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
resource "digitalocean_droplet" "web" {}
resource "digitalocean_firewall" "web" {
  droplet_ids = [digitalocean_droplet.web.id]
  inbound_rule {
    protocol = "tcp"
    port_range = "443"
    source_addresses = ["0.0.0.0/0", "::/0"]
  }
  outbound_rule {
    protocol = "udp"
    port_range = "53"
    destination_addresses = ["0.0.0.0/0", "::/0"]
  }
}
"#,
        good: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
resource "digitalocean_droplet" "web" {}
resource "digitalocean_firewall" "web" {
  droplet_ids = [digitalocean_droplet.web.id]
  inbound_rule {
    protocol = "tcp"
    port_range = "443"
    source_addresses = ["0.0.0.0/0", "::/0"]
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
resource "digitalocean_droplet" "web" {}
resource "digitalocean_firewall" "web" {
  droplet_ids = [digitalocean_droplet.web.id]
  inbound_rule {
    protocol = "tcp"
    port_range = "443"
    source_addresses = ["0.0.0.0/0", "::/0"]
  }
  outbound_rule {
    protocol = "udp"
    port_range = "53"
    destination_addresses = ["0.0.0.0/0", "::/0"]
  }
  outbound_rule {
    protocol = "tcp"
    port_range = var.it
    destination_addresses = ["0.0.0.0/0", "::/0"]
  }
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "fw-outbound-incomplete",
    severity: Severity::Warning,
    title: "a firewall that does not let out what an installation needs",
    why: "The installer, the packages and the certificates come over 443, and no name is resolved without 53. What is missing shows as a wait that does not end.",
    fix: "Open tcp 1-65535 and udp 1-65535 outbound, or at least tcp 443, tcp 53 and udp 53.",
    evidence: "the DigitalOcean provider: docs/resources/firewall.md, whose example has only 53 and icmp",
};

const NEEDED: [(&str, u16); 3] = [("tcp", 443), ("tcp", 53), ("udp", 53)];

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let firewalls = facts.firewalls();
    let Some(rules) = all_rules(&firewalls, "outbound_rule") else {
        return Vec::new();
    };
    if rules.is_empty() {
        return Vec::new();
    }
    let closed = |(protocol, port): &(&str, u16)| {
        rules
            .iter()
            .all(|rule| covers(rule, protocol, *port) == Some(false))
    };
    let missing: Vec<(&str, u16)> = NEEDED.into_iter().filter(closed).collect();
    // Resolvers that answer over udp alone are what many people have.
    if missing.is_empty() || missing == [("tcp", 53)] {
        return Vec::new();
    }
    let names: Vec<String> = missing
        .iter()
        .map(|(protocol, port)| format!("{protocol} {port}"))
        .collect();
    let names = names.join(", ");
    let guards = firewalls
        .into_iter()
        .filter(|it| guards_a_droplet(facts, it));
    guards
        .take(1)
        .map(|firewall| {
            let message =
                format!("no outbound rule lets {names} out, which the installation needs");
            let help = format!("add an `outbound_rule` to `0.0.0.0/0` and `::/0` for {names}");
            let finding = facts.finding(&RULE, Some(&firewall.block.header), message, help);
            finding.labelled("too little leaves")
        })
        .collect()
}
