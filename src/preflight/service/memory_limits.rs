//! `svc-memory-limits`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::facts::Facts;
use crate::facts::{Step, Unit};
use crate::finding::{Finding, Severity};
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"
-- configuration.nix --
{ pkgs, ... }:
{
  systemd.services.app = {
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      
    };
  };
  
}
-- main.tf --
resource "digitalocean_droplet" "web" {
  size = "s-1vcpu-2gb"
}
"#,
        good: r#"
-- configuration.nix --
{ pkgs, ... }:
{
  systemd.services.app = {
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      MemoryMax = "90%";
    };
  };
  
}
-- main.tf --
resource "digitalocean_droplet" "web" {
  size = "s-1vcpu-2gb"
}
"#,
        undecidable: r#"
-- configuration.nix --
{ pkgs, ... }:
{
  systemd.services.app = {
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      
    };
  };
  
}
-- main.tf --
variable "size" {}
resource "digitalocean_droplet" "web" {
  size = var.size
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-memory-limits",
    severity: Severity::Advice,
    title: "the application may take all memory of a small droplet",
    why: "An evaluation or a leak that takes the last memory drives out sshd as well: the droplet runs and nobody can reach it.",
    fix: "Set `MemoryHigh` and `MemoryMax` for the unit, such as 75% and 90%.",
    evidence: "nix issue 2664; systemd.resource-control(5)",
};

/// Droplets with more memory than this have some to spare.
const SMALL_MIB: u32 = 2048;

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let sizes = facts.tofu().resources("digitalocean_droplet");
    let sizes: Vec<Option<u32>> = sizes
        .map(|(_, droplet)| {
            let slug = droplet.block.body.text("size");
            Some(crate::catalog::size(slug.value()?)?.memory_mib)
        })
        .collect();
    let is_small = matches!(sizes.as_slice(), [Some(memory)] if *memory <= SMALL_MIB);
    let unlimited = |(unit, step): (&Unit, &Step)| {
        let limits = ["MemoryHigh", "MemoryMax", "Slice"];
        let has_none = limits
            .iter()
            .all(|name| unit.service(name).is_defined() == Some(false));
        if !is_small || !has_none {
            return None;
        }
        let message = format!(
            "`{}` may take all memory of the droplet, and sshd's with it",
            unit.title()
        );
        let help = "add `MemoryHigh = \"75%\"; MemoryMax = \"90%\";` to its `serviceConfig`";
        Some(
            facts
                .finding(&RULE, step.place.as_ref(), message, help)
                .labelled("without a limit"),
        )
    };
    facts.devenv_units().filter_map(unlimited).collect()
}
