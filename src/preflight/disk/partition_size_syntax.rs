use super::{disks, is_gpt, partitions};
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
use crate::preflight::host::{replacing, report};
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
  boot = { size = "1M"; type = "EF02"; };
  swap = { size = "2GiB"; content.type = "swap"; };
  root = { size = "100%"; content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; }; };
}; }; };
 }
"#,
        good: r#"-- configuration.nix --
{ ... }: { imports = [ <disko/module.nix> ]; disko.devices.disk.main = { type = "disk"; device = "/dev/vda"; content = { type = "gpt"; partitions = {
  boot = { size = "1M"; type = "EF02"; };
  swap = { size = "2G"; content.type = "swap"; };
  root = { size = "100%"; content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; }; };
}; }; };
 }
"#,
        undecidable: r#"-- configuration.nix --
{ size, ... }: { imports = [ <disko/module.nix> ]; disko.devices.disk.main = { type = "disk"; device = "/dev/vda"; content = { type = "gpt"; partitions = {
  boot = { size = "1M"; type = "EF02"; };
  swap = { size = "${size}iB"; content.type = "swap"; };
  root = { size = "100%"; content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; }; };
}; }; };
 }
"#,
    },
};

static RULE: Rule = Rule {
    id: "disk-partition-size-syntax",
    severity: Severity::Error,
    title: "a partition's size that disko does not take",
    why: "A size is \"100%\", or whole digits with one of the letters K, M, G, T and P. The evaluation stops at anything else.",
    fix: "Write a whole number with one letter, such as \"512M\".",
    evidence: "disko: lib/types/gpt.nix",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for system in facts.systems() {
        for disk in disks(system) {
            if !is_gpt(&disk) {
                continue;
            }
            for (name, partition) in partitions(&disk) {
                let size = partition.at("size").string();
                let Some(text) = size.value().filter(|size| !is_size(size)) else {
                    continue;
                };
                let message = format!(
                    "the size of partition `{name}` is \"{text}\", which disko does not take"
                );
                let better = better(text);
                let help = match &better {
                    Some(better) => format!("write `size = \"{better}\";`"),
                    None => "write a whole number with one letter, such as `\"512M\"`".to_owned(),
                };
                let finding = report(facts, &RULE, system, size.place(), message, help);
                findings.push(match better {
                    Some(better) => {
                        replacing(facts, finding, size.place(), &format!("\"{better}\""))
                    }
                    None => finding,
                });
            }
        }
    }
    findings
}

fn is_size(size: &str) -> bool {
    let digits = size.strip_suffix(['K', 'M', 'G', 'T', 'P']).unwrap_or(size);
    size == "100%" || !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit())
}

/// What is surely meant, such as "2G" by "2 GiB".
fn better(size: &str) -> Option<String> {
    let short: String = size
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .collect();
    let short = short.to_ascii_uppercase();
    let short = short
        .strip_suffix("IB")
        .or(short.strip_suffix('B'))
        .unwrap_or(&short);
    (is_size(short) && short.ends_with(|last: char| last.is_ascii_alphabetic()))
        .then(|| short.to_owned())
}
