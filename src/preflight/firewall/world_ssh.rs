use super::covers;
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
    port_range = "22"
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
        good: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
resource "digitalocean_droplet" "web" {}
resource "digitalocean_firewall" "web" {
  droplet_ids = [digitalocean_droplet.web.id]
  inbound_rule {
    protocol = "tcp"
    port_range = "22"
    source_addresses = ["203.0.113.7/32"]
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
    port_range = "22"
    source_addresses = var.it
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
    id: "fw-world-ssh",
    severity: Severity::Warning,
    title: "SSH is open to the whole internet",
    why: "Guessing starts within minutes, and while the machine is installed nobody checks which host answers.",
    fix: "Name the addresses that you log in from.",
    evidence: "nixos-anywhere switches host key checking off",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let firewalls = facts.firewalls();
    let rules = firewalls
        .iter()
        .flat_map(|it| it.body().blocks("inbound_rule").known);
    rules
        .filter(|rule| covers(rule, "tcp", 22) == Some(true))
        .filter_map(|rule| {
            let attribute = rule.body.attribute("source_addresses")?;
            let list = attribute.value.list()?;
            let world = list.items.iter().find(|it| {
                it.text()
                    .is_some_and(|text| text == "0.0.0.0/0" || text == "::/0")
            })?;
            // A manifest says by itself who may log in.
            if facts.is_generated(&world.place) {
                return None;
            }
            let shown = world.text()?;
            let message = format!("port 22 is open to `{shown}`, which is everybody");
            let help = "name the addresses that you log in from, such as `203.0.113.7/32`";
            let finding = facts.finding_on(&RULE, attribute, message, help);
            Some(finding.labelled("open to everybody"))
        })
        .collect()
}
