//! Drift as unified diffs for a person.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::terminal::{Paint, Terminal, sanitize};
use super::{Diff, FileDiff, counted};

/// The report of `diff` for a person.
pub(super) fn diff(terminal: Terminal, diff: &Diff<'_>) -> String {
    let changed = diff.changed();
    let mut out = String::new();
    for file in &changed {
        out.push_str(&file_diff(terminal, file));
    }
    out.push_str(&summary(diff, &changed));
    out.push('\n');
    out
}

/// One file, its state and its diff, for a person.
pub(super) fn file_diff(terminal: Terminal, file: &FileDiff) -> String {
    let state = state_line(terminal, file);
    format!("{state}\n{}\n", paint_diff(terminal, &file.diff))
}

/// `stale: nix/x.nix (seance.toml changed)`.
fn state_line(terminal: Terminal, file: &FileDiff) -> String {
    let paint = match file.state {
        "missing" | "stale" | "orphan" => Paint::Yellow,
        "fixed" => Paint::Green,
        _ => Paint::Red,
    };
    let mut line = paint.apply(terminal, file.state);
    line.push_str(": ");
    line.push_str(&Paint::Bold.apply(terminal, &file.path));
    if !file.because.is_empty() {
        let _ = write!(line, " ({})", sanitize(&file.because));
    }
    line
}

/// A unified diff in colours. The two header lines are told from removed `-- ` and added `++ `
/// lines by coming before the first hunk.
fn paint_diff(terminal: Terminal, diff: &str) -> String {
    let mut out = String::with_capacity(diff.len());
    let mut in_header = true;
    for line in diff.lines() {
        in_header = in_header && !line.starts_with("@@");
        let painted = match line.as_bytes().first() {
            _ if in_header => Paint::Bold.apply(terminal, line),
            Some(b'+') => Paint::Green.apply(terminal, line),
            Some(b'-') => Paint::Red.apply(terminal, line),
            Some(b'@') => Paint::Cyan.apply(terminal, line),
            _ => sanitize(line),
        };
        out.push_str(&painted);
        out.push('\n');
    }
    out
}

/// How many lines a unified diff adds and removes.
pub(crate) fn count_lines(diff: &str) -> (usize, usize) {
    let body = diff.lines().skip_while(|line| !line.starts_with("@@"));
    body.fold((0, 0), |(added, removed), line| {
        match line.as_bytes().first() {
            Some(b'+') => (added + 1, removed),
            Some(b'-') => (added, removed + 1),
            _ => (added, removed),
        }
    })
}

/// `2 of 14 files differ: 1 edited, 1 stale`.
pub(super) fn summary(diff: &Diff<'_>, changed: &[&FileDiff]) -> String {
    let total = counted(diff.files.len(), "file", "files");
    if changed.is_empty() {
        return format!("no differences in {total}");
    }
    let mut states: BTreeMap<&str, usize> = BTreeMap::new();
    for file in changed {
        *states.entry(file.state).or_default() += 1;
    }
    let states: Vec<String> = states
        .iter()
        .map(|(state, count)| format!("{count} {state}"))
        .collect();
    let verb = if changed.len() == 1 {
        "differs"
    } else {
        "differ"
    };
    format!("{} of {total} {verb}: {}", changed.len(), states.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removed_lines_of_dashes_are_not_headers() {
        let diff = "--- a/x\n+++ b/x\n@@ -1,2 +1 @@\n--- a comment\n-two\n+++ plus\n";
        assert_eq!(count_lines(diff), (1, 2));
        let colour = Terminal {
            colour: true,
            width: 80,
        };
        assert!(paint_diff(colour, diff).contains("\x1b[31m--- a comment"));
    }
}
