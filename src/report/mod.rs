//! Every output format, from the same plain data.
//!
//! A writer is a function from data to text. Nothing here prints, and nothing here knows which
//! stage made the data: the caller hands the text to [`emit`], for which a reader that went away
//! is no error.

use std::io;

use serde::Serialize;

use crate::access::Chain;
use crate::finding::{Finding, Location, Patch, Position, Severity, Sources};

mod access;
pub(crate) mod github;
mod human;
pub(crate) mod json;
pub(crate) mod markdown;
mod sarif;
mod secrets;
pub(crate) mod terminal;
pub(crate) mod unified;

#[cfg(test)]
mod samples;

pub use terminal::Terminal;

/// How to write a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For a person at a terminal, or a plain file.
    Human(Terminal),
    /// The documents of `docs/json.md`.
    Json,
    /// SARIF 2.1.0, for code scanning; findings only.
    Sarif,
    /// GitHub workflow commands, which become annotations.
    Github,
    /// One pull-request comment.
    Markdown,
}

/// What `check` found, with everything that a writer needs to show it.
#[derive(Debug, Clone, Copy)]
pub struct Check<'a> {
    /// The server's name; `None` when there is no manifest or it does not load.
    pub server: Option<&'a str>,
    /// The findings, in any order.
    pub findings: &'a [Finding],
    /// The texts that findings point into.
    pub sources: &'a Sources,
    /// What was not looked at and why, one sentence each, such as the git rules outside a
    /// repository.
    pub notes: &'a [String],
    /// What leads from the repository's root to the manifest's folder, `/` separated; empty when
    /// they are the same. GitHub and SARIF readers count paths from that root.
    pub prefix: &'a str,
    /// Why a person will get in; empty unless it was asked for.
    pub access: &'a [Chain],
}

/// One file of the deployment compared with what the manifest says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileDiff {
    /// Path relative to the manifest's folder, `/` separated.
    pub path: String,
    /// `clean`, `missing`, `stale`, `edited`, `foreign` or `orphan`.
    pub state: &'static str,
    /// Why it is in that state, such as `seance.toml changed`; may be empty.
    pub because: String,
    /// The unified diff from the file as it is to the file as it should be; empty when clean.
    pub diff: String,
}

/// What `diff` found.
#[derive(Debug, Clone, Copy)]
pub struct Diff<'a> {
    /// The server's name.
    pub server: &'a str,
    /// The files, in any order, clean ones included.
    pub files: &'a [FileDiff],
    /// As in [`Check::prefix`].
    pub prefix: &'a str,
}

impl Diff<'_> {
    /// Whether any file differs.
    pub fn drifted(&self) -> bool {
        self.files.iter().any(|file| file.state != "clean")
    }

    /// The files that differ, by path.
    fn changed(&self) -> Vec<&FileDiff> {
        let mut changed: Vec<_> = self
            .files
            .iter()
            .filter(|file| file.state != "clean")
            .collect();
        changed.sort_by(|a, b| a.path.cmp(&b.path));
        changed
    }
}

/// How many findings of each severity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Findings of severity error.
    pub errors: usize,
    /// Findings of severity warning.
    pub warnings: usize,
    /// Findings of severity advice.
    pub advice: usize,
}

impl Summary {
    /// Counts findings.
    pub fn of(findings: &[Finding]) -> Self {
        let count = |severity| findings.iter().filter(|f| f.severity == severity).count();
        Self {
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            advice: count(Severity::Advice),
        }
    }
}

impl std::fmt::Display for Summary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut parts = Vec::new();
        if self.errors > 0 {
            parts.push(counted(self.errors, "error", "errors"));
        }
        if self.warnings > 0 {
            parts.push(counted(self.warnings, "warning", "warnings"));
        }
        if self.advice > 0 {
            parts.push(counted(self.advice, "piece of advice", "pieces of advice"));
        }
        if parts.is_empty() {
            return f.write_str("no findings");
        }
        f.write_str(&parts.join(", "))
    }
}

/// `1 file`, `2 files`.
pub(crate) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// The report of `check` in one format.
pub fn check(format: Format, check: &Check<'_>) -> String {
    match format {
        Format::Human(terminal) => human::check(terminal, check),
        Format::Json => json::check(check),
        Format::Sarif => sarif::check(check),
        Format::Github => github::check(check),
        Format::Markdown => markdown::check(check),
    }
}

/// The report of `diff` in one format; `None` for SARIF, which knows findings only.
pub fn diff(format: Format, diff: &Diff<'_>) -> Option<String> {
    let files = masked(diff.files);
    let diff = &Diff {
        files: &files,
        ..*diff
    };
    Some(match format {
        Format::Human(terminal) => unified::diff(terminal, diff),
        Format::Json => json::diff(diff),
        Format::Github => github::diff(diff),
        Format::Markdown => markdown::diff(diff),
        Format::Sarif => return None,
    })
}

/// The same files with the secrets masked that a person may have written into them.
pub(crate) fn masked(files: &[FileDiff]) -> Vec<FileDiff> {
    let mask = |file: &FileDiff| FileDiff {
        diff: secrets::mask_diff(&file.diff).into_owned(),
        ..file.clone()
    };
    files.iter().map(mask).collect()
}

/// One file of a [`Diff`] for a person, without the summary.
pub fn file_diff(terminal: Terminal, file: &FileDiff) -> String {
    unified::file_diff(terminal, file)
}

/// The edits that were made in one file, for a person.
pub fn fixed(terminal: Terminal, path: &str, edits: usize, diff: String) -> String {
    let file = FileDiff {
        path: path.to_owned(),
        state: "fixed",
        because: counted(edits, "edit", "edits"),
        diff,
    };
    masked(&[file])
        .iter()
        .map(|file| unified::file_diff(terminal, file))
        .collect()
}

/// Writes a report. That the reader has gone away is no error: `seance diff | head` is fine.
pub fn emit(out: &mut dyn io::Write, text: &str) -> io::Result<()> {
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// The start and the end of a finding as people count; `None` without a place, or when the text
/// of its file is not at hand.
fn positions(finding: &Finding, sources: &Sources) -> Option<(Position, Position)> {
    place(finding.location.as_ref()?, sources)
}

/// The start and the end of a place as people count.
fn place(location: &Location, sources: &Sources) -> Option<(Position, Position)> {
    let range = location.range.as_ref()?;
    let text = sources.get(&location.file)?;
    let start = Position::of(text, range.start);
    Some((start, Position::of(text, range.end).max(start)))
}

/// A place as a person writes it: `seance.toml:4:10`, or the file alone.
fn written(location: &Location, sources: &Sources) -> String {
    match place(location, sources) {
        Some((start, _)) => format!("{}:{}:{}", location.file, start.line, start.column),
        None => location.file.clone(),
    }
}

/// The place that an edit replaces.
fn edited(patch: &Patch) -> Location {
    Location::span(&*patch.file, patch.range.clone())
}

/// What an edit shows of its range: a line that goes takes its line break along, and that belongs
/// to no other line.
fn shown(patch: &Patch, text: &str) -> std::ops::Range<usize> {
    let (start, end) = (patch.range.start, patch.range.end);
    let goes = text.get(start..end).is_some_and(|old| old.ends_with('\n'));
    if goes && patch.replacement.is_empty() {
        start..end - 1
    } else {
        start..end
    }
}

/// By file and position, then by rule; findings without a place come last.
fn sorted(findings: &[Finding]) -> Vec<&Finding> {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_cached_key(|finding| {
        let place = finding.location.as_ref();
        (
            place.is_none(),
            place.map(|at| at.file.clone()),
            place.and_then(|at| at.range.as_ref().map(|range| (range.start, range.end))),
            std::cmp::Reverse(finding.severity),
            finding.rule.id,
            finding.message.clone(),
        )
    });
    sorted
}

/// A path counted from the repository's root.
pub(crate) fn from_root(prefix: &str, path: &str) -> String {
    match prefix.trim_end_matches('/') {
        "" => path.to_owned(),
        prefix => format!("{prefix}/{path}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Pipe(io::ErrorKind);

    impl io::Write for Pipe {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_closed_pipe_is_no_error_and_a_full_disk_is() {
        assert!(emit(&mut Pipe(io::ErrorKind::BrokenPipe), "text").is_ok());
        assert!(emit(&mut Pipe(io::ErrorKind::StorageFull), "text").is_err());
    }

    #[test]
    fn summaries_read_as_english() {
        let summary = |errors, warnings, advice| {
            Summary {
                errors,
                warnings,
                advice,
            }
            .to_string()
        };
        assert_eq!(summary(0, 0, 0), "no findings");
        assert_eq!(summary(2, 1, 0), "2 errors, 1 warning");
        assert_eq!(summary(0, 0, 1), "1 piece of advice");
    }
}
