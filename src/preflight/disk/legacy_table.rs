use super::disks;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
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
{ imports = [ <disko/module.nix> ]; disko.devices.disk.main = { device = "/dev/vda"; content = { type = "table"; format = "gpt"; partitions = [ ]; }; }; }
"#,
        good: r#"-- configuration.nix --
{ ... }: { imports = [ <disko/module.nix> ]; disko.devices.disk.main = { type = "disk"; device = "/dev/vda"; content = { type = "gpt"; partitions = {
  boot = { size = "1M"; type = "EF02"; };
  root = { size = "100%"; content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; }; };
}; }; };
 }
"#,
        undecidable: r#"-- configuration.nix --
{ type, ... }: { imports = [ <disko/module.nix> ]; disko.devices.disk.main = { device = "/dev/vda"; content = { inherit type; partitions = [ ]; }; }; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "disk-legacy-table",
    severity: Severity::Warning,
    title: "a disk layout in disko's old form",
    why: "The type `table` is kept for old machines only, clashes with options of today, and will go.",
    fix: "Write `type = \"gpt\"` with `partitions` as an attribute set.",
    evidence: "disko: lib/types/table.nix",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_all(facts, |system| {
        disks(system).into_iter().find_map(|disk| {
            let kind = disk.at("content.type").string();
            if !kind.is(&"table".to_owned()) {
                return None;
            }
            let message = "the disk's layout is a `table`, disko's old form";
            let help = "write `type = \"gpt\";` and make `partitions` an attribute set";
            Some(report(facts, &RULE, system, kind.place(), message, help))
        })
    })
}
