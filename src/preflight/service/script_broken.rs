//! `svc-script-broken`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::facts::{Facts, Script, blocks};
use crate::finding::{Finding, Severity};
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r"
-- configuration.nix --
{ pkgs, ... }:
{
  systemd.services.app.script = ''
    until [ -e /run/ready ]; do
    done
  '';
}
",
        good: r"
-- configuration.nix --
{ pkgs, ... }:
{
  systemd.services.app.script = ''
    until [ -e /run/ready ]; do
      sleep 1
    done
  '';
}
",
        undecidable: r"
-- configuration.nix --
{ pkgs, beginning, ... }:
{
  systemd.services.app.script = ''
    ${beginning}
      sleep 1
    done
  '';
}
",
    },
};

static RULE: Rule = Rule {
    id: "svc-script-broken",
    severity: Severity::Error,
    title: "a script that no shell can read",
    why: "Nix tries every script of a unit with `bash -n` and refuses to build the system; a process of devenv or a command of OpenTofu ends before its first line.",
    fix: "Close what is open, and leave nothing empty between `then` and `fi` or `do` and `done`.",
    evidence: "bash(1); nixpkgs: writeShellScript",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    if !facts.deploys() {
        return Vec::new();
    }
    let units = facts.units().iter();
    let of_units = units.flat_map(|unit| {
        let title = unit.title();
        let scripts = unit.scripts.iter();
        scripts.filter_map(move |script| broken(facts, &title, script))
    });
    let findings = of_units
        .chain(of_processes(facts))
        .chain(of_commands(facts));
    super::once(findings.collect())
}

fn of_processes(facts: &Facts<'_>) -> Vec<Finding> {
    let shells = facts.shell().into_iter();
    let systems = shells.flat_map(|shell| shell.profiles.values().chain([&shell.base]));
    let processes = systems.flat_map(|system| system.at("processes").children());
    let found = processes.flat_map(|(name, process)| {
        let exec = process.at("exec").value();
        let scripts = match exec.value() {
            Some(value) => facts.scripts(value, exec.place()),
            None => Vec::new(),
        };
        let title = format!("the process {name}");
        let broken = scripts
            .into_iter()
            .filter_map(|it| broken(facts, &title, &it));
        broken.collect::<Vec<_>>()
    });
    found.collect()
}

fn of_commands(facts: &Facts<'_>) -> Vec<Finding> {
    let modules = facts.tofu().modules.iter();
    let resources = modules.flat_map(|module| module.managed());
    let found = resources.flat_map(|resource| {
        let provisioners = resource.body().blocks("provisioner").known.into_iter();
        let plain = provisioners.filter(|it| it.body.attribute("interpreter").is_none());
        let broken = plain.filter_map(|it| {
            let attribute = it.body.attribute("command")?;
            let script = Script {
                text: attribute.value.text()?,
                place: Some(attribute.value.place.clone()),
                complete: true,
            };
            broken(facts, &resource.address(), &script)
        });
        broken.collect::<Vec<_>>()
    });
    found.collect()
}

fn broken(facts: &Facts<'_>, title: &str, script: &Script) -> Option<Finding> {
    let fault = blocks::fault(&script.text).filter(|_| script.complete)?;
    let message = format!("no shell can read this script of `{title}`: {fault}");
    let help = "write what is missing, or take out what is left of it";
    let finding = facts.finding(&RULE, script.place.as_ref(), message, help);
    Some(finding.labelled("cannot be read"))
}
