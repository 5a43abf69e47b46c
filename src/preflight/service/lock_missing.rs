//! devenv without its lock.

use crate::facts::Facts;
use crate::finding::{Finding, Location, Severity};
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
-- main.tf --
resource "digitalocean_droplet" "web" {}
-- flake.nix --
{ outputs = _: { }; }
-- flake.lock --
{ "nodes": { "root": {} }, "root": "root", "version": 7 }
-- devenv.yaml --
inputs:
  nixpkgs:
    url: github:NixOS/nixpkgs/nixos-26.05
"#,
        good: r#"
-- main.tf --
resource "digitalocean_droplet" "web" {}
-- flake.nix --
{ outputs = _: { }; }
-- flake.lock --
{ "nodes": { "root": {} }, "root": "root", "version": 7 }
-- devenv.yaml --
inputs:
  nixpkgs:
    url: github:NixOS/nixpkgs/nixos-26.05
-- devenv.lock --
{ "nodes": { "root": {} }, "root": "root", "version": 7 }
"#,
        undecidable: r#"
-- main.tf --
resource "digitalocean_droplet" "web" {}
-- flake.nix --
{ outputs = _: { }; }
-- devenv.yaml --
inputs:
  nixpkgs:
    url: github:NixOS/nixpkgs/nixos-26.05
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-lock-missing",
    severity: Severity::Warning,
    title: "devenv has no lock file, or one that git leaves out",
    why: "The server resolves every input of devenv to what is newest at its first start: other \
          versions than anybody tried, from no cache, and not always ones that evaluate.",
    fix: "Run `devenv update` and commit devenv.lock.",
    evidence: "devenv's documentation of devenv.lock",
};

const LOCK: &str = "devenv.lock";

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    // Without devenv.yaml it may be a flake that uses devenv's modules, and locks them itself.
    if facts.devenv_yaml().is_none() || !facts.deploys() {
        return Vec::new();
    }
    let is_there = facts.files.contains_key(LOCK);
    if let Some((line, place)) = ignoring(facts) {
        // git itself is asked about a file that is there, where there is a manifest.
        if is_there && facts.manifest.is_some() {
            return Vec::new();
        }
        let message = format!("the line `{line}` keeps `{LOCK}` out of git");
        let help = format!("remove the line, or add `!{LOCK}` after it, and commit the file");
        return vec![facts.finding(&RULE, Some(&place), message, help)];
    }
    // A project that nobody has locked yet is new, and its first commands write both files.
    if is_there || !facts.files.contains_key("flake.lock") {
        return Vec::new();
    }
    let message = format!("the flake is locked, but `{LOCK}` is not there");
    let help = format!("run `devenv update` and commit `{LOCK}`");
    vec![facts.finding_at(&RULE, Location::file("devenv.yaml"), message, help)]
}

/// The line of .gitignore that hides the lock.
fn ignoring<'a>(facts: &Facts<'a>) -> Option<(&'a str, Place)> {
    const FILE: &str = ".gitignore";
    let mut found = None;
    let mut start = 0;
    for line in facts.files.get(FILE)?.split_inclusive('\n') {
        let pattern = line.trim();
        match pattern.strip_prefix('/').unwrap_or(pattern) {
            "devenv.lock" | "*.lock" | "devenv.*" => {
                let place = Place::new(&FILE.into(), start..start + line.trim_end().len());
                found = Some((pattern, place));
            }
            "!devenv.lock" | "!/devenv.lock" | "!*.lock" => found = None,
            _ => {}
        }
        start += line.len();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preflight::testing::findings;

    fn count(ignored: &str) -> usize {
        let project = format!("{}\n-- .gitignore --\n{ignored}\n", CHECK.examples.good);
        findings(&CHECK, &project).len()
    }

    #[test]
    fn a_pattern_may_hide_the_lock() {
        assert_eq!(count("# a comment\n*.lock"), 1);
        assert_eq!(count("/devenv.lock"), 1);
        assert_eq!(count("*.lock\n!devenv.lock"), 0);
        assert_eq!(count("#devenv.lock\nCargo.lock\n.devenv/"), 0);
    }
}
