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
resource "digitalocean_droplet" "web" {}
resource "digitalocean_firewall" "web" {
  droplet_ids = [digitalocean_droplet.web.id]
  inbound_rule {
    protocol = "gre"
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
  droplet_ids = [digitalocean_droplet.web.id]
  inbound_rule {
    protocol = var.it
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
    id: "fw-limits",
    severity: Severity::Warning,
    title: "a firewall beyond what DigitalOcean takes",
    why: "A firewall takes 10 droplets, 5 tags and 50 rules, and knows tcp, udp and icmp. Beyond that the request is refused while everything else is being made.",
    fix: "Use tags instead of droplets, and join rules into ranges.",
    evidence: "DigitalOcean: limits of firewalls",
};

const PROTOCOLS: [&str; 3] = ["tcp", "udp", "icmp"];

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for firewall in facts.firewalls() {
        let rules: Vec<&Block> = ["inbound_rule", "outbound_rule"]
            .into_iter()
            .flat_map(|kind| firewall.body().blocks(kind).known)
            .collect();
        let listed = |name| {
            firewall
                .body()
                .list(name)
                .value()
                .map_or(0, |it| it.items.len())
        };
        for (count, most, what, help) in [
            (
                rules.len(),
                50,
                "rules",
                "join neighbouring ports into ranges",
            ),
            (
                listed("droplet_ids"),
                10,
                "droplets",
                "give the droplets a tag and name that in `tags`",
            ),
            (
                listed("tags"),
                5,
                "tags",
                "give the droplets one tag in common",
            ),
        ] {
            if count > most {
                let message = format!(
                    "`{}` has {count} {what}, and {most} is the most",
                    firewall.address()
                );
                findings.push(facts.finding(&RULE, Some(&firewall.block.header), message, help));
            }
        }
        findings.extend(rules.iter().filter_map(|rule| {
            let attribute = rule.body.attribute("protocol")?;
            let protocol = attribute.value.text()?;
            if PROTOCOLS.contains(&protocol.as_str()) {
                return None;
            }
            let message = format!("`{protocol}` is no protocol of a DigitalOcean firewall");
            let help = "write `tcp`, `udp` or `icmp` in lower case";
            let finding = facts.finding_on(&RULE, attribute, message, help);
            Some(finding.labelled("refused"))
        }));
    }
    findings
}
