use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
use crate::preflight::host::{beside, is_off, on_droplets, report, size, undefined};
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
  size  = "s-1vcpu-2gb"
}
-- configuration.nix --
{ networking.hostName = "a"; }
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
  size  = "s-1vcpu-2gb"
}
-- configuration.nix --
{ zramSwap.enable = true; }
"#,
        undecidable: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
  size  = "s-1vcpu-2gb"
}
-- configuration.nix --
{ swap, ... }: { swapDevices = swap; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "disk-no-swap",
    severity: Severity::Warning,
    title: "a small droplet without swap",
    why: "Droplets come without swap. Evaluating and unpacking take one to two gigabytes at their peak, and the process that runs then is killed without a word.",
    fix: "Add `zramSwap.enable = true;`, or a swap partition before the root partition.",
    evidence: "Nix issue 2664; nixpkgs issue 135033",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let Some((size, place)) = size(facts).filter(|(size, _)| size.memory_mib <= 4096) else {
        return Vec::new();
    };
    let others = [
        "services.swapspace",
        "services.zram-generator",
        "systemd.swaps",
    ];
    on_droplets(facts, |system| {
        let swap = system.at("swapDevices").list();
        if !swap.complete
            || !swap.items.is_empty()
            || !is_off(system, "zramSwap.enable")
            || !undefined(system, &others)
        {
            return None;
        }
        let own = beside(system, &["zramSwap", "boot", "networking.hostName"]);
        let message = format!(
            "the droplet has {} MB of memory and no swap",
            size.memory_mib
        );
        let finding = report(
            facts,
            &RULE,
            system,
            own.as_ref(),
            message,
            "add `zramSwap.enable = true;`",
        );
        Some(finding.related(place.location(), format!("{} MB", size.memory_mib)))
    })
}
