use super::{Holder, mounts};
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
use crate::preflight::host::{beside, is_on, on_droplets, report};
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::reading::Read;
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
  root = { size = "100%"; content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; }; };
}; }; };
boot.growPartition = true; }
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ ... }: { imports = [ <disko/module.nix> ]; disko.devices.disk.main = { type = "disk"; device = "/dev/vda"; content = { type = "gpt"; partitions = {
  boot = { size = "1M"; type = "EF02"; };
  root = { size = "100%"; content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; }; };
}; }; };
boot.growPartition = true; fileSystems."/".autoResize = true; }
"#,
        undecidable: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ grow, ... }: { imports = [ <disko/module.nix> ]; disko.devices.disk.main = { type = "disk"; device = "/dev/vda"; content = { type = "gpt"; partitions = {
  boot = { size = "1M"; type = "EF02"; };
  root = { size = "100%"; content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; }; };
}; }; };
boot.growPartition = true; fileSystems."/".autoResize = grow; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "disk-autoresize-lost",
    severity: Severity::Warning,
    title: "the filesystem does not grow with the disk",
    why: "`boot.growPartition` enlarges the partition, not the filesystem in it. The `autoResize` of nixpkgs' DigitalOcean module is a default that disko's definition of `/` puts aside.",
    fix: "Add `fileSystems.\"/\".autoResize = true;`.",
    evidence: "nixpkgs: digital-ocean-config.nix; disko: lib/types/filesystem.nix",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_droplets(facts, |system| {
        let root = mounts(system).into_iter().find(|mount| mount.path == "/")?;
        let is_plain = root.holder == Holder::Partition && root.format.as_deref() == Some("ext4");
        if !is_on(system, "boot.growPartition") || !is_plain {
            return None;
        }
        let grows = system.at(&["fileSystems", "/", "autoResize"]).boolean();
        let lost = match &grows {
            Read::Known(true, place) => place.is_none(),
            Read::Known(false, _) | Read::Absent => true,
            Read::Unknown => false,
        };
        if !lost {
            return None;
        }
        let place = grows.place().cloned();
        let place = place
            .or_else(|| beside(system, &["boot.growPartition"]))
            .or(root.place);
        let message = "the partition of `/` grows with the disk, but its filesystem does not";
        let help = "add `fileSystems.\"/\".autoResize = true;`";
        Some(report(facts, &RULE, system, place.as_ref(), message, help))
    })
}
