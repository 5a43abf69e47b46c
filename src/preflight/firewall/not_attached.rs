use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::reading::Read;
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
  tags = var.it
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
    },
};

static RULE: Rule = Rule {
    id: "fw-not-attached",
    severity: Severity::Warning,
    title: "a firewall that guards nothing",
    why: "It names neither droplets nor tags, so its rules apply to nobody, and at this layer everything is open.",
    fix: "Add `droplet_ids = [digitalocean_droplet.<name>.id]`.",
    evidence: "the DigitalOcean provider: digitalocean_firewall",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let droplets = facts.droplets();
    let firewalls = facts.firewalls().into_iter();
    firewalls
        .filter(|it| is_empty(it, "droplet_ids") && is_empty(it, "tags"))
        .map(|firewall| {
            let message = format!("`{}` is attached to no droplet", firewall.address());
            let id = match droplets.as_slice() {
                [only]
                    if only.resource.key.is_none() && only.resource.module == firewall.module =>
                {
                    format!("{}.id", only.resource.address())
                }
                _ => "digitalocean_droplet.<name>.id".to_owned(),
            };
            let patch = (!id.contains('<'))
                .then(|| facts.setting(&firewall.block, "droplet_ids", &format!("[{id}]")));
            let help = format!("add `droplet_ids = [{id}]`");
            let finding = facts.finding(&RULE, Some(&firewall.block.header), message, help);
            finding
                .labelled("guards nothing")
                .patched_if(patch.flatten())
        })
        .collect()
}

fn is_empty(firewall: &Resource, name: &str) -> bool {
    match firewall.body().read(name) {
        Read::Absent => true,
        Read::Known(value, _) => value
            .list()
            .is_some_and(|it| it.complete && it.items.is_empty()),
        Read::Unknown => false,
    }
}
