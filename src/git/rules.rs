//! Rule records of this module, and the findings that they explain.

use super::visibility::{Ignored, Tracked, Visibility};
use crate::finding::{Finding, Location, Origin, Severity};
use crate::rules::Rule;
use crate::shell::quote;

/// A file of the deployment that git ignores.
pub static IGNORED: Rule = Rule {
    id: "git-ignored",
    severity: Severity::Error,
    title: "git ignores a file of the deployment",
    why: "A flake is copied from what git knows. A file that a pattern hides is not in the copy, so \
          Nix evaluates without it, and a colleague's clone or CI deploys without it too.",
    fix: "Add it in spite of the pattern with `git add --force --intent-to-add PATH`, or remove the \
          pattern. Generated files hold no secret and are meant to be committed.",
    evidence: "nix issues 8389 and 7107: files unknown to git are invisible to flakes",
};

/// A file of the deployment that git does not track.
pub static UNTRACKED: Rule = Rule {
    id: "git-untracked",
    severity: Severity::Error,
    title: "git does not track a file of the deployment",
    why: "A flake is copied from what git knows. An untracked file is not in the copy, so Nix fails \
          with a missing path or builds without it.",
    fix: "Tell git about it with `git add --intent-to-add PATH`; that is enough for the flake, and \
          the content is committed when you choose.",
    evidence: "nix issues 8389 and 7107: files unknown to git are invisible to flakes",
};

/// A lock file that git ignores.
pub static LOCK_IGNORED: Rule = Rule {
    id: "lock-file-ignored",
    severity: Severity::Warning,
    title: "git ignores a lock file",
    why: "Without the committed lock file every machine picks its own provider or input versions, \
          and a plan that was reviewed is not the plan that runs.",
    fix: "Commit it: `git add --force PATH`.",
    evidence: "OpenTofu's documentation of the dependency lock file; Nix flakes copy flake.lock from git",
};

/// Every record of this module.
pub static ALL: &[&Rule] = &[&IGNORED, &UNTRACKED, &LOCK_IGNORED];

/// The findings about what git knows. `folder` is the manifest's folder as the person would
/// write it, empty for the folder they are in; the commands in the help name it.
pub fn findings(visibility: &Visibility, folder: &str) -> Vec<Finding> {
    let Visibility::Inside(files) = visibility else {
        return Vec::new();
    };
    let git = Git(folder);
    let mut findings = Vec::new();
    for (path, tracked) in files {
        if let Tracked::Ignored(pattern) = tracked {
            findings.extend(ignored(git, path, pattern.as_ref()));
        }
    }
    let untracked: Vec<&str> = files
        .iter()
        .filter(|(path, tracked)| *tracked == Tracked::Untracked && !is_lock_file(path))
        .map(|(path, _)| path.as_str())
        .collect();
    findings.extend(unknown(git, &untracked));
    findings
}

/// The sentence for a report when the git rules have nothing to look at.
pub fn silence(visibility: &Visibility) -> Option<&'static str> {
    match visibility {
        Visibility::OutsideRepository => {
            Some("not in a git repository: which files a flake would see is not checked")
        }
        Visibility::Inside(_) => None,
    }
}

/// The command word, with the folder when it is not the current one.
#[derive(Clone, Copy)]
struct Git<'a>(&'a str);

impl Git<'_> {
    fn command(self, arguments: &str, paths: &[&str]) -> String {
        let folder = match self.0 {
            "" | "." => String::new(),
            folder => format!("-C {} ", quote(folder)),
        };
        let paths: Vec<String> = paths.iter().map(|path| quote(path)).collect();
        format!("git {folder}{arguments} {}", paths.join(" "))
    }
}

/// Lock files are written by other tools, at a time of their choosing.
fn is_lock_file(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(name, ".terraform.lock.hcl" | "flake.lock" | "devenv.lock")
}

/// Files that belong to one machine or one moment, and are rightly hidden.
fn is_private(path: &str) -> bool {
    let private = [
        "_override.tf",
        "_override.tofu",
        // terraform.tfvars is generated and belongs to everyone; these hold what is not.
        ".auto.tfvars",
        ".tfvars.json",
        ".local.nix",
        ".local.yaml",
    ];
    private.iter().any(|end| path.ends_with(end))
}

/// The finding about one hidden file; `None` for one that is rightly hidden.
fn ignored(git: Git<'_>, path: &str, pattern: Option<&Ignored>) -> Option<Finding> {
    if is_private(path) {
        return None;
    }
    let by = pattern.map_or_else(String::new, |found| {
        format!(
            " (line {} of `{}`: `{}`)",
            found.line, found.source, found.pattern
        )
    });
    let finding = if is_lock_file(path) {
        let command = git.command("add --force", &[path]);
        Finding::new(
            &LOCK_IGNORED,
            Origin::Handwritten,
            format!(
                "git ignores the lock file `{path}`{by}, so every machine picks its own versions"
            ),
            format!("run `{command}`"),
        )
    } else {
        let command = git.command("add --force --intent-to-add", &[path]);
        Finding::new(
            &IGNORED,
            Origin::Generated,
            format!("git ignores `{path}`{by}, so a flake and a fresh clone lack it"),
            format!("run `{command}`"),
        )
    };
    Some(finding.at(Location::file(path)))
}

/// One finding for all untracked files, because one command ends them all.
fn unknown(git: Git<'_>, paths: &[&str]) -> Option<Finding> {
    let (first, rest) = paths.split_first()?;
    let message = if rest.is_empty() {
        format!("git does not track `{first}`, so a flake does not see it")
    } else {
        let mut names: Vec<String> = paths
            .iter()
            .take(3)
            .map(|path| format!("`{path}`"))
            .collect();
        if paths.len() > 3 {
            names.push(format!("{} more", paths.len() - 3));
        }
        let last = names.pop().unwrap_or_default();
        format!(
            "git does not track {} files of the deployment, so a flake does not see them: {} and {last}",
            paths.len(),
            names.join(", "),
        )
    };
    let command = git.command("add --intent-to-add", paths);
    let help = format!("run `{command}`");
    Some(Finding::new(&UNTRACKED, Origin::Generated, message, help).at(Location::file(*first)))
}
