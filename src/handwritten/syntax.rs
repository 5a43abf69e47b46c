//! What a parser says about one file.

use super::{Files, rules};
use crate::finding::{Finding, Location, Origin};
use crate::reading::Place;
use crate::rules::Rule;
use crate::{caddy, flake, hcl, nix, yaml};

/// The findings about one file, judged by its name.
pub(super) fn findings(path: &str, text: &str) -> Vec<Finding> {
    match path.rsplit('/').next() {
        Some("devenv.yaml") => {
            let error = yaml::parse(path, text).err();
            return error
                .map(|error| unreadable(&rules::DEVENV_YAML_SYNTAX, error.message, &error.place))
                .into_iter()
                .collect();
        }
        Some("flake.lock" | "devenv.lock") => {
            let error = flake::Lock::read(path, text).err();
            return error
                .map(|error| unreadable(&rules::LOCK_SYNTAX, error.message, &error.place))
                .into_iter()
                .collect();
        }
        _ => {}
    }
    match path.rsplit_once('.') {
        Some((_, "nix")) => nix_findings(path, text),
        Some((_, "tf" | "tofu" | "tfvars")) => hcl_findings(path, text),
        _ => Vec::new(),
    }
}

fn nix_findings(path: &str, text: &str) -> Vec<Finding> {
    let root = match nix::parse(text) {
        Ok(root) => root,
        Err(errors) => {
            let findings = errors.into_iter().map(|error| {
                let help = format!("mend `{path}` at the place shown");
                Finding::new(&rules::NIX_SYNTAX, Origin::Handwritten, error.message, help)
                    .at(Location::span(path, error.range))
            });
            return findings.collect();
        }
    };
    let duplicates = nix::duplicates(&root).into_iter().map(|duplicate| {
        let message = format!("`{}` is defined twice", duplicate.path);
        let help = "remove one of the two definitions";
        Finding::new(&rules::NIX_DUPLICATE, Origin::Handwritten, message, help)
            .at(Location::span(path, duplicate.second))
            .related(Location::span(path, duplicate.first), "first defined here")
    });
    let free = nix::free_names(&root).into_iter().map(|free| {
        let message = format!("nothing defines `{}`", free.name);
        let help = format!(
            "correct the name, or take `{}` as an argument of the file",
            free.name
        );
        Finding::new(&rules::NIX_FREE_NAME, Origin::Handwritten, message, help)
            .at(Location::span(path, free.range))
    });
    duplicates.chain(free).collect()
}

fn hcl_findings(path: &str, text: &str) -> Vec<Finding> {
    let Err(error) = hcl::parse(text) else {
        return Vec::new();
    };
    let help = format!("mend `{path}` at the place shown");
    let finding = Finding::new(&rules::HCL_SYNTAX, Origin::Handwritten, error.message, help);
    vec![finding.at(Location::span(path, error.range))]
}

/// The findings about Caddyfiles, which are read together with what they import.
pub(super) fn caddyfile_findings(files: &Files) -> Vec<Finding> {
    let errors = caddy::syntax_errors(files).into_iter();
    errors
        .map(|error| unreadable(&rules::CADDYFILE_SYNTAX, error.message, &error.place))
        .collect()
}

fn unreadable(rule: &'static Rule, message: String, place: &Place) -> Finding {
    let help = format!("mend `{}` at the place shown", place.file);
    Finding::new(rule, Origin::Handwritten, message, help).at(place.location())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(path: &str, text: &str) -> Vec<&'static str> {
        findings(path, text)
            .iter()
            .map(|finding| finding.rule.id)
            .collect()
    }

    #[test]
    fn caddyfiles_and_their_parts_are_read_once() {
        let files = Files::from([
            (
                "Caddyfile".to_owned(),
                "a.org {\n\timport b.caddy\n}\n".to_owned(),
            ),
            ("b.caddy".to_owned(), "handle {\n".to_owned()),
            ("c.caddy".to_owned(), "{\n\tadmin off\n}\n".to_owned()),
        ]);
        let places: Vec<_> = caddyfile_findings(&files)
            .into_iter()
            .map(|finding| finding.location)
            .collect();
        assert_eq!(places, [Some(Location::span("b.caddy", 7..8))]);
    }

    #[test]
    fn each_language_has_its_parser() {
        assert_eq!(ids("nix/extra.nix", "{ a = 1 }"), ["nix-syntax"]);
        assert_eq!(
            ids("nix/extra.nix", "{ a = 1; a = 2; }"),
            ["nix-duplicate-attribute"]
        );
        assert_eq!(ids("nix/extra.nix", "{ a = lib.x; }"), ["nix-free-name"]);
        assert!(ids("nix/extra.nix", "{ lib, ... }: { a = lib.x; }").is_empty());
        assert_eq!(
            ids("terraform/mine.tf", "resource \"a\" \"b\" {"),
            ["hcl-syntax"]
        );
        assert!(ids("terraform/mine.tf", "resource \"a\" \"b\" {}\n").is_empty());
        assert_eq!(ids("devenv.yaml", "a: ["), ["devenv-yaml-syntax"]);
        assert!(ids("web/devenv.yaml", "a: []").is_empty());
        assert_eq!(ids("flake.lock", "<<<<<<< HEAD"), ["lock-file-syntax"]);
        assert!(ids("other.yaml", "a: [").is_empty());
    }
}
