use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
use crate::preflight::host::{on_droplets, report, text_of};
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
{ boot.kernelParams = [ "panic=1" "boot.panic_on_fail" ]; }
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ boot.kernelParams = [ "panic=30" ]; }
"#,
        undecidable: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ panic, ... }: { boot.kernelParams = [ "panic=${panic}" "boot.panic_on_fail" ]; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "do-panic-loop",
    severity: Severity::Advice,
    title: "a boot that fails starts again at once, for ever",
    why: "With `panic=1` and `boot.panic_on_fail` nobody can read why stage 1 failed. That is right for a server that recovers by itself and in the way of whoever looks for the fault.",
    fix: "Keep it, or filter the two parameters out while you look for a fault.",
    evidence: "nixpkgs: nixos/modules/profiles/headless.nix",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_droplets(facts, |system| {
        let parameters = system.at("boot.kernelParams").list().items;
        // Only what the project itself asks for: with a module from outside it is no choice.
        let has = |wanted: &str| {
            let found = parameters
                .iter()
                .find(|it| text_of(it).is_some_and(|it| it == wanted));
            found.and_then(|it| it.place.as_ref())
        };
        let place = has("panic=1")?;
        has("boot.panic_on_fail")?;
        let message = "a boot that fails starts again after a second, so nobody reads why";
        let help = "remove `\"panic=1\"` while you look for a fault";
        Some(report(facts, &RULE, system, Some(place), message, help))
    })
}
