use super::{all_rules, covers, guards_a_droplet};
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
-- install.tf --
resource "terraform_data" "install" {
  provisioner "local-exec" {
    command = "nix run github:nix-community/nixos-anywhere -- --flake .#web"
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
  inbound_rule {
    protocol = "tcp"
    port_range = "22"
    source_addresses = ["203.0.113.0/24"]
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
-- install.tf --
resource "terraform_data" "install" {
  provisioner "local-exec" {
    command = "nix run github:nix-community/nixos-anywhere -- --flake .#web"
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
  inbound_rule {
    protocol = "tcp"
    port_range = var.it
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
-- install.tf --
resource "terraform_data" "install" {
  provisioner "local-exec" {
    command = "nix run github:nix-community/nixos-anywhere -- --flake .#web"
  }
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "fw-no-ssh-from-installer",
    severity: Severity::Error,
    title: "a firewall that shuts the installer out",
    why: "The stock image and the installer listen on port 22, whatever port NixOS uses later. Where it is closed the installation waits without end.",
    fix: "Open port 22 to the addresses that you install from.",
    evidence: "nixos-anywhere: its login loops; DigitalOcean: firewall rules",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let firewalls = facts.firewalls();
    let Some(rules) = all_rules(&firewalls, "inbound_rule") else {
        return Vec::new();
    };
    if rules
        .iter()
        .any(|rule| covers(rule, "tcp", 22) != Some(false))
    {
        return Vec::new();
    }
    let guards = firewalls
        .into_iter()
        .filter(|it| it.certain && guards_a_droplet(facts, it) && installs_here(facts, it));
    guards
        .take(1)
        .map(|firewall| {
            let message = "no inbound rule opens port 22, where the installer logs in";
            let help = "add an `inbound_rule` for tcp `22` from the address that you install from";
            let finding = facts.finding(&RULE, Some(&firewall.block.header), message, help);
            finding.labelled("closes port 22")
        })
        .collect()
}

/// Whether the folder of the firewall is also what runs the installation.
fn installs_here(facts: &Facts<'_>, firewall: &Resource) -> bool {
    let folder = |path: &str| {
        path.rsplit_once('/')
            .map_or("", |(folder, _)| folder)
            .to_owned()
    };
    let here = folder(&firewall.block.place.file);
    let configuration = |path: &str| [".tf", ".tofu"].iter().any(|end| path.ends_with(end));
    facts.files.iter().any(|(path, text)| {
        configuration(path) && folder(path) == here && text.contains("nixos-anywhere")
    })
}
