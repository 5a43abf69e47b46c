use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
use crate::preflight::host::{beside, on_droplets, report, texts};
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
{ boot.kernelParams = [ "console=tty1" "console=ttyS0" ]; }
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ boot.kernelParams = [ "console=ttyS0,115200" "console=tty1" ]; }
"#,
        undecidable: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ more, ... }: { boot.kernelParams = [ "console=ttyS0" ] ++ more; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "do-console-is-serial-only",
    severity: Severity::Advice,
    title: "the recovery console shows nothing of a failing boot",
    why: "The kernel and the first programs write to the last console that is named. The recovery console shows the screen, not the serial line.",
    fix: "Add `boot.kernelParams = lib.mkAfter [ \"console=tty1\" ];`.",
    evidence: "nixpkgs: digital-ocean-config.nix; srvos: nixos/common/serial.nix",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_droplets(facts, |system| {
        let parameters = texts(&system.at("boot.kernelParams"))?;
        let last = parameters
            .iter()
            .rev()
            .find(|it| it.starts_with("console="))?;
        if !last.starts_with("console=ttyS") {
            return None;
        }
        let place = beside(system, &["boot.kernelParams"]);
        let place = place.or_else(|| system.imports("digital-ocean").cloned());
        let message = format!("`{last}` is the last console, so the recovery console stays blank");
        let help = "add `boot.kernelParams = lib.mkAfter [ \"console=tty1\" ];`";
        Some(report(facts, &RULE, system, place.as_ref(), message, help))
    })
}
