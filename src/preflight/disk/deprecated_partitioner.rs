use crate::facts::Facts;
use crate::finding::Patch;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::rules::Rule;
use crate::tofu::Attribute;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"-- main.tf --
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one"
  nixos_partitioner_attr = ".#nixosConfigurations.a.config.system.build.disko"
}
"#,
        good: r#"-- main.tf --
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one"
  nixos_partitioner_attr = ".#nixosConfigurations.a.config.system.build.diskoScript"
}
"#,
        undecidable: r#"-- main.tf --
variable "it" {}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one"
  nixos_partitioner_attr = ".#nixosConfigurations.a.config.system.build.${var.it}"
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "disk-deprecated-partitioner-attr",
    severity: Severity::Warning,
    title: "an output of disko that will go",
    why: "`disko` and `diskoNoDeps` below `system.build` are deprecated names.",
    fix: "Write `diskoScript` or `diskoScriptNoDeps`.",
    evidence: "disko: module.nix",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let calls = facts
        .tofu()
        .modules
        .iter()
        .flat_map(|module| module.module_calls());
    let attributes = calls.flat_map(|call| {
        let names = ["nixos_partitioner_attr", "attribute"];
        names
            .into_iter()
            .filter_map(|name| call.block.body.attribute(name))
    });
    attributes
        .filter_map(|attribute| judge(facts, attribute))
        .collect()
}

fn judge(facts: &Facts<'_>, attribute: &Attribute) -> Option<Finding> {
    let value = attribute.value.text()?;
    let outdated = ["disko", "diskoNoDeps"];
    let (path, last) = value.rsplit_once('.')?;
    if !path.ends_with("system.build") || !outdated.contains(&last) {
        return None;
    }
    let new = last.replace("disko", "diskoScript");
    let message = format!("`system.build.{last}` is a deprecated name of `{new}`");
    let help = format!("write `system.build.{new}`");
    let place = &attribute.value.place;
    let finding = facts.finding(&RULE, Some(place), message, help);
    let written = facts.files.get(&*place.file)?.get(place.range())?;
    let ending = format!("system.build.{last}\"");
    if !written.ends_with(&ending) {
        return Some(finding);
    }
    let end = place.range().end - 1;
    Some(finding.patched(Patch {
        file: place.file.to_string(),
        range: end - last.len()..end,
        replacement: new,
    }))
}
