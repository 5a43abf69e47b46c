use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
use crate::preflight::host::{on_droplets, report, texts, undefined};
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
{ networking.hostName = "a"; }
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ modulesPath, ... }: { imports = [ (modulesPath + "/profiles/qemu-guest.nix") ]; }
"#,
        undecidable: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ modules, ... }: { boot.initrd.availableKernelModules = modules; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "boot-virtio-missing",
    severity: Severity::Error,
    title: "the initial ramdisk has no driver for the disk",
    why: "The disk of a droplet is a virtio device, and NixOS' usual modules hold none for it. Stage 1 waits for the root device and gives up.",
    fix: "Import `(modulesPath + \"/profiles/qemu-guest.nix\")`.",
    evidence: "nixpkgs: nixos/modules/profiles/qemu-guest.nix",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_droplets(facts, |system| {
        let available = system.at("boot.initrd.availableKernelModules");
        let mut modules = texts(&available)?;
        modules.extend(texts(&system.at("boot.initrd.kernelModules"))?);
        if !undefined(
            system,
            &[
                "hardware.facter",
                "facter",
                "boot.initrd.systemd.repart",
                "boot.isContainer",
            ],
        ) {
            return None;
        }
        let missing = ["virtio_blk", "virtio_pci"];
        let missing: Vec<&str> = missing
            .into_iter()
            .filter(|it| !modules.iter().any(|own| own == it))
            .collect();
        if missing.is_empty() {
            return None;
        }
        let message = format!(
            "stage 1 has no `{}`, so it never finds the disk",
            missing.join("` and no `")
        );
        let help = "add `(modulesPath + \"/profiles/qemu-guest.nix\")` to `imports`";
        let place = available.place();
        Some(report(facts, &RULE, system, place.as_ref(), message, help))
    })
}
