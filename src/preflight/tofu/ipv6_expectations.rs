use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
use crate::preflight::records_without_ipv6;
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
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
resource "digitalocean_record" "aaaa" {
  type  = "AAAA"
  value = digitalocean_droplet.web.ipv6_address
}
"#,
        good: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
  ipv6 = true
}
resource "digitalocean_record" "aaaa" {
  type  = "AAAA"
  value = digitalocean_droplet.web.ipv6_address
}
"#,
        undecidable: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
variable "it" {}
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
  ipv6 = var.it
}
resource "digitalocean_record" "aaaa" {
  type  = "AAAA"
  value = digitalocean_droplet.web.ipv6_address
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "net-ipv6-expectations",
    severity: Severity::Warning,
    title: "an AAAA record of a droplet without IPv6",
    why: "The droplet has no IPv6 address, so the record would be empty. IPv6 has to be decided when the droplet is made: switching it off again replaces the droplet.",
    fix: "Write `ipv6 = true` on the droplet, or remove the record.",
    evidence: "DigitalOcean: limits of IPv6; the provider: digitalocean_record",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    records_without_ipv6(facts, &["digitalocean_record"], "value")
        .into_iter()
        .map(|(record, attribute, droplet)| {
            let message = format!(
                "`{}` points to the IPv6 address of `{}`, which has none",
                record.address(),
                droplet.address()
            );
            let help = format!(
                "write `ipv6 = true` in `{}`, or remove the record",
                droplet.address()
            );
            let finding = facts.finding(&RULE, Some(&attribute.place), message, help);
            let droplet = droplet.block.header.location();
            finding
                .labelled("no such address")
                .related(droplet, "without `ipv6 = true`")
        })
        .collect()
}
