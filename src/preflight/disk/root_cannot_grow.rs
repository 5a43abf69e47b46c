use super::{Holder, Mount, mounts, partitions, root_disk};
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::nixos::{System, View};
use crate::preflight::Check;
use crate::preflight::host::{is_on, on_droplets, report, undefined};
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
  root = { size = "20G"; content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; }; };
  data = { size = "100%"; content = { type = "filesystem"; format = "ext4"; mountpoint = "/data"; }; };
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
boot.growPartition = true; }
"#,
        undecidable: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ size, ... }: { imports = [ <disko/module.nix> ]; disko.devices.disk.main = { type = "disk"; device = "/dev/vda"; content = { type = "gpt"; partitions = {
  boot = { size = "1M"; type = "EF02"; };
  root = { inherit size; content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; }; };
}; }; };
boot.growPartition = true; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "disk-root-cannot-grow",
    severity: Severity::Warning,
    title: "`/` cannot grow with the disk",
    why: "`boot.growPartition` extends the partition behind the root device into free space right after it. It knows neither LVM nor encryption, and a partition that follows is in the way.",
    fix: "Put `/` on the last partition, without LVM or LUKS, with `size = \"100%\"`.",
    evidence: "nixpkgs: nixos/modules/system/boot/grow-partition.nix",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_droplets(facts, |system| {
        let root = mounts(system).into_iter().find(|mount| mount.path == "/")?;
        if !is_on(system, "boot.growPartition") {
            return grows_alone(facts, system, &root);
        }
        let message = match root.holder {
            Holder::Group => "`/` is on LVM, which `boot.growPartition` cannot enlarge".to_owned(),
            Holder::Encrypted => {
                "`/` is encrypted, which `boot.growPartition` cannot enlarge".to_owned()
            }
            Holder::Partition => {
                let disk = root_disk(system)?;
                let last = partitions(&disk)
                    .into_iter()
                    .find(|(_, it)| it.at("size").string().is(&"100%".to_owned()))?;
                let size = system_size(&disk, &root.partition)?;
                if size == "100%" {
                    return None;
                }
                format!(
                    "partition `{}` follows that of `/`, which therefore cannot grow",
                    last.0
                )
            }
        };
        let help = "give `/` the last partition, with `size = \"100%\"` and a plain filesystem";
        Some(report(
            facts,
            &RULE,
            system,
            root.place.as_ref(),
            message,
            help,
        ))
    })
}

/// A filesystem that is to grow in a partition that never does.
fn grows_alone(facts: &Facts<'_>, system: &System, root: &Mount) -> Option<Finding> {
    let grows = system.at(&["fileSystems", "/", "autoResize"]).boolean();
    let place = grows.place().filter(|_| grows.is(&true))?;
    if root.holder != Holder::Partition || !undefined(system, &["boot.growPartition"]) {
        return None;
    }
    let message = "the filesystem of `/` grows with its partition, which never grows";
    let help = "add `boot.growPartition = true;`";
    Some(report(facts, &RULE, system, Some(place), message, help))
}

fn system_size(disk: &View, partition: &str) -> Option<String> {
    let size = disk
        .at("content.partitions")
        .at(&[partition, "size"])
        .string();
    size.value().cloned()
}
