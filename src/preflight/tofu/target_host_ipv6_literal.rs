use super::droplet_of;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::rules::Rule;
use std::net::Ipv6Addr;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  target_host = digitalocean_droplet.web.ipv6_address
}
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  target_host = digitalocean_droplet.web.ipv4_address
}
"#,
        undecidable: r#"-- main.tf --
variable "it" {}
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  target_host = var.it
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "tofu-target-host-ipv6-literal",
    severity: Severity::Warning,
    title: "an IPv6 address as target",
    why: "One text serves as the target of ssh, which wants no brackets, and as the host of a store URL, which wants them. Copying the system fails.",
    fix: "Use the IPv4 address, or a host alias of ssh_config.",
    evidence: "nixos-anywhere: terraform/nixos-rebuild/deploy.sh",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let installers = facts.installers().into_iter();
    installers
        .filter_map(|installer| {
            let attribute = installer.body().attribute("target_host")?;
            let value = &attribute.value;
            let shown = match value.reference() {
                Some(reference) => {
                    (reference.attribute() == Some("ipv6_address")).then(|| reference.to_string())
                }
                None => value
                    .text()
                    .filter(|it| it.trim_matches(['[', ']']).parse::<Ipv6Addr>().is_ok()),
            }?;
            let message = format!(
                "`target_host` is the IPv6 address `{shown}`, which ssh and Nix write differently"
            );
            let droplet = droplet_of(&installer);
            let droplet = droplet.as_deref().unwrap_or("digitalocean_droplet.<name>");
            let help = format!("write `target_host = {droplet}.ipv4_address`");
            let finding = facts.finding_on(&RULE, attribute, message, help);
            Some(finding.labelled("IPv6"))
        })
        .collect()
}
