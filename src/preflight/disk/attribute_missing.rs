use super::{disks, is_gpt, partitions};
use crate::evaluation::Value;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::nixos::View;
use crate::preflight::Check;
use crate::preflight::host::report;
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::reading::Read;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"-- configuration.nix --
{
  disko.devices.disk.main = {
    device = "/dev/vda";
    content = {
      type = "gpt";
      partitions.root = {
        size = "100%";
        content = { type = "filesystem"; mountpoint = "/"; };
      };
    };
  };
}
"#,
        good: r#"-- configuration.nix --
{
  disko.devices.disk.main = {
    device = "/dev/vda";
    content = {
      type = "gpt";
      partitions.boot = { size = "1M"; type = "EF02"; };
      partitions.root = {
        size = "100%";
        content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; };
      };
    };
  };
}
"#,
        undecidable: r#"-- configuration.nix --
{ content, ... }:
{
  disko.devices.disk.main = {
    device = "/dev/vda";
    content = {
      type = "gpt";
      partitions.root = { size = "100%"; inherit content; };
    };
  };
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "disk-attribute-missing",
    severity: Severity::Error,
    title: "disko is not told enough to make the disk",
    why: "What a partition holds is decided by `type`, a filesystem is made as `format` says, and a partition without a size takes what the others need. The first two end the evaluation, the last the partitioning, once the old system is gone.",
    fix: "Write the attribute.",
    evidence: "disko's types gpt and filesystem",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for system in facts.systems() {
        for disk in disks(system) {
            let whole = [("the disk".to_owned(), disk.at("content"))];
            let parts = partitions(&disk);
            let inside = parts
                .iter()
                .map(|(name, it)| (format!("the partition `{name}`"), it.at("content")));
            let lacking = whole.into_iter().chain(inside);
            let lacking = lacking.filter_map(|(holder, content)| lacks(&holder, &content));
            let several = parts.len() > 1 && is_gpt(&disk);
            let sizeless = parts.iter().filter(|(_, it)| several && has_no_size(it));
            let sizeless = sizeless.map(|(name, it)| {
                let message = format!("the partition `{name}` has no `size`, and it is not alone on its disk");
                (message, "add `size = \"100%\";` to the last partition, and a size such as `\"1G\"` to any other".to_owned(), it.clone())
            });
            for (message, help, view) in lacking.chain(sizeless) {
                let place = view.place();
                findings.push(report(facts, &RULE, system, place.as_ref(), message, help));
            }
        }
    }
    findings
}

fn lacks(holder: &str, content: &View) -> Option<(String, String, View)> {
    let is_null = matches!(content.value(), Read::Known(Value::Null, _));
    if content.is_defined() != Some(true) || is_null {
        return None;
    }
    if content.at("type").is_defined() == Some(false) {
        let message = format!("what {holder} holds has no `type`");
        let help = "add `type = \"filesystem\";` to the `content`, or what it is".to_owned();
        return Some((message, help, content.clone()));
    }
    let is_filesystem = content.at("type").string().is(&"filesystem".to_owned());
    (is_filesystem && content.at("format").is_defined() == Some(false)).then(|| {
        let message = format!("the filesystem on {holder} has no `format`");
        (
            message,
            "add `format = \"ext4\";`".to_owned(),
            content.clone(),
        )
    })
}

fn has_no_size(partition: &View) -> bool {
    let says = ["size", "end"];
    says.iter()
        .all(|it| partition.at(*it).is_defined() == Some(false))
}
