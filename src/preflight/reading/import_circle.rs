//! Files that import each other without end.

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::rules::Rule;

static RULE: Rule = Rule {
    id: "nix-import-circle",
    severity: Severity::Error,
    title: "a file is imported while its own value is computed",
    why: "Nix computes the imported file before it can go on, comes back to the same import and \
          stops with `infinite recursion encountered`.",
    fix: "Move what both files need into a third one, or list the file in `imports`, where a \
          circle does no harm.",
    evidence: "Nix: `infinite recursion encountered`",
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: "
-- configuration.nix --
{ imports = [ (import ./a.nix) ]; }
-- a.nix --
import ./b.nix
-- b.nix --
import ./a.nix
",
        good: "
-- configuration.nix --
{ imports = [ ./a.nix ]; }
-- a.nix --
{ imports = [ ./configuration.nix ]; }
",
        undecidable: "
-- configuration.nix --
{ x, ... }: { imports = [ (import ./a.nix x) ]; }
-- a.nix --
x: if x then { } else import ./a.nix true
",
    },
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    facts.systems();
    facts.shell();
    let finding = |place| {
        facts
            .finding(
                &RULE,
                Some(&place),
                "this import leads back to a file that is still being computed",
                "move what both files need into a third file",
            )
            .labelled("Nix never gets past this")
    };
    facts
        .evaluator()
        .circles()
        .into_iter()
        .map(finding)
        .collect()
}
