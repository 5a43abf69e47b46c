//! `nix-module-closed`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::evaluation::ClosedArguments;
use crate::facts::Facts;
use crate::finding::{Finding, Patch, Severity};
use crate::nixos::System;
use crate::reading::Place;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r"
-- configuration.nix --
{ imports = [ ./service.nix ]; boot.loader.grub.enable = true; }
-- service.nix --
{ pkgs, lib }:
{
  environment.systemPackages = [ pkgs.git ];
}
",
        good: r"
-- configuration.nix --
{ imports = [ ./service.nix (import ./other.nix { a = 1; }) ]; boot.loader.grub.enable = true; }
-- service.nix --
args@{ pkgs, lib, ... }:
{
  environment.systemPackages = [ pkgs.git ];
}
-- other.nix --
{ a }: { environment.variables.A = a; }
",
        undecidable: r"
-- configuration.nix --
{ imports = [ (import ./service.nix) ]; boot.loader.grub.enable = true; }
-- service.nix --
args:
{
  environment.systemPackages = [ args.pkgs.git ];
}
",
    },
};

static RULE: Rule = Rule {
    id: "nix-module-closed",
    severity: Severity::Error,
    title: "a module that does not take every argument",
    why: "A module is called with more than it asks for: `config`, `options`, `lib` and what else there is. A function whose arguments end without `...` refuses the call, and nothing is evaluated.",
    fix: "End the arguments with `...`.",
    evidence: "NixOS: the syntax of modules",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let systems = facts.systems().iter();
    let shells = facts.shell().into_iter().map(|shell| &shell.base);
    let files = systems
        .chain(shells)
        .flat_map(|system: &System| &system.files);
    let mut found: Vec<Finding> = Vec::new();
    for file in files {
        let known = found.iter().filter_map(|it| it.location.as_ref());
        if known.into_iter().any(|it| *it.file == **file) {
            continue;
        }
        found.extend(closed(facts, file));
    }
    found
}

fn closed(facts: &Facts<'_>, file: &str) -> Option<Finding> {
    // Nearly every module holds the dots, and need not be parsed.
    facts.files.get(file).filter(|it| !it.contains("..."))?;
    let closed = ClosedArguments::read(&facts.evaluator().tree(file)?)?;
    let place = Place::new(&file.into(), closed.all);
    let message = "the arguments of this module end without `...`";
    let help = "write `...` as the last of its arguments";
    let finding = facts.finding(&RULE, Some(&place), message, help);
    let patch = facts.replacement(&place, "").map(|patch| Patch {
        range: closed.end..closed.end,
        replacement: ", ...".to_owned(),
        ..patch
    });
    Some(finding.labelled("takes nothing else").patched_if(patch))
}
