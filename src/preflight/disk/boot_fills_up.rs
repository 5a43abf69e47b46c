use super::{Holder, megabytes, mounts, uses_grub};
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
use crate::preflight::host::{beside, on_droplets, report};
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
{ ... }: { imports = [ <disko/module.nix> ]; disko.devices.disk.main = { type = "disk"; device = "/dev/vda"; content = { type = "gpt"; partitions = {
  boot = { size = "1M"; type = "EF02"; };
  ESP = { size = "500M"; type = "EF00"; content = { type = "filesystem"; format = "vfat"; mountpoint = "/boot"; }; };
  root = { size = "100%"; content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; }; };
}; }; };
 }
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ ... }: { imports = [ <disko/module.nix> ]; disko.devices.disk.main = { type = "disk"; device = "/dev/vda"; content = { type = "gpt"; partitions = {
  boot = { size = "1M"; type = "EF02"; };
  ESP = { size = "500M"; type = "EF00"; content = { type = "filesystem"; format = "vfat"; mountpoint = "/boot"; }; };
  root = { size = "100%"; content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; }; };
}; }; };
boot.loader.grub.configurationLimit = 5; }
"#,
        undecidable: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ limit, ... }: { imports = [ <disko/module.nix> ]; disko.devices.disk.main = { type = "disk"; device = "/dev/vda"; content = { type = "gpt"; partitions = {
  boot = { size = "1M"; type = "EF02"; };
  ESP = { size = "500M"; type = "EF00"; content = { type = "filesystem"; format = "vfat"; mountpoint = "/boot"; }; };
  root = { size = "100%"; content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; }; };
}; }; };
boot.loader.grub.configurationLimit = limit; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "boot-partition-fills-up",
    severity: Severity::Warning,
    title: "`/boot` fills up with old kernels",
    why: "On a `/boot` of its own GRUB keeps kernel and ramdisk of every generation, up to a hundred. Once it is full every deployment fails with \"No space left on device\".",
    fix: "Add `boot.loader.grub.configurationLimit = 8;`, and give `/boot` 1G.",
    evidence: "nixpkgs issue 23926; srvos: nixos/server",
};

/// As many generations fit into half a gigabyte, with some room.
const FITS: i64 = 10;

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_droplets(facts, |system| {
        let limit = system.at("boot.loader.grub.configurationLimit").integer();
        let many = *limit.value()?;
        if !uses_grub(system) || many <= FITS {
            return None;
        }
        let boot = mounts(system)
            .into_iter()
            .find(|mount| mount.path == "/boot")?;
        let size = boot
            .size
            .as_deref()
            .filter(|_| boot.holder == Holder::Partition)?;
        if megabytes(size)? >= 1024 {
            return None;
        }
        let message = format!("`/boot` has {size} for the kernels of up to {many} generations");
        let help = "add `boot.loader.grub.configurationLimit = 5;`";
        let place = limit.place().cloned();
        let place = place
            .or_else(|| beside(system, &["boot.loader.grub"]))
            .or_else(|| boot.place.clone());
        let finding = report(facts, &RULE, system, place.as_ref(), message, help);
        Some(match boot.place {
            Some(place) => finding.related(place.location(), "the small partition"),
            None => finding,
        })
    })
}
