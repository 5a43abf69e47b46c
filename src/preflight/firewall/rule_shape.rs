use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::reading::Read;
use crate::rules::Rule;
use crate::tofu::{Block, Value};

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
    id: "fw-rule-shape",
    severity: Severity::Error,
    title: "a firewall rule that cannot be",
    why: "The provider stops a plan where tcp or udp has no port range, where icmp has one, and where a firewall has no rule at all. A rule that names no other side opens nothing. The port `0` is stored as another word and shows as a change for ever.",
    fix: "Write the port, `\"1-65535\"` for all of them, and none for icmp.",
    evidence: "the DigitalOcean provider: digitalocean/firewall/firewalls.go",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for firewall in facts.firewalls() {
        let sides = ["inbound_rule", "outbound_rule"].map(|kind| firewall.body().blocks(kind));
        if sides
            .iter()
            .all(|side| side.complete && side.known.is_empty())
        {
            let message = format!(
                "`{}` has no rules, which the provider refuses",
                firewall.address()
            );
            let help = "add `inbound_rule` and `outbound_rule` blocks";
            findings.push(facts.finding(&RULE, Some(&firewall.block.header), message, help));
        }
        let rules = sides.iter().flat_map(|side| &side.known);
        findings.extend(rules.clone().filter_map(|rule| misshapen(facts, rule)));
        findings.extend(rules.filter_map(|rule| for_nobody(facts, rule)));
    }
    findings
}

/// A rule that names no other side at all.
fn for_nobody(facts: &Facts<'_>, rule: &Block) -> Option<Finding> {
    let (side, verb) = match rule.kind.as_str() {
        "inbound_rule" => ("source", "lets nobody in"),
        _ => ("destination", "lets nothing out"),
    };
    let protocol = rule.body.text("protocol");
    let protocol = protocol.value()?;
    let prefix = format!("{side}_");
    let is_empty = |value: &Value| {
        let list = value.list();
        list.is_some_and(|list| list.complete && list.items.is_empty())
    };
    let mut others = rule
        .body
        .attributes()
        .filter(|(name, _)| name.starts_with(&prefix));
    let names_one = others.any(|(_, it)| !it.value.is_null() && !is_empty(&it.value));
    if names_one {
        return None;
    }
    let message = format!("a rule for {protocol} has no `{side}_addresses`, so it {verb}");
    let help = format!("write `{side}_addresses = [\"0.0.0.0/0\", \"::/0\"]` for everybody");
    let finding = facts.finding(&RULE, Some(&rule.header), message, help);
    Some(finding.labelled("for nobody"))
}

fn misshapen(facts: &Facts<'_>, rule: &Block) -> Option<Finding> {
    let protocol = rule.body.text("protocol");
    let protocol = protocol.value()?.as_str();
    let help = "write `port_range = \"1-65535\"` for all ports, or the port that is meant";
    match (protocol, rule.body.text("port_range")) {
        ("tcp" | "udp", Read::Absent) => {
            let message = format!("a rule for {protocol} has no `port_range`");
            let finding = facts.finding(&RULE, Some(&rule.header), message, help);
            Some(finding.labelled("which ports"))
        }
        ("icmp", Read::Known(ports, _)) if !ports.is_empty() => {
            let attribute = rule.body.attribute("port_range")?;
            let message =
                format!("a rule for icmp has the port range `{ports}`, and icmp has no ports");
            let finding = facts.finding_on(&RULE, attribute, message, "remove `port_range`");
            Some(finding.labelled("icmp has no ports"))
        }
        ("tcp" | "udp", Read::Known(ports, _)) if ports == "0" => {
            let attribute = rule.body.attribute("port_range")?;
            let message = "`0` as a port range comes back under another name and never fits";
            let patch = facts.replacement(&attribute.value.place, "\"1-65535\"");
            let finding = facts
                .finding_on(&RULE, attribute, message, help)
                .patched_if(patch);
            Some(finding.labelled("a change for ever"))
        }
        ("tcp" | "udp", Read::Known(ports, _)) if !is_range(&ports) => {
            let attribute = rule.body.attribute("port_range")?;
            let message = format!("`{ports}` is neither a port nor a range of ports");
            let help = "write one port or one range such as `\"8000-8010\"`, and a rule for each";
            let finding = facts.finding_on(&RULE, attribute, message, help);
            Some(finding.labelled("refused by DigitalOcean"))
        }
        _ => None,
    }
}

/// Whether the provider takes a text as ports.
fn is_range(text: &str) -> bool {
    let is_port = |text: &str| text.parse::<u16>().is_ok();
    let range = text.split_once('-');
    text == "all"
        || is_port(text)
        || range.is_some_and(|(one, other)| is_port(one) && is_port(other))
}

#[cfg(test)]
mod tests {
    use super::is_range;

    #[test]
    fn ports_are_one_number_or_two() {
        for sound in ["22", "0", "all", "1-65535", "8000-8010"] {
            assert!(is_range(sound), "{sound}");
        }
        for wrong in ["80,443", "ssh", "70000", "80-", "80 - 90", "*"] {
            assert!(!is_range(wrong), "{wrong}");
        }
    }
}
