use super::uses_grub;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
use crate::preflight::host::{is_off, on_all, report, text_of};
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::reading::Place;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"-- configuration.nix --
{ ... }: { imports = [ <disko/module.nix> ]; disko.devices.disk.main = { type = "disk"; device = "/dev/vda"; content = { type = "gpt"; partitions = {
  boot = { size = "1M"; type = "EF02"; };
  root = { size = "100%"; content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; }; };
}; }; };
boot.loader.grub.device = "/dev/vda"; }
"#,
        good: r#"-- configuration.nix --
{ ... }: { imports = [ <disko/module.nix> ]; disko.devices.disk.main = { type = "disk"; device = "/dev/vda"; content = { type = "gpt"; partitions = {
  boot = { size = "1M"; type = "EF02"; };
  root = { size = "100%"; content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; }; };
}; }; };
 }
"#,
        undecidable: r#"-- configuration.nix --
{ disk, ... }: { imports = [ <disko/module.nix> ]; disko.devices.disk.main = { type = "disk"; device = "/dev/vda"; content = { type = "gpt"; partitions = {
  boot = { size = "1M"; type = "EF02"; };
  root = { size = "100%"; content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; }; };
}; }; };
boot.loader.grub.device = disk; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "boot-grub-device-twice",
    severity: Severity::Error,
    title: "GRUB is told the same disk twice",
    why: "disko names the disk of an EF02 partition to GRUB by itself. Named again, by hand or by nixpkgs' DigitalOcean module, it is in the list twice, and NixOS refuses: \"You cannot have duplicated devices in mirroredBoots\".",
    fix: "Remove `boot.loader.grub.device`, or write `boot.loader.grub.devices = lib.mkForce [ \"/dev/vda\" ];`.",
    evidence: "disko: lib/types/gpt.nix, issues 425, 748, 1068; nixpkgs: the assertions of grub.nix",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_all(facts, |system| {
        let grub = system.at("boot.loader.grub");
        if !uses_grub(system) || !is_off(&grub, "efiSupport") {
            return None;
        }
        let single = grub.at("device").string();
        let mut named: Vec<(String, Option<Place>)> = Vec::new();
        if let Some(device) = single.value().filter(|it| !it.is_empty()) {
            named.push((device.clone(), single.place().cloned()));
        }
        let items = grub.at("devices").list().items.into_iter();
        named.extend(items.filter_map(|item| Some((text_of(&item)?, item.place))));
        named.retain(|(device, _)| device != "nodev");
        let (device, _) = named.iter().enumerate().find_map(|(index, it)| {
            named[..index]
                .iter()
                .any(|earlier| earlier.0 == it.0)
                .then_some(it)
        })?;
        let mut places = named
            .iter()
            .filter(|it| it.0 == *device)
            .filter_map(|it| it.1.as_ref());
        let message = format!("GRUB gets `{device}` twice, which NixOS refuses");
        let (place, help) = match places.next() {
            Some(place) => (
                Some(place),
                format!(
                    "remove `{device}` here: disko adds the disk of an EF02 partition by itself"
                ),
            ),
            None => (
                system.imports("digital-ocean"),
                format!("add `boot.loader.grub.devices = lib.mkForce [ \"{device}\" ];`"),
            ),
        };
        Some(report(facts, &RULE, system, place, message, help))
    })
}
