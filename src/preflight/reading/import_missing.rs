//! An import of a file that is not there.

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::facts::Facts;
use crate::finding::{Finding, Origin, Severity};
use crate::rules::Rule;

static RULE: Rule = Rule {
    id: "nix-import-missing",
    severity: Severity::Error,
    title: "a file is imported that does not exist",
    why: "Nix stops at the import before anything is built.",
    fix: "Correct the path, or remove the import.",
    evidence: "Nix: `error: getting status of '…': No such file or directory`",
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: "
-- configuration.nix --
{ imports = [ ./netwrok.nix ]; }
-- network.nix --
{ }
",
        good: "
-- configuration.nix --
{ imports = [ ./network.nix ./users ]; }
-- network.nix --
{ }
-- users/default.nix --
{ }
",
        undecidable: "
-- configuration.nix --
{ lib, ... }: { imports = lib.optional (builtins.pathExists ./local.nix) ./local.nix ++ [ ../outside.nix ]; }
",
    },
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    super::missing(facts, |path| !super::is_made_by_the_installer(path))
        .map(|(path, place)| {
            let help = format!("correct the path `{path}`, or remove the import");
            facts
                .finding(
                    &RULE,
                    Some(&place),
                    format!("`{path}` is imported and does not exist"),
                    help,
                )
                .labelled("no such file")
        })
        // What a generated file imports has rules of its own.
        .filter(|finding| finding.origin != Origin::Generated)
        .collect()
}
