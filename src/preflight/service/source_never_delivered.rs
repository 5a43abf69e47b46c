//! `svc-source-never-delivered`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use super::folders;
use crate::facts::Facts;
use crate::facts::{Step, Unit};
use crate::finding::{Finding, Severity};
use crate::reading::Read;
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
      WorkingDirectory = "/opt/app";
    };
  };
  systemd.tmpfiles.rules = [ "d /opt/app 0755 root root -" ];
}
"#,
        good: r#"
-- configuration.nix --
{ pkgs, ... }:
{
  systemd.services.app = {
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      WorkingDirectory = "/opt/app";
      ExecStartPre = "${pkgs.git}/bin/git clone https://example.org/app.git .";
    };
  };
  systemd.tmpfiles.rules = [ "d /opt/app 0755 root root -" ];
}
"#,
        undecidable: r#"
-- configuration.nix --
{ pkgs, source, ... }:
{
  systemd.services.app.serviceConfig = { ExecStart = "devenv up"; WorkingDirectory = "/opt/app"; };
  systemd.services.source.serviceConfig.ExecStart = source;
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-source-never-delivered",
    severity: Severity::Warning,
    title: "nothing brings the application to the server",
    why: "The installation copies the system and nothing else. A directory that is only made stays empty, without `devenv.nix`, and devenv stops.",
    fix: "Clone the repository in a unit of its own that the application's unit requires and comes after.",
    evidence: "nixos-anywhere's documentation of `--extra-files`",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    // A person or a pipeline may copy it; what the files do have is looked for wherever it may be.
    let undelivered = |(unit, _): (&Unit, &Step)| {
        let Read::Known(directory, place) = unit.service("WorkingDirectory").string() else {
            return None;
        };
        if folders::may_be_filled(facts, unit, &directory) {
            return None;
        }
        let message = format!(
            "`{}` runs devenv in `{directory}`, and nothing puts the application there",
            unit.title()
        );
        let help = format!(
            "add a unit that clones the repository into `{directory}`, and name it in `requires` and `after` of `{}`",
            unit.title()
        );
        Some(
            facts
                .finding(&RULE, place.as_ref(), message, help)
                .labelled("stays empty"),
        )
    };
    facts.devenv_units().filter_map(undelivered).collect()
}
