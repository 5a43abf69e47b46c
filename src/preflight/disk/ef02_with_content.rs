use super::{disks, is_boot, partitions};
use crate::evaluation::Value;
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
{ ... }: { imports = [ <disko/module.nix> ]; disko.devices.disk.main = { type = "disk"; device = "/dev/vda"; content = { type = "gpt"; partitions = {
  root = { size = "100%"; type = "EF02"; content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; }; };
}; }; };
 }
"#,
        good: r#"-- configuration.nix --
{ ... }: { imports = [ <disko/module.nix> ]; disko.devices.disk.main = { type = "disk"; device = "/dev/vda"; content = { type = "gpt"; partitions = {
  boot = { size = "1M"; type = "EF02"; };
  root = { size = "100%"; content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; }; };
}; }; };
 }
"#,
        undecidable: r#"-- configuration.nix --
{ kind, ... }: { imports = [ <disko/module.nix> ]; disko.devices.disk.main = { type = "disk"; device = "/dev/vda"; content = { type = "gpt"; partitions = {
  root = { size = "100%"; type = kind; content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; }; };
}; }; };
 }
"#,
    },
};

static RULE: Rule = Rule {
    id: "boot-ef02-on-a-filesystem",
    severity: Severity::Error,
    title: "a partition is both GRUB's raw space and a filesystem",
    why: "Into a partition of type EF02 GRUB writes its core image, over whatever is there.",
    fix: "Give GRUB a partition of its own: `size = \"1M\"; type = \"EF02\";` without `content`.",
    evidence: "disko issue 1068",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_all(facts, |system| {
        let partitions = disks(system)
            .iter()
            .flat_map(partitions)
            .collect::<Vec<_>>();
        let (name, partition) = partitions.iter().find(|(_, partition)| {
            let content = partition.at("content");
            is_boot(partition) == Some(true)
                && content.is_defined() == Some(true)
                && !matches!(content.value().value(), Some(Value::Null))
        })?;
        let kind = partition.at("type").string();
        let message =
            format!("partition `{name}` is raw space for GRUB and holds a filesystem as well");
        let help = "remove this `type`, and add a partition with `size = \"1M\"; type = \"EF02\";`";
        let finding = report(facts, &RULE, system, kind.place(), message, help);
        Some(match partition.at("content").place() {
            Some(place) => finding.related(place.location(), "the content that GRUB overwrites"),
            None => finding,
        })
    })
}
