//! One module that uses options in every sound way, and one that is full of mistakes.

use super::super::testing;
use crate::finding::{Position, Severity};

const FLAKE: &str = r#"
-- flake.nix --
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-RELEASE";
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./configuration.nix ]; };
  };
}
"#;
const OWN: &str = include_str!("../../../tests/data/options/own.nix");
const SOUND: &str = include_str!("../../../tests/data/options/sound.nix");
const FAULTY: &str = include_str!("../../../tests/data/options/faulty.nix");

/// Every finding about options in a module, with its line.
fn findings(release: &str, module: &str) -> Vec<(usize, Severity, String)> {
    let flake = FLAKE.replace("RELEASE", release);
    let project = format!("{flake}-- own.nix --\n{OWN}\n-- configuration.nix --\n{module}");
    let found = super::CHECKS
        .iter()
        .flat_map(|check| testing::findings(check, &project));
    let mut found: Vec<_> = found
        .map(|finding| {
            let range = finding.location.and_then(|place| place.range);
            let line = range.map_or(0, |range| Position::of(module, range.start).line);
            let fix = finding.patch.map(|patch| patch.replacement);
            let text = format!("{}: {} => {fix:?}", finding.rule.id, finding.message);
            (line, finding.severity, text)
        })
        .collect();
    found.sort();
    found
}

#[test]
fn a_sound_module_is_left_alone() {
    assert_eq!(findings("26.11", SOUND), []);
    // That is not because nothing was read.
    let misspelt = SOUND.replace("globalConfig", "globalConfg");
    assert_eq!(findings("26.11", &misspelt).len(), 1);
}

#[test]
fn every_mistake_is_found() {
    let found = findings("26.11", FAULTY);
    let lines = found
        .iter()
        .map(|(line, severity, text)| format!("{line} {severity:?} {text}\n"));
    insta::assert_snapshot!(lines.collect::<Vec<_>>().concat());
}

#[test]
fn for_another_release_all_of_it_is_advice() {
    let found = findings("25.11", FAULTY);
    assert_eq!(found.len(), findings("26.11", FAULTY).len());
    for (_, severity, text) in found {
        assert_eq!(severity, Severity::Advice);
        assert!(
            !text.starts_with("option-renamed") || text.ends_with("None"),
            "{text}"
        );
    }
}
