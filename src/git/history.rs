//! Committed versions of a file.

use std::path::Path;

use super::{GitError, process};

/// How many commits of one path a search for an old version looks at.
const HISTORY: &str = "--max-count=200";

/// The text of `path`, relative to `root`, at a revision; `Ok(None)` when it did not exist then.
pub fn show(root: &Path, revision: &str, path: &str) -> Result<Option<String>, GitError> {
    let commit = resolve(root, revision)?;
    let Some(content) = blob(root, &commit, path)? else {
        return Ok(None);
    };
    String::from_utf8(content)
        .map(Some)
        .map_err(|_| GitError::NotText {
            path: path.to_owned(),
            revision: revision.to_owned(),
        })
}

/// The newest committed version of `path`, relative to `root`, whose text satisfies `fits`;
/// `None` when there is none among the last two hundred commits that touched it, or no
/// repository, or no git.
pub fn blob_by_body(root: &Path, path: &str, fits: &dyn Fn(&str) -> bool) -> Option<String> {
    let commits = process::run(
        root,
        &[
            "--literal-pathspecs",
            "rev-list",
            HISTORY,
            "HEAD",
            "--",
            path,
        ],
    )
    .ok()?;
    String::from_utf8(commits).ok()?.lines().find_map(|commit| {
        let content = blob(root, commit, path).ok()??;
        String::from_utf8(content).ok().filter(|text| fits(text))
    })
}

/// The object id of the commit that a revision names.
fn resolve(root: &Path, revision: &str) -> Result<String, GitError> {
    // Git would take a leading `-` for an option; `..` and `^x` name sets of commits.
    let refused = revision.is_empty()
        || revision.starts_with(['-', '^'])
        || revision.contains("..")
        || revision.contains(|character: char| character.is_control() || character == ':');
    if refused {
        return Err(GitError::NotARevision {
            revision: revision.to_owned(),
        });
    }
    let name = format!("{revision}^{{commit}}");
    let answer = process::ask(root, &["rev-parse", "--verify", "--quiet", &name])?;
    if answer.code == Some(0) {
        return Ok(String::from_utf8_lossy(&answer.out).trim().to_owned());
    }
    // With `--quiet` an unknown name says nothing; whatever speaks is another failure.
    match process::explain(root, &answer) {
        error @ (GitError::Untrusted { .. } | GitError::OutsideRepository { .. }) => Err(error),
        _ => Err(GitError::UnknownRevision {
            revision: revision.to_owned(),
            nearest: nearest(root, revision),
        }),
    }
}

/// The branch or tag whose name is closest, if any is close.
fn nearest(root: &Path, revision: &str) -> Option<String> {
    let format = "--format=%(refname:short)";
    let names = process::run(
        root,
        &[
            "for-each-ref",
            format,
            "refs/heads",
            "refs/remotes",
            "refs/tags",
        ],
    );
    let names = String::from_utf8(names.ok()?).ok()?;
    let similarity = |name: &str| {
        let last = name.rsplit('/').next().unwrap_or(name);
        let diff = |a: &str| similar::TextDiff::from_chars(a, revision).ratio();
        diff(name).max(diff(last))
    };
    names
        .lines()
        .map(|name| (similarity(name), name))
        .filter(|(similarity, _)| *similarity >= 0.7)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name.to_owned())
}

/// The bytes of a file at a commit. `./` makes git count the path from the folder it runs in
/// and not from the repository's root.
fn blob(root: &Path, commit: &str, path: &str) -> Result<Option<Vec<u8>>, GitError> {
    let answer = process::ask(root, &["cat-file", "blob", &format!("{commit}:./{path}")])?;
    match answer.code {
        Some(0) => Ok(Some(answer.out)),
        _ if answer.err.contains("does not exist in")
            || answer.err.contains("exists on disk, but not in") =>
        {
            Ok(None)
        }
        _ => Err(process::explain(root, &answer)),
    }
}
