//! One address in two sites.

use std::collections::BTreeMap;

use super::{addresses, runs};
use crate::caddy::{File, Site};
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::reading::Place;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r"
-- Caddyfile --
app.example.org {
	respond 1
}
www.example.org, app.example.org {
	respond 2
}
",
        good: r"
-- Caddyfile --
app.example.org {
	respond 1
}
www.example.org, http://app.example.org {
	respond 2
}
",
        undecidable: r"
-- Caddyfile --
app.example.org {
	respond 1
}
{$DOMAIN:app.example.org} {
	respond 2
}
",
    },
};

static RULE: Rule = Rule {
    id: "caddy-site-address-doubled",
    severity: Severity::Error,
    title: "two Caddy sites have the same address",
    why: "Caddy refuses a file in which one address opens two sites on the same listener, and then \
          serves neither of them nor any other.",
    fix: "Join the two sites, or give one of them another address.",
    evidence: "measured with `caddy adapt`, which calls it an ambiguous site definition",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut known: Vec<(Place, Place)> = Vec::new();
    for file in facts.caddy() {
        for (address, first, second) in doubled(file) {
            let message = format!("the address `{address}` has a site of its own already");
            findings.push(report(facts, message, &first, &second));
            known.push((first, second));
        }
    }
    for run in runs(facts).into_iter().flat_map(|(_, runs)| runs) {
        for (address, first, second) in doubled(&run.file) {
            if known.contains(&(first.clone(), second.clone())) {
                continue;
            }
            let message = format!("{} gives two sites the address `{address}`", run.profile);
            findings.push(report(facts, message, &first, &second));
        }
    }
    findings
}

fn report(facts: &Facts<'_>, message: String, first: &Place, second: &Place) -> Finding {
    let help = "take the address out of one of the two sites";
    facts
        .finding(&RULE, Some(second), message, help)
        .labelled("the same address again")
        .related(first.location(), "first used here")
}

/// Addresses that two sites share, with both places.
fn doubled(file: &File) -> Vec<(String, Place, Place)> {
    let mut owners: BTreeMap<String, (&Site, &Place)> = BTreeMap::new();
    let mut found = Vec::new();
    for (site, address) in addresses(file) {
        // `bind` may put the two on different listeners.
        if !site.every("bind").is_empty() {
            continue;
        }
        let Some(text) = address.read().value().cloned() else {
            continue;
        };
        match owners.get(&text) {
            Some((owner, first)) if !std::ptr::eq(*owner, site) => {
                found.push((text, (*first).clone(), address.place().clone()));
            }
            Some(_) => {}
            None => {
                owners.insert(text, (site, address.place()));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preflight::testing::findings;

    #[test]
    fn the_variables_of_a_profile_may_make_two_the_same() {
        let found = findings(
            &CHECK,
            "-- devenv.nix --\n{\n  env.A = \"a.org\";\n  env.B = \"b.org\";\n  profiles.prod.module.env.B = \
             \"a.org\";\n}\n-- Caddyfile --\n{$A} {\n\trespond 1\n}\n{$B} {\n\trespond 2\n}\n",
        );
        // Two definitions of one priority do not merge, so only `mkForce` decides.
        assert!(found.is_empty(), "{found:?}");
        let found = findings(
            &CHECK,
            "-- devenv.nix --\n{ lib, ... }:\n{\n  env.A = \"a.org\";\n  env.B = \"b.org\";\n  \
             profiles.prod.module.env.B = lib.mkForce \"a.org\";\n}\n-- Caddyfile --\n{$A} {\n\trespond \
             1\n}\n{$B} {\n\trespond 2\n}\n",
        );
        assert_eq!(found.len(), 1);
        assert!(found[0].message.contains("the profile `prod`"), "{found:?}");
    }

    #[test]
    fn other_listeners_are_other_sites() {
        let text = "-- Caddyfile --\na.org {\n\tbind 10.0.0.1\n}\na.org {\n\tbind 10.0.0.2\n}\n";
        assert!(findings(&CHECK, text).is_empty());
    }
}
