//! `tofu-foreign-bucket`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::rules::Rule;
use crate::tofu::{Block, Value};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"
-- configuration.nix --
{ boot.loader.grub.enable = true; }
-- main.tf --
terraform {
  backend "s3" {
    bucket       = "state"
    region       = "us-east-1"
    endpoints    = { s3 = "https://ams3.digitaloceanspaces.com" }
  }
}
"#,
        good: r#"
-- configuration.nix --
{ boot.loader.grub.enable = true; }
-- main.tf --
terraform {
  backend "s3" {
    bucket                      = "state"
    region                      = "us-east-1"
    endpoints                   = { s3 = "https://ams3.digitaloceanspaces.com" }
    skip_credentials_validation = true
    skip_requesting_account_id  = true
  }
}
"#,
        undecidable: r#"
-- configuration.nix --
{ boot.loader.grub.enable = true; }
-- main.tf --
variable "store" {}
terraform {
  backend "s3" {
    bucket       = "state"
    region       = "us-east-1"
    endpoints    = { s3 = var.store }
  }
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "tofu-foreign-bucket",
    severity: Severity::Error,
    title: "a bucket that is not at Amazon, and Amazon is asked about it",
    why: "Before it touches the bucket, `tofu init` asks Amazon whose the credentials are. Those of DigitalOcean Spaces or of another store are unknown there, and it stops.",
    fix: "Set `skip_credentials_validation` and `skip_requesting_account_id`, and `skip_region_validation` where the region is none of Amazon.",
    evidence: "OpenTofu: the backend s3",
};

/// What makes OpenTofu ask Amazon, unless it is told not to.
const SKIPS: [&str; 2] = ["skip_credentials_validation", "skip_requesting_account_id"];

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    if !facts.deploys() {
        return Vec::new();
    }
    let backends = facts.tofu().modules.iter().filter_map(|it| it.backend());
    backends
        .flat_map(|backend| asking(facts, backend))
        .collect()
}

fn asking(facts: &Facts<'_>, backend: &Block) -> Vec<Finding> {
    let Some(endpoint) = endpoint(backend).filter(|it| !it.contains("amazonaws")) else {
        return Vec::new();
    };
    let asks = |name: &&str| {
        let skips = backend.body.boolean(name);
        skips.is_absent() || skips.is(&false)
    };
    let region = backend.body.text("region");
    let is_foreign = region.value().is_some_and(|it| !is_of_amazon(it));
    let region = is_foreign.then_some("skip_region_validation");
    let missing = SKIPS.into_iter().chain(region).filter(asks);
    missing
        .map(|name| {
            let message =
                format!("the bucket is at `{endpoint}`, and Amazon is asked without `{name}`");
            let help = format!("add `{name} = true` to the backend");
            let patch = facts.setting(backend, name, "true");
            let finding = facts.finding(&RULE, Some(&backend.header), message, help);
            finding.labelled("asks Amazon").patched_if(patch)
        })
        .collect()
}

fn endpoint(backend: &Block) -> Option<String> {
    if backend.labels.first()? != "s3" {
        return None;
    }
    if let Some(endpoint) = backend.body.text("endpoint").value() {
        return Some(endpoint.clone());
    }
    let endpoints = backend.body.read("endpoints");
    endpoints
        .value()?
        .object()?
        .entries
        .get("s3")
        .and_then(Value::text)
}

/// Whether a region is written as those of Amazon are, such as `eu-central-1`.
fn is_of_amazon(region: &str) -> bool {
    let parts: Vec<&str> = region.split('-').collect();
    parts.len() >= 3 && parts.last().is_some_and(|it| it.parse::<u8>().is_ok())
}
