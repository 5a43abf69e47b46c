//! A site without an address.

use std::collections::{BTreeMap, BTreeSet};

use super::{addresses, runs};
use crate::caddy::{Address, File, Site};
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
        bad: r#"
-- devenv.nix --
{
  env.APP_DOMAIN = "";
  processes.caddy.exec = "caddy run";
}
-- Caddyfile --
app.example.org {
	respond 1
}
{$APP_DOMAIN} {
	respond 1
}
"#,
        good: r#"
-- devenv.nix --
{
  env.APP_DOMAIN = "localhost:8080";
  processes.caddy.exec = "caddy run";
}
-- Caddyfile --
app.example.org {
	respond 1
}
{$APP_DOMAIN} {
	respond 1
}
"#,
        undecidable: r#"
-- devenv.nix --
{
  env.APP_DOMAIN = builtins.getEnv "DOMAIN";
}
-- Caddyfile --
{$APP_DOMAIN} {
	respond 1
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "caddy-site-address-empty",
    severity: Severity::Error,
    title: "a Caddy site has no address",
    why: "Caddy puts variables in before it reads a word. A site whose only variable is empty is a \
          block without an address, which Caddy takes for misplaced global options, and an address \
          that is missing after a comma is a syntax error: no site is served at all.",
    fix: "Give the variable a value in every profile, or leave the site out where it has none.",
    evidence: "measured with `caddy adapt`",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for site in facts.caddy().iter().flat_map(|file| &file.sites) {
        if site.addresses.is_empty() {
            let message = "this site has no address, and global options are already behind it";
            let help = "write the site's address before the brace, or join the block with the \
                        global options at the top of the file";
            findings.push(facts.finding(&RULE, Some(&site.place), message, help));
        }
    }
    let Some((written, runs)) = runs(facts) else {
        return findings;
    };
    let mut places: BTreeMap<&Place, (BTreeSet<&str>, Vec<&str>)> = BTreeMap::new();
    for run in &runs {
        for site in emptied(written, &run.file) {
            let is_empty = |address: &&Address| {
                let known = address.variable().and_then(|name| run.known.get(name));
                known.is_some_and(|value| value.trim().is_empty())
            };
            let empty: Vec<&Address> = site.addresses.iter().filter(is_empty).collect();
            if let Some(first) = empty.first() {
                let (variables, profiles) = places.entry(first.place()).or_default();
                variables.extend(empty.iter().filter_map(|it| it.variable()));
                profiles.push(&run.profile);
            }
        }
    }
    findings.extend(places.into_iter().map(|(place, (variables, profiles))| {
        let variables = Vec::from_iter(variables).join("` and `");
        let profiles = profiles.join(" and ");
        let message =
            format!("`{variables}` is empty under {profiles}, so this site lacks an address");
        let help = format!("set `{variables}` to an address of its own there");
        let finding = facts.finding(&RULE, Some(place), message, help);
        finding.labelled("empty there")
    }));
    findings
}

/// The sites that have lost their address, or one that must follow a comma.
fn emptied<'a>(written: &'a File, run: &File) -> Vec<&'a Site> {
    if !written.errors.is_empty() {
        return Vec::new();
    }
    if let Some(error) = run.errors.first() {
        // What the variables broke is broken at the address that they stand in.
        let mut all = addresses(written);
        let broken = all.find(|(site, address)| {
            address.place() == &error.place
                || (site.place.file == error.place.file
                    && site.place.range().contains(&error.place.range().start))
        });
        return broken.map(|(site, _)| site).into_iter().collect();
    }
    if written.global.is_empty() && run.sites.len() + 1 == written.sites.len() {
        // Without an address the first site is read as global options.
        return written.sites.first().into_iter().collect();
    }
    let pairs = written.sites.iter().zip(&run.sites);
    pairs
        .filter(|(site, run)| run.addresses.is_empty() && !site.addresses.is_empty())
        .map(|(site, _)| site)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preflight::testing::findings;

    const SMALLEST: &str = include_str!("../../../tests/data/smallest.toml");

    fn messages(environment: &str, caddyfile: &str) -> Vec<String> {
        let project = format!(
            "-- seance.toml --\n{SMALLEST}\n[profiles.default.env]\n{environment}\n-- Caddyfile \
             --\n{caddyfile}"
        );
        let found = findings(&CHECK, &project);
        found.into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn profiles_of_the_manifest_decide() {
        let found = messages(
            "APP_DOMAIN = \"\"\nCADDY_DOMAIN = \"localhost:8080\"",
            "{$CADDY_DOMAIN}, {$APP_DOMAIN} {\n\trespond 1\n}\n",
        );
        assert_eq!(found.len(), 1, "{found:?}");
        let expected = "`APP_DOMAIN` is empty under the profile `default` and the profile `prod`, \
                        so this site lacks an address";
        assert_eq!(found[0], expected);
        let first = messages("SITE = \"\"", "{$SITE} {\n\trespond 1\n}\n");
        assert_eq!(first.len(), 1, "{first:?}");
        let none = messages("SITE = \"localhost\"", "{$SITE} {\n\trespond 1\n}\n");
        assert!(none.is_empty(), "{none:?}");
    }

    #[test]
    fn a_second_block_without_an_address_is_found_without_any_variable() {
        let found = findings(
            &CHECK,
            "-- x/Caddyfile --\n{\n\tadmin off\n}\na.org {\n}\n{\n\temail a@a.org\n}\n",
        );
        assert_eq!(found.len(), 1);
    }
}
