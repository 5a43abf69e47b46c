use super::guards_a_droplet;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::rules::Rule;
use crate::tofu::Resource;

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
  dynamic "outbound_rule" {
    for_each = var.it
    content {}
  }
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "fw-no-outbound",
    severity: Severity::Error,
    title: "a firewall that lets nothing out",
    why: "Without outbound rules a firewall of DigitalOcean drops everything that leaves: no name is resolved, no installer downloaded, no package, no certificate.",
    fix: "Add outbound rules for tcp, udp and icmp to every address.",
    evidence: "DigitalOcean: firewall rules; the provider: digitalocean_firewall",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let firewalls = facts.firewalls();
    // Several firewalls of one droplet add up.
    let silent = |it: &&Resource| {
        let rules = it.body().blocks("outbound_rule");
        rules.complete && rules.known.is_empty()
    };
    if !firewalls.iter().all(silent) {
        return Vec::new();
    }
    let guards = firewalls
        .into_iter()
        .filter(|it| guards_a_droplet(facts, it));
    guards
        .map(|firewall| {
            let message = format!(
                "`{}` has no outbound rule, so nothing leaves the droplet",
                firewall.address()
            );
            let patch = facts.addition(&firewall.block, OUTBOUND);
            let help = "add `outbound_rule` blocks for tcp, udp and icmp to `0.0.0.0/0` and `::/0`";
            let finding = facts.finding(&RULE, Some(&firewall.block.header), message, help);
            finding
                .labelled("drops everything that leaves")
                .patched_if(patch)
        })
        .collect()
}

const OUTBOUND: &str = r#"
outbound_rule {
  protocol              = "tcp"
  port_range            = "1-65535"
  destination_addresses = ["0.0.0.0/0", "::/0"]
}

outbound_rule {
  protocol              = "udp"
  port_range            = "1-65535"
  destination_addresses = ["0.0.0.0/0", "::/0"]
}

outbound_rule {
  protocol              = "icmp"
  destination_addresses = ["0.0.0.0/0", "::/0"]
}"#;
