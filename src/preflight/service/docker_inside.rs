//! `svc-docker-inside`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use super::with_unit;
use crate::evaluation::Value;
use crate::facts::Facts;
use crate::facts::Unit;
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
      
    };
  };
  
}
-- devenv.nix --
{ processes.web = { exec = "docker run --rm x";  }; }
"#,
        good: r#"
-- configuration.nix --
{ pkgs, ... }:
{
  systemd.services.app = {
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      User = "app";
    };
  };
  virtualisation.docker.enable = true; users.users.app.extraGroups = [ "docker" ];
}
-- devenv.nix --
{ processes.web = { exec = "docker run --rm x";  }; }
"#,
        undecidable: r#"
-- configuration.nix --
{ pkgs, docker, ... }:
{
  systemd.services.app = {
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      
    };
  };
  virtualisation.docker.enable = docker;
}
-- devenv.nix --
{ processes.web = { exec = "docker run --rm x";  }; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-docker-inside",
    severity: Severity::Warning,
    title: "a process calls docker, which the server does not have for it",
    why: "devenv brings the client at most. The daemon has to run on the server, and the user of the unit has to belong to the group `docker`.",
    fix: "Set `virtualisation.docker.enable = true`, and add the user to the group `docker`.",
    evidence: "NixOS' module of docker",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (unit, step) in facts.devenv_units() {
        let Some(shell) = facts.shell_of(&step.command) else {
            continue;
        };
        let Some((problem, help)) = missing(facts, unit) else {
            continue;
        };
        for (name, process) in shell.at("processes").children() {
            let exec = process.at("exec").value();
            let Read::Known(value, place) = exec else {
                continue;
            };
            let (commands, _) = facts.commands(&value);
            if commands.iter().any(|it| it.program() == Some("docker")) {
                let message = format!("the process `{name}` calls docker, and {problem}");
                let finding = facts.finding(&RULE, place.as_ref(), message, help.clone());
                findings.push(with_unit(finding, step).labelled("calls docker"));
            }
        }
    }
    findings
}

fn missing(facts: &Facts<'_>, unit: &Unit) -> Option<(String, String)> {
    let system = facts.system_of(unit);
    let option = |name: &str| system.at(name).boolean();
    if option("virtualisation.docker.rootless.enable").value() != Some(&false)
        || option("virtualisation.podman.enable").value() != Some(&false)
    {
        return None;
    }
    match option("virtualisation.docker.enable").value()? {
        false => Some((
            "the server has no docker".to_owned(),
            "set `virtualisation.docker.enable = true;`".to_owned(),
        )),
        true => {
            let user = unit.service("User").string();
            let user = user.value().filter(|user| *user != "root")?;
            let groups = system
                .at(&["users", "users", user.as_str(), "extraGroups"])
                .list();
            let is_member = groups.items.iter().any(|item| match &item.value {
                Value::Text(text) => text.known().is_none_or(|it| it == "docker"),
                _ => true,
            });
            let supplementary = unit.service("SupplementaryGroups").is_defined() != Some(false)
                || unit.service("Group").string().is(&"docker".to_owned())
                || system.at("users.groups.docker.members").is_defined() != Some(false);
            (groups.complete && !is_member && !supplementary).then(|| {
                (
                    format!("`{user}` is not in the group `docker`"),
                    format!("add `users.users.{user}.extraGroups = [ \"docker\" ];`"),
                )
            })
        }
    }
}
