use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::nixos::System;
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
        let has_module = system.imports("disko").is_some();
        if !system.unread.is_empty() || declares_disko(facts, system) {
            return None;
        }
        let devices = system.at("disko.devices");
        match (has_module, devices.is_defined()?) {
            (false, true) => {
                let message = "a layout is declared, but nothing imports disko's module";
                let help = "add `inputs.disko.nixosModules.disko` to the modules";
                Some(report(
                    facts,
                    &RULE,
                    system,
                    devices.place().as_ref(),
                    message,
                    help,
                ))
            }
            (true, false) => no_layout(facts, system),
            _ => None,
        }
    })
}

fn no_layout(facts: &Facts<'_>, system: &System) -> Option<Finding> {
    let root = system.at(&["fileSystems", "/"]).is_defined()?;
    let is_droplet = facts
        .droplet_systems()
        .iter()
        .any(|it| it.place == system.place);
    if root || !is_droplet {
        return None;
    }
    let message = "disko's module is imported, but no layout is declared";
    let help = "import the file that sets `disko.devices`";
    Some(report(
        facts,
        &RULE,
        system,
        system.imports("disko"),
        message,
        help,
    ))
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
