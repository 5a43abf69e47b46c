use super::partitions;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::nixos::{System, View};
use crate::preflight::Check;
use crate::preflight::host::{on_all, report};
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"-- configuration.nix --
{ disko.devices.disk.main.device = "/dev/vda"; }
"#,
        good: r#"-- configuration.nix --
{ imports = [ <disko/module.nix> ]; disko.devices.disk.main.device = "/dev/vda"; }
"#,
        undecidable: r#"-- configuration.nix --
{ modules, ... }: { imports = modules; disko.devices.disk.main.device = "/dev/vda"; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "disk-module-or-layout-missing",
    severity: Severity::Error,
    title: "disko's module or its layout is missing",
    why: "Without the module the option `disko` does not exist; without a layout there is nothing to install to and the partitioning stops.",
    fix: "Add `inputs.disko.nixosModules.disko` to the modules, and import the layout.",
    evidence: "disko: module.nix",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_all(facts, |system| {
        if !system.unread.is_empty() || declares_disko(facts, system) {
            return None;
        }
        let devices = system.at("disko.devices");
        match (system.imports("disko"), devices.is_defined()?) {
            (None, true) => {
                let message = "a layout is declared, but nothing imports disko's module";
                let help = "add `inputs.disko.nixosModules.disko` to the modules";
                let place = devices.place();
                Some(report(facts, &RULE, system, place.as_ref(), message, help))
            }
            (Some(import), false) if has_no_root(facts, system)? => {
                let message = "disko's module is imported, but no layout is declared";
                let help = "import the file that sets `disko.devices`";
                Some(report(facts, &RULE, system, Some(import), message, help))
            }
            (Some(_), true) if is_simple(&devices) && has_no_root(facts, system)? => {
                let message = "the layout mounts nothing at `/`";
                let help = "add `mountpoint = \"/\";` to the content of the root partition";
                let place = devices.place();
                Some(report(facts, &RULE, system, place.as_ref(), message, help))
            }
            _ => None,
        }
    })
}

/// Whether nothing says where `/` of a droplet is; `None` when that cannot be told.
fn has_no_root(facts: &Facts<'_>, system: &System) -> Option<bool> {
    let droplets = facts.droplet_systems();
    let is_droplet = droplets.iter().any(|it| std::ptr::eq(*it, system));
    let root = system.at(&["fileSystems", "/"]);
    let options = ["device", "label", "fsType"];
    let defined: Option<Vec<bool>> = options.iter().map(|it| root.at(*it).is_defined()).collect();
    Some(is_droplet && !defined?.contains(&true))
}

/// Whether a layout has nothing but plain filesystems and swap on the partitions of disks.
fn is_simple(devices: &View) -> bool {
    let kinds = devices.names();
    let disks = devices.at("disk").children();
    let is_plain = |partition: &View| {
        let content = partition.at("content");
        let kind = content.at("type").string();
        content.is_defined() == Some(false)
            || kind
                .value()
                .is_some_and(|it| it == "filesystem" || it == "swap")
    };
    let is_known = |disk: &View| {
        disk.at("content.partitions").names().complete
            && partitions(disk).iter().all(|(_, it)| is_plain(it))
    };
    kinds.complete
        && kinds.names.iter().all(|name| &**name == "disk")
        && devices.at("disk").names().complete
        && disks.iter().all(|(_, disk)| is_known(disk))
}

/// Whether one of the project's own files may be disko's module.
fn declares_disko(facts: &Facts<'_>, system: &System) -> bool {
    let texts = system
        .files
        .iter()
        .filter_map(|file| facts.files.get(&**file));
    texts
        .into_iter()
        .any(|text| text.contains("options.disko") || text.contains("disko = lib.mkOption"))
}
