//! Whether the seeded files, which are the user's by now, still use the generated ones.

use rnix::ast::{Apply, Entry, Expr, HasEntry};
use rnix::{Root, SyntaxKind};
use rowan::ast::AstNode;

use super::{Files, rules};
use crate::finding::{Finding, Location, Origin};
use crate::rules::Rule;

/// A file that has to mention one of several paths.
struct Wire {
    file: &'static str,
    /// Any of these is enough.
    paths: &'static [&'static str],
    rule: &'static Rule,
    edit: &'static str,
}

const WIRES: [Wire; 2] = [
    Wire {
        file: "flake.nix",
        paths: &["./nix/deployment.nix", "./nix/nixos-configuration.nix"],
        rule: &rules::WIRING_FLAKE,
        edit: "add `nixosConfigurations = import ./nix/deployment.nix { inherit inputs; };` to \
               the outputs of flake.nix",
    },
    Wire {
        file: "devenv.nix",
        paths: &["./nix/devenv-profiles.nix"],
        rule: &rules::WIRING_DEVENV,
        edit: "add `imports = [ ./nix/devenv-profiles.nix ];` to devenv.nix",
    },
];

/// The findings about missing or unwired files. An untouched file is wired.
pub(super) fn findings(files: &Files, untouched: &dyn Fn(&str, &str) -> bool) -> Vec<Finding> {
    let mut findings: Vec<Finding> = WIRES
        .iter()
        .filter_map(|wire| wire.finding(files, untouched))
        .collect();
    if !files.contains_key("nix/extra.nix") {
        findings.push(missing(&rules::WIRING_EXTRA, "nix/extra.nix"));
    }
    findings
}

impl Wire {
    fn finding(&self, files: &Files, untouched: &dyn Fn(&str, &str) -> bool) -> Option<Finding> {
        let Some(text) = files.get(self.file) else {
            return Some(missing(self.rule, self.file));
        };
        if untouched(self.file, text)
            || self.is_connected(text)
            || self.is_imported_by_devenv_yaml(files)
        {
            return None;
        }
        let path = self.paths[0];
        let message = if self.is_named(text) {
            format!(
                "`{}` imports `{path}` without the `inputs` that it takes",
                self.file
            )
        } else {
            format!("`{}` does not import `{path}`", self.file)
        };
        let finding = Finding::new(self.rule, Origin::Handwritten, message, self.edit);
        Some(finding.at(Location::file(self.file)))
    }

    fn is_connected(&self, text: &str) -> bool {
        self.is_named(text) && !(self.file == "flake.nix" && lacks_inputs(text, self.paths[0]))
    }

    /// Whether the file holds the path as a path; one inside a comment does not count.
    fn is_named(&self, text: &str) -> bool {
        let mut paths = rnix::tokenize(text).filter(|(kind, _)| {
            matches!(
                kind,
                SyntaxKind::TOKEN_PATH_REL | SyntaxKind::TOKEN_STRING_CONTENT
            )
        });
        paths.any(|(_, token)| self.paths.iter().any(|path| token.ends_with(&path[1..])))
    }

    /// devenv.yaml may import a module as well.
    fn is_imported_by_devenv_yaml(&self, files: &Files) -> bool {
        let Some(yaml) = files
            .get("devenv.yaml")
            .filter(|_| self.file == "devenv.nix")
        else {
            return false;
        };
        let written = yaml.lines().filter_map(|line| line.split('#').next());
        written
            .into_iter()
            .any(|line| self.paths.iter().any(|path| line.contains(path)))
    }
}

/// Whether the path is imported and called with a set that is written out and lacks `inputs`.
fn lacks_inputs(text: &str, path: &str) -> bool {
    let applications = Root::parse(text).syntax();
    let mut applications = applications.descendants().filter_map(Apply::cast);
    applications.any(|call| {
        let imported = call.lambda().map(|it| it.syntax().text().to_string());
        let is_import = imported.is_some_and(|it| it.starts_with("import") && it.ends_with(path));
        let Some(Expr::AttrSet(given)) = call.argument().filter(|_| is_import) else {
            return false;
        };
        let names_inputs = |entry: Entry| match entry {
            Entry::Inherit(inherit) => inherit.attrs().any(|it| it.syntax().text() == "inputs"),
            Entry::AttrpathValue(it) => it
                .attrpath()
                .and_then(|path| path.attrs().next())
                .is_some_and(|it| it.syntax().text() == "inputs"),
        };
        !given.entries().any(names_inputs)
    })
}

fn missing(rule: &'static Rule, file: &str) -> Finding {
    let message = format!("`{file}` is missing");
    Finding::new(
        rule,
        Origin::Handwritten,
        message,
        "run `seance gen`, which writes it",
    )
    .at(Location::file(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(files: &[(&str, &str)]) -> Vec<&'static str> {
        let files = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        findings(&files.collect(), &|_, _| false)
            .iter()
            .map(|finding| finding.rule.id)
            .collect()
    }

    const FLAKE: (&str, &str) = (
        "flake.nix",
        "{ outputs = inputs: { nixosConfigurations = import ./nix/deployment.nix { inherit inputs; }; }; }",
    );
    const DEVENV: (&str, &str) = ("devenv.nix", "{ imports = [ ./nix/devenv-profiles.nix ]; }");
    const EXTRA: (&str, &str) = ("nix/extra.nix", "{ }");

    #[test]
    fn a_wired_tree_is_silent() {
        assert!(ids(&[FLAKE, DEVENV, EXTRA]).is_empty());
    }

    #[test]
    fn a_path_in_a_comment_is_no_wire() {
        let flake = (
            "flake.nix",
            "{ outputs = _: { }; } # import ./nix/deployment.nix",
        );
        assert_eq!(ids(&[flake, DEVENV, EXTRA]), ["wiring-flake"]);
    }

    #[test]
    fn a_call_without_the_inputs_is_no_wire() {
        let flake = |given: &str| {
            let text =
                format!("{{ outputs = inputs: {{ n = import ./nix/deployment.nix {given}; }}; }}");
            ids(&[("flake.nix", &text), DEVENV, EXTRA])
        };
        assert_eq!(flake("{ }"), ["wiring-flake"]);
        assert!(flake("{ inputs = inputs // { }; }").is_empty());
        assert!(flake("given").is_empty());
    }

    #[test]
    fn devenv_yaml_may_import_the_profiles() {
        let yaml = ("devenv.yaml", "imports:\n  - ./nix/devenv-profiles.nix\n");
        assert!(ids(&[FLAKE, ("devenv.nix", "{ }"), yaml, EXTRA]).is_empty());
        let commented = ("devenv.yaml", "# ./nix/devenv-profiles.nix\n");
        assert_eq!(
            ids(&[FLAKE, ("devenv.nix", "{ }"), commented, EXTRA]),
            ["wiring-devenv"]
        );
    }

    #[test]
    fn missing_files_are_named() {
        assert_eq!(ids(&[]), ["wiring-flake", "wiring-devenv", "wiring-extra"]);
    }
}
