//! A configuration that takes more steps to read than any real one.

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::rules::Rule;

static RULE: Rule = Rule {
    id: "nix-reading-stopped",
    severity: Severity::Warning,
    title: "the configuration is too much to read",
    why: "The reading of Nix is bounded, so that `check` always ends. What comes after the bound \
          is unknown, and rules that depend on it say nothing. Nix itself probably does not end \
          there either.",
    fix: "Look for a function that calls itself without an end at the place that is named.",
    evidence: "The bounds are far above what the largest public configurations need.",
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: "
-- configuration.nix --
let f = n: f (n + 1); in { imports = [ (f 0) ]; }
",
        good: "
-- configuration.nix --
let f = n: if n == 0 then { } else f (n - 1); in { imports = [ (f 100) ]; }
",
        undecidable: "
-- configuration.nix --
{ n, ... }: let f = n: if n == 0 then { } else f (n - 1); in { imports = [ (f n) ]; }
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
                "the reading of this configuration was stopped here: it takes too many steps or \
                 nests too deeply",
                "look for a function that calls itself without an end",
            )
            .labelled("stopped here; what depends on it is not judged")
    };
    facts
        .evaluator()
        .exhausted()
        .into_iter()
        .map(finding)
        .collect()
}
