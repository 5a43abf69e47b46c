use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::rules::Rule;
use crate::tofu::{Module, Resource};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
terraform {
  required_providers {
    cloudflare = {
      source  = "cloudflare/cloudflare"
      version = "~> 5.22"
    }
  }
}
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
resource "cloudflare_record" "web" {
  type = "A"
  content = digitalocean_droplet.web.ipv4_address
}
"#,
        good: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
terraform {
  required_providers {
    cloudflare = {
      source  = "cloudflare/cloudflare"
      version = "~> 5.22"
    }
  }
}
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
resource "cloudflare_dns_record" "web" {
  type = "A"
  content = digitalocean_droplet.web.ipv4_address
  ttl = 300
}
"#,
        undecidable: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
terraform {
  required_providers {
    cloudflare = {
      source  = "cloudflare/cloudflare"
      version = ">= 4.0"
    }
  }
}
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
resource "cloudflare_record" "web" {
  type = "A"
  content = digitalocean_droplet.web.ipv4_address
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "caddy-cf-record-shape",
    severity: Severity::Warning,
    title: "a Cloudflare record in the words of another provider version",
    why: "Version 5 renamed the resource to `cloudflare_dns_record` and the value to `content`, and asks for `ttl`, which has to be 1 where the record is proxied. The last is refused only during the apply.",
    fix: "Write the record in the words of the version that `required_providers` names.",
    evidence: "the Cloudflare provider 5.22: docs/resources/dns_record.md",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    if facts.droplets().is_empty() {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for module in &facts.tofu().modules {
        let version = version(module);
        for record in module
            .resources("cloudflare_record")
            .filter(|_| version == Some(5))
        {
            let message = format!(
                "`{}` is a resource of version 4, and version 5 is asked for",
                record.address()
            );
            let help = format!(
                "write `resource \"cloudflare_dns_record\" \"{}\"` with `content` and `ttl`",
                record.name
            );
            let finding = facts.finding(&RULE, Some(&record.block.header), message, help);
            findings.push(finding.labelled("not in version 5"));
        }
        for record in module.resources("cloudflare_dns_record") {
            if version == Some(4) {
                let message = format!(
                    "`{}` is a resource of version 5, and version 4 is asked for",
                    record.address()
                );
                let help = "write `version = \"~> 5.22\"` for cloudflare in `required_providers`";
                let finding = facts.finding(&RULE, Some(&record.block.header), message, help);
                findings.push(finding.labelled("not in version 4"));
            } else {
                findings.extend(misshapen(facts, record));
            }
        }
    }
    findings
}

/// The major version of the provider that a module certainly asks for.
fn version(module: &Module) -> Option<u32> {
    let mut wanted = module
        .required_providers()
        .filter_map(|it| it.attribute("cloudflare"));
    let entry = wanted
        .next()?
        .value
        .object()?
        .entries
        .get("version")?
        .text()?;
    if entry.contains(',') || entry.contains('<') || entry.contains('!') {
        return None;
    }
    let number = entry.trim_start_matches(['~', '>', '=', ' ', 'v']);
    let major = number.split('.').next()?.trim().parse().ok()?;
    // An open end may lead to any later version.
    (major >= 5 || !entry.contains(">=") || entry.contains("~>")).then_some(major)
}

fn misshapen(facts: &Facts<'_>, record: &Resource) -> Option<Finding> {
    let body = record.body();
    let block = &record.block;
    if let Some(value) = body.attribute("value") {
        let message = format!(
            "`{}` says `value`, which version 5 calls `content`",
            record.address()
        );
        let patch = facts.replacement(&value.name, "content");
        let finding = facts.finding(&RULE, Some(&value.name), message, "write `content`");
        return Some(finding.labelled("renamed").patched_if(patch));
    }
    if body.read("ttl").is_absent() {
        let message = format!(
            "`{}` has no `ttl`, which version 5 asks for",
            record.address()
        );
        let patch = facts.setting(block, "ttl", "1");
        let finding = facts.finding(&RULE, Some(&block.header), message, "add `ttl = 1`");
        return Some(finding.labelled("without `ttl`").patched_if(patch));
    }
    let kind = body.text("type");
    let is_address = matches!(
        kind.value().map(String::as_str),
        Some("A" | "AAAA" | "CNAME")
    );
    if is_address && body.read("content").is_absent() && body.read("data").is_absent() {
        let message = format!(
            "`{}` has no `content`, so it leads nowhere",
            record.address()
        );
        let help = "add `content` with the address of the droplet";
        let finding = facts.finding(&RULE, Some(&block.header), message, help);
        return Some(finding.labelled("leads nowhere"));
    }
    let ttl = *body.number("ttl").value()?;
    if body.boolean("proxied").is(&true) && (ttl - 1.0).abs() > f64::EPSILON {
        let attribute = body.attribute("ttl")?;
        let message = format!(
            "`{}` is proxied and has a `ttl` of {ttl}, which Cloudflare refuses",
            record.address()
        );
        let patch = facts.replacement(&attribute.value.place, "1");
        let finding = facts.finding_on(&RULE, attribute, message, "write `ttl = 1`");
        return Some(finding.labelled("has to be 1").patched_if(patch));
    }
    None
}
