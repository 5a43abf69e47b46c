//! `devenv-variable-undefined`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::evaluation::selections;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::reading::Place;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"
-- configuration.nix --
{ boot.loader.grub.enable = true; }
-- devenv.nix --
{ config, ... }:
{
  processes.web.exec = "serve ${config.env.SITE}";
  profiles.prod.module.env.SITE = "example.org";
}
"#,
        good: r#"
-- configuration.nix --
{ boot.loader.grub.enable = true; }
-- devenv.nix --
{ config, lib, ... }:
let inherit (config.env) SITE; in
{
  env.SITE = lib.mkDefault "";
  processes.web.exec = "serve ${SITE} ${config.env.OTHER or ""} ${config.env.DEVENV_ROOT}";
  profiles.prod.module.env = { SITE = "example.org"; OTHER = "x"; };
}
"#,
        undecidable: r#"
-- configuration.nix --
{ boot.loader.grub.enable = true; }
-- devenv.nix --
{ config, inputs, ... }:
{
  imports = [ inputs.settings.devenv ];
  processes.web.exec = "serve ${config.env.SITE}";
  profiles.prod.module.env.SITE = "example.org";
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "devenv-variable-undefined",
    severity: Severity::Error,
    title: "a variable of devenv that only some profiles define",
    why: "`config.env.NAME` is an error where no module of devenv gives the variable a value. What one profile defines is missing in every other, and `devenv up` ends before it starts anything.",
    fix: "Give the variable a default outside the profiles: `env.NAME = lib.mkDefault \"\";`.",
    evidence: "devenv: the option env",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let Some(shell) = facts.shell().filter(|_| facts.deploys()) else {
        return Vec::new();
    };
    let variable = |name: &str| shell.base.at(&["env", name]).is_defined();
    let mut findings: Vec<Finding> = Vec::new();
    // A function of another file may use it too, and only devenv has variables of its own.
    let files = facts.files.iter();
    let files = files
        .filter(|(path, text)| path.strip_suffix(".nix").is_some() && text.contains("config.env"));
    for (file, _) in files {
        let Some(tree) = facts.evaluator().tree(file) else {
            continue;
        };
        for (name, range) in selections(&tree, "config.env") {
            let place = Place::new(&file.as_str().into(), range);
            // That a profile defines it says that no module of devenv does.
            let mut profiles = shell.profiles.iter();
            let defined =
                profiles.find(|(_, it)| it.at(&["env", &name]).is_defined() == Some(true));
            let Some((profile, system)) = defined.filter(|_| variable(&name) == Some(false)) else {
                continue;
            };
            let message =
                format!("`config.env.{name}` is used, and only the profile `{profile}` defines it");
            let help = format!("add `env.{name} = lib.mkDefault \"\";` beside the profiles");
            let finding = facts.finding(&RULE, Some(&place), message, help);
            findings.push(match system.at(&["env", &name]).place() {
                Some(place) => finding.related(place.location(), "defined here alone"),
                None => finding,
            });
        }
    }
    super::once(findings)
}
