//! One pull-request comment: a hidden marker to find it again, one summary line, what is
//! dangerous first, and one folded diff per file.

use std::fmt::Write as _;
use std::ops::Range;

use super::terminal::sanitize;
use super::{Check, Diff, Summary, edited, secrets, shown, sorted, unified, written};
use crate::finding::{Finding, Patch};

/// GitHub refuses comments of more than 65,536 characters. Counted in bytes, which are never
/// fewer, and with room for the closing line.
const LIMIT: usize = 65_000;

/// The comment of `check`.
pub(super) fn check(check: &Check<'_>) -> String {
    let summary = Summary::of(check.findings);
    let heading = match check.server {
        Some(server) => format!("**seance check** of {}: {summary}", code(server)),
        None => format!("**seance check**: {summary}"),
    };
    let mut card = Card::new(
        "check",
        &heading,
        "run `seance check` locally to see all of it",
    );
    for note in check.notes {
        card.push(&format!("\n> {}\n", escape(note)));
    }
    let mut findings = sorted(check.findings);
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    for (index, finding) in findings.iter().enumerate() {
        let place = finding.location.as_ref();
        let place = place.map_or_else(String::new, |place| code(&written(place, check.sources)));
        let severity = match finding.severity {
            crate::finding::Severity::Error => "**error**",
            crate::finding::Severity::Warning => "warning",
            crate::finding::Severity::Advice => "advice",
        };
        let header =
            "\n| | rule | place | what is wrong | how to fix it |\n|---|---|---|---|---|\n";
        let row = format!(
            "{}| {severity} | {} | {place} | {} | {} |\n",
            if index == 0 { header } else { "" },
            code(finding.rule.id),
            wrong(finding, check),
            prose(&finding.help),
        );
        card.push(&row);
    }
    push_edits(&mut card, &findings, check);
    card.finish()
}

/// What is wrong, and the other places that it is about.
fn wrong(finding: &Finding, check: &Check<'_>) -> String {
    let mut text = prose(&finding.message);
    for related in &finding.related {
        let place = code(&written(&related.location, check.sources));
        let _ = write!(text, "<br>{}: {place}", escape(&related.label));
    }
    text
}

/// The mechanical edits, folded.
fn push_edits(card: &mut Card, findings: &[&Finding], check: &Check<'_>) {
    let known = secrets::places(check.findings, check.sources);
    let edits = findings.iter().filter_map(|finding| {
        let patch = finding.patch.as_ref()?;
        let known = known.get(&*patch.file).map_or(&[][..], Vec::as_slice);
        edit(patch, check, known)
    });
    let edits: Vec<String> = edits.collect();
    if !edits.is_empty() {
        let title = match edits.len() {
            1 => "the edit that <code>seance check --fix</code> makes".to_owned(),
            several => format!("the {several} edits that <code>seance check --fix</code> makes"),
        };
        card.push_details(&title, &edits.concat());
    }
}

/// The lines that an edit touches, as they are and as they become, secrets masked.
fn edit(patch: &Patch, check: &Check<'_>, known: &[Range<usize>]) -> Option<String> {
    let text = check.sources.get(&patch.file)?;
    let Range { start, end } = shown(patch, text);
    text.get(start..end)?;
    let first = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let last = text[end..]
        .find('\n')
        .map_or(text.len(), |newline| end + newline);
    let old = secrets::mask_part(text, first..last, known);
    let (before, after) = (old.get(..start - first)?, old.get(end - first..)?);
    let new = format!("{before}{}{after}", patch.replacement);
    let marked = |mark: &str, text: &str| {
        let lines = text.lines();
        lines.fold(String::new(), |marked, line| marked + mark + line + "\n")
    };
    Some(format!(
        "@@ {} @@\n{}{}",
        written(&edited(patch), check.sources),
        marked("-", &old),
        marked("+", &new)
    ))
}

/// The comment of `diff`.
pub(super) fn diff(diff: &Diff<'_>) -> String {
    let mut changed = diff.changed();
    let heading = format!(
        "**seance diff** of {}: {}",
        code(diff.server),
        unified::summary(diff, &changed)
    );
    let mut card = Card::new(
        "diff",
        &heading,
        "run `seance diff` locally to see all of it",
    );
    // What `gen` would refuse to overwrite is what a reviewer must see.
    changed.sort_by_key(|file| !matches!(file.state, "edited" | "foreign"));
    for file in changed {
        let mut title = format!("{}: {}", file.state, code(&file.path));
        if !file.because.is_empty() {
            let _ = write!(title, " ({})", escape(&file.because));
        }
        card.push_details(&title, &file.diff);
    }
    card.finish()
}

/// A comment that never grows past the limit.
pub(crate) struct Card {
    text: String,
    pointer: &'static str,
    full: bool,
}

impl Card {
    /// A comment with its hidden marker and its summary line.
    pub(crate) fn new(marker: &str, heading: &str, pointer: &'static str) -> Self {
        Self {
            text: format!("<!-- seance:{marker} -->\n{heading}\n"),
            pointer,
            full: false,
        }
    }

    /// Appends a block if it fits; after the first that does not, nothing more is appended.
    pub(crate) fn push(&mut self, block: &str) {
        if self.full || self.text.len() + block.len() > LIMIT {
            self.full = true;
        } else {
            self.text.push_str(block);
        }
    }

    /// Appends a folded diff, cut at a line when it is too long.
    pub(crate) fn push_details(&mut self, title: &str, diff: &str) {
        let room = LIMIT.saturating_sub(self.text.len() + title.len() + 200);
        if self.full || diff.len() <= room {
            self.push(&details(title, &fenced("diff", diff)));
            return;
        }
        let mut cut = room;
        while !diff.is_char_boundary(cut) {
            cut -= 1;
        }
        if let Some(line_end) = diff[..cut].rfind('\n') {
            self.push(&details(title, &fenced("diff", &diff[..=line_end])));
        }
        self.full = true;
    }

    /// The whole comment.
    pub(crate) fn finish(mut self) -> String {
        if self.full {
            let _ = write!(self.text, "\n_Cut at GitHub's limit: {}._\n", self.pointer);
        }
        self.text
    }
}

/// A folded block.
pub(crate) fn details(title: &str, body: &str) -> String {
    format!("\n<details><summary>{title}</summary>\n\n{body}\n</details>\n")
}

/// A fenced block whose fence is longer than any run of backticks inside.
pub(crate) fn fenced(language: &str, text: &str) -> String {
    let text = sanitize(text);
    let longest = text
        .split(|character| character != '`')
        .map(str::len)
        .max()
        .unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let end = if text.ends_with('\n') || text.is_empty() {
        ""
    } else {
        "\n"
    };
    format!("{fence}{language}\n{text}{end}{fence}\n")
}

/// Inline code that no text can end.
pub(crate) fn code(text: &str) -> String {
    format!("<code>{}</code>", escape(text))
}

/// A sentence in which backticks mark code.
pub(crate) fn prose(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return escape(text);
    }
    let mut out = String::new();
    for (index, part) in parts.iter().enumerate() {
        out.push_str(&if index % 2 == 0 {
            escape(part)
        } else {
            code(part)
        });
    }
    out
}

/// The text with every character that Markdown, HTML or GitHub's references would obey written
/// as an entity, on one line.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in sanitize(text).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\n' => out.push_str("<br>"),
            '*' | '_' | '`' | '|' | '[' | ']' | '\\' | '~' | '#' | '@' | '!' | '$' => {
                let _ = write!(out, "&#{};", u32::from(character));
            }
            _ => out.push(character),
        }
    }
    out
}
