use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
use crate::preflight::host::{on_droplets, replacing, report};
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ nixpkgs.hostPlatform = "aarch64-linux"; }
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ nixpkgs.hostPlatform = "x86_64-linux"; }
"#,
        undecidable: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ system, ... }: { nixpkgs.hostPlatform = system; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "build-arch-mismatch",
    severity: Severity::Error,
    title: "the system is built for another processor",
    why: "Every droplet is an x86_64 machine. A system for another platform installs and does not start.",
    fix: "Write `nixpkgs.hostPlatform = \"x86_64-linux\";`.",
    evidence: "DigitalOcean: the list of sizes",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_droplets(facts, |system| {
        let option = system.at("nixpkgs.hostPlatform");
        let whole = option.string();
        let platform = match whole.value() {
            Some(_) => whole,
            None => option.at("system").string(),
        };
        let name = platform
            .value()
            .filter(|name| !name.starts_with("x86_64-"))?;
        let message = format!("the system is built for `{name}`, and droplets are `x86_64-linux`");
        let help = "write `nixpkgs.hostPlatform = \"x86_64-linux\";`";
        let finding = report(facts, &RULE, system, platform.place(), message, help);
        Some(replacing(
            facts,
            finding,
            platform.place(),
            "\"x86_64-linux\"",
        ))
    })
}
