//! Rule records of drift, and the findings made from it.

use super::journal::Interrupted;
use super::state::{Cause, Drift, FileDrift, State};
use crate::finding::{Finding, Location, Origin, Severity};
use crate::rules::Rule;
use crate::workspace::EntryKind;

/// Every record of this module.
pub static ALL: &[&Rule] = &[&EDITED, &FOREIGN, &INTERRUPTED, &MISSING, &ORPHAN, &STALE];

/// An owned file does not exist.
pub static MISSING: Rule = Rule {
    id: "drift-missing",
    severity: Severity::Error,
    title: "a generated file is missing",
    why: "The flake and the OpenTofu module name every generated file; without one of them the \
          deployment does not evaluate, or deploys less than `seance.toml` says.",
    fix: "Run `seance gen`, which writes it.",
    evidence: "Compared with what `seance.toml` renders to.",
};

/// An owned file is an older generation.
pub static STALE: Rule = Rule {
    id: "drift-stale",
    severity: Severity::Error,
    title: "a generated file is behind seance.toml",
    why: "Nix and OpenTofu read the generated files and not `seance.toml`: until they are \
          regenerated, the last change to the manifest is not deployed.",
    fix: "Run `seance gen`. Nobody wrote in the file, so nothing is lost.",
    evidence: "The hash in the file's header fits its body, and the text differs from what \
               `seance.toml` renders to; or the two differ in layout alone.",
};

/// A person wrote in an owned file.
pub static EDITED: Rule = Rule {
    id: "drift-edited",
    severity: Severity::Error,
    title: "a generated file was edited by hand",
    why: "`seance.toml` no longer describes what is deployed, and the next change to it cannot \
          be written without a decision about the edit.",
    fix: "Move the edit to where it is kept: `nix/extra.nix`, an own `.tf` file, `caddy/`, or \
          list the path under `[generate] skip`. `seance gen --merge` brings the file up to date \
          and keeps the edit in it; `seance gen --force` puts the old text aside and writes the \
          file anew.",
    evidence: "The hash in the file's header does not fit its body.",
};

/// A file of another origin is in the place of an owned one.
pub static FOREIGN: Rule = Rule {
    id: "drift-foreign",
    severity: Severity::Error,
    title: "a file that seance did not write is in the place of a generated one",
    why: "The deployment would use that file instead of what `seance.toml` describes.",
    fix: "Run `seance gen --force`, which puts the old text aside and writes the file, or list \
          the path under `[generate] skip` to keep it by hand.",
    evidence: "The file has no seance header.",
};

/// A generated file that is no longer an output.
pub static ORPHAN: Rule = Rule {
    id: "drift-orphan",
    severity: Severity::Error,
    title: "a generated file is no longer part of the deployment",
    why: "OpenTofu reads every `.tf` file in its folder: what was generated once and is left \
          behind still takes part in the deployment.",
    fix: "Run `seance gen`, which removes it. Nobody wrote in the file, so nothing is lost.",
    evidence: "The path is one that seance owns, the hash in its header fits, and `seance.toml` \
               no longer renders to it.",
};

/// A generation was stopped before it had written every file.
pub static INTERRUPTED: Rule = Rule {
    id: "generation-interrupted",
    severity: Severity::Error,
    title: "a generation was interrupted",
    why: "Some files are from the new generation and some from the old one. Each is whole, but \
          together they are neither deployment.",
    fix: "Run `seance gen`, which completes the interrupted generation first.",
    evidence: "The journal of the generation is still in `.seance/journal.json`.",
};

/// One finding for every file that is not clean, in path order.
pub fn findings(drift: &Drift) -> Vec<Finding> {
    drift.drifted().filter_map(finding).collect()
}

/// The finding for a generation that was stopped half-way.
pub fn interrupted_finding(interrupted: &Interrupted) -> Finding {
    let message = match interrupted.paths.as_slice() {
        [] => "a generation was interrupted".to_owned(),
        [path] => format!("the generation of `{path}` was interrupted"),
        [path, rest @ ..] => format!(
            "the generation of `{path}` and {} more was interrupted",
            rest.len()
        ),
    };
    Finding::new(&INTERRUPTED, Origin::Generated, message, "run `seance gen`")
        .at(Location::file(super::journal::JOURNAL))
}

fn finding(file: &FileDrift) -> Option<Finding> {
    let (rule, origin) = match file.state {
        State::Clean => return None,
        State::Missing => (&MISSING, Origin::Generated),
        State::Stale => (&STALE, Origin::Generated),
        State::Orphan => (&ORPHAN, Origin::Generated),
        State::Edited => (&EDITED, Origin::Handwritten),
        State::Foreign => (&FOREIGN, Origin::Handwritten),
    };
    let help = match (file.state, file.cause) {
        // A merge would keep the edit, and the finding with it.
        (State::Edited, Cause::Body) if file.expected.is_some() => {
            "move the edit to `nix/extra.nix`, an own `.tf` file or `caddy/`, then run `seance gen \
             --force`"
                .to_owned()
        }
        _ => help(file),
    };
    let finding = Finding::new(rule, origin, message(file), help);
    Some(finding.at(Location::file(&file.path)))
}

fn message(file: &FileDrift) -> String {
    let FileDrift { path, cause, .. } = file;
    match file.state {
        State::Clean => format!("`{path}` is clean"),
        State::Missing => format!("`{path}` is generated from `seance.toml` and does not exist"),
        State::Stale if *cause == Cause::Formatted => {
            format!("`{path}` was reformatted after it was generated")
        }
        State::Stale => format!("`{path}` is not what `seance.toml` describes now"),
        State::Orphan => format!("`{path}` is left over from an earlier generation"),
        State::Edited if file.expected.is_none() => {
            format!("`{path}` is left over from an earlier generation and was edited: {cause}")
        }
        State::Edited => format!("`{path}` was edited by hand: {cause}"),
        State::Foreign => {
            format!("`{path}` is in the place of a generated file: {cause}")
        }
    }
}

/// The one command, or edit, that ends the drift of a file.
pub(super) fn help(file: &FileDrift) -> String {
    match (file.state, file.cause) {
        (_, Cause::Obstacle(kind)) => obstacle_help(&file.path, kind),
        (State::Edited, Cause::Body) if file.expected.is_some() => {
            "run `seance gen --merge`".to_owned()
        }
        (State::Edited | State::Foreign, _) => "run `seance gen --force`".to_owned(),
        _ => "run `seance gen`".to_owned(),
    }
}

/// How to make place for a file.
pub(super) fn obstacle_help(path: &str, kind: EntryKind) -> String {
    match kind {
        EntryKind::Folder => format!("move the folder `{path}` elsewhere"),
        EntryKind::File | EntryKind::Other => format!("move `{path}` elsewhere"),
    }
}
