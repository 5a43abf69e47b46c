use super::RECORDS;
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
resource "cloudflare_dns_record" "web" {
  type = "AAAA"
  content = digitalocean_droplet.web.ipv6_address
  ttl = 1
}
"#,
        good: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
resource "cloudflare_dns_record" "web" {
  type = "A"
  content = digitalocean_droplet.web.ipv4_address
  ttl = 1
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
resource "cloudflare_dns_record" "web" {
  type    = "AAAA"
  content = digitalocean_droplet.web.ipv6_address
  ttl     = 1
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "caddy-aaaa-mismatch",
    severity: Severity::Warning,
    title: "an AAAA record of a droplet without IPv6",
    why: "Let us Encrypt and many clients try IPv6 first. Where the record leads nowhere, certificates fail and pages hang.",
    fix: "Write `ipv6 = true` on the droplet, or remove the record.",
    evidence: "Let us Encrypt: IPv6 support",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    records_without_ipv6(facts, &RECORDS, "content")
        .into_iter()
        .map(|(record, attribute, droplet)| {
            let message = format!(
                "`{}` leads to the IPv6 address of `{}`, which has none",
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
