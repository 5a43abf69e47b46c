use super::RECORDS;
use crate::facts::Droplet;
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
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
resource "cloudflare_dns_record" "web" {
  type = "A"
  content = digitalocean_droplet.web.ipv4_address
  ttl = 1
  proxied = true
}
-- caddy.nix --
{ services.caddy.enable = true; }
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
  proxied = false
}
-- caddy.nix --
{ services.caddy.enable = true; }
"#,
        undecidable: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
variable "it" {}
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
resource "cloudflare_dns_record" "web" {
  type = "A"
  content = digitalocean_droplet.web.ipv4_address
  ttl = 1
  proxied = var.it
}
-- caddy.nix --
{ services.caddy.enable = true; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "caddy-cloudflare-proxied",
    severity: Severity::Warning,
    title: "Caddy asks for certificates behind a proxy of Cloudflare",
    why: "Cloudflare ends TLS itself, so the TLS challenge never reaches Caddy, and the plain one passes only as long as no redirect or filter of the zone touches it. With the mode Flexible the redirects chase each other.",
    fix: "Write `proxied = false`, or use the DNS challenge or a certificate of Cloudflare.",
    evidence: "Cloudflare: proxy status of records; Caddy: automatic HTTPS",
};

/// Whatever shows that certificates come another way, or might.
const OTHER_WAYS: [&str; 12] = [
    "acme_dns",
    "dns cloudflare",
    "caddy-dns",
    "dnsProvider",
    "useACMEHost",
    "security.acme",
    "tls internal",
    "origin_",
    "origin-",
    "origin.",
    "auto_https",
    "cloudflared",
];

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    if facts.droplets().is_empty() || !facts.nix_mentions(&["services.caddy"]) {
        return Vec::new();
    }
    if facts
        .files
        .values()
        .any(|text| OTHER_WAYS.iter().any(|way| text.contains(way)))
    {
        return Vec::new();
    }
    let droplets = facts.droplets();
    let records = RECORDS.iter().flat_map(|kind| facts.tofu().resources(kind));
    records
        .filter(|(_, record)| record.body().boolean("proxied").is(&true))
        .filter(|(_, record)| points_to(&droplets, record))
        .filter_map(|(_, record)| {
            let attribute = record.body().attribute("proxied")?;
            let message = format!(
                "`{}` is proxied, and Caddy asks for its certificate behind it",
                record.address()
            );
            let patch = facts.replacement(&attribute.value.place, "false");
            let finding = facts.finding_on(&RULE, attribute, message, "write `proxied = false`");
            Some(
                finding
                    .labelled("Cloudflare answers instead")
                    .patched_if(patch),
            )
        })
        .collect()
}

/// Whether a record leads to one of the droplets.
fn points_to(droplets: &[Droplet<'_>], record: &Resource) -> bool {
    let content = ["content", "value"].map(|name| record.body().read(name));
    content
        .iter()
        .filter_map(|it| it.value()?.reference())
        .any(|reference| droplets.iter().any(|it| it.resource.is_meant_by(reference)))
}
