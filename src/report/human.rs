//! Findings as a compiler shows them: rule, place, source line, caret, help, suggested edit.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Patch, Renderer, Snippet};

use super::secrets::{self, Secrets};
use super::terminal::{Paint, Terminal, sanitize};
use super::{Check, Summary, sorted};
use crate::finding::{Finding, Location, Severity, Sources};

/// The report of `check` for a person.
pub(super) fn check(terminal: Terminal, check: &Check<'_>) -> String {
    let renderer = if terminal.colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    }
    .term_width(terminal.width);
    let secrets = secrets::places(check.findings, check.sources);
    let mut out = super::access::human(terminal, check.access, check.sources);
    for finding in sorted(check.findings) {
        out.push_str(&renderer.render(&groups(
            finding,
            Texts {
                sources: check.sources,
                secrets: &secrets,
            },
        )));
        out.push_str("\n\n");
    }
    for note in check.notes {
        out.push_str(&Paint::Bold.apply(terminal, "note"));
        out.push_str(": ");
        out.push_str(&sanitize(note));
        out.push('\n');
    }
    let summary = Summary::of(check.findings);
    let paint = match summary {
        Summary { errors: 1.., .. } => Paint::Red,
        Summary { warnings: 1.., .. } => Paint::Yellow,
        _ => Paint::Green,
    };
    out.push_str(&paint.apply(terminal, &summary.to_string()));
    out.push('\n');
    out
}

/// The parts of one report: the finding itself and, where there is one, the suggested edit.
fn groups<'a>(finding: &'a Finding, texts: Texts<'a>) -> Vec<Group<'a>> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Advice => Level::INFO.with_name("advice"),
    };
    let title = level
        .primary_title(sanitize(&finding.message))
        .id(finding.rule.id);
    let mut primary = Group::with_title(title);
    for element in places(finding, texts) {
        primary = primary.element(element);
    }
    let edit = finding.patch.as_ref().and_then(|patch| {
        let range = super::shown(patch, texts.sources.get(&patch.file)?);
        let source = Window::over(&patch.file, std::slice::from_ref(&range), texts)?;
        let edit = Patch::new(source.map(&range), sanitize(&patch.replacement));
        Some(source.snippet(&patch.file).patch(edit))
    });
    match edit {
        Some(edit) => {
            let title = Level::HELP.secondary_title(sanitize(&finding.help));
            vec![primary, title.element(edit)]
        }
        None if finding.help.is_empty() => vec![primary],
        None => vec![primary.element(Level::HELP.message(sanitize(&finding.help)))],
    }
}

/// The source lines of a finding: its own file first, related places of the same file among
/// them, then the other files.
fn places<'a>(finding: &'a Finding, texts: Texts<'a>) -> Vec<Element<'a>> {
    let mut elements = Vec::new();
    let Some(location) = &finding.location else {
        elements.extend(finding.related.iter().map(|related| {
            Level::NOTE
                .message(sanitize(&format!(
                    "{}: {}",
                    related.label, related.location.file
                )))
                .into()
        }));
        return elements;
    };
    let (same, other): (Vec<_>, Vec<_>) = finding
        .related
        .iter()
        .partition(|related| related.location.file == location.file);
    let mut marks = vec![Mark::new(AnnotationKind::Primary, location, &finding.label)];
    marks.extend(
        same.iter()
            .map(|related| Mark::new(AnnotationKind::Context, &related.location, &related.label)),
    );
    elements.push(show(&location.file, &marks, texts));
    for related in other {
        let mark = Mark::new(AnnotationKind::Context, &related.location, &related.label);
        elements.push(show(&related.location.file, &[mark], texts));
    }
    elements
}

/// One span with its label.
struct Mark<'a> {
    kind: AnnotationKind,
    range: Option<&'a Range<usize>>,
    label: &'a str,
}

impl<'a> Mark<'a> {
    fn new(kind: AnnotationKind, location: &'a Location, label: &'a str) -> Self {
        Self {
            kind,
            range: location.range.as_ref(),
            label,
        }
    }
}

/// The marked lines of one file, or only its name when there is no line to show.
fn show<'a>(file: &str, marks: &[Mark<'a>], texts: Texts<'_>) -> Element<'a> {
    let ranges: Vec<Range<usize>> = marks
        .iter()
        .filter_map(|mark| mark.range.cloned())
        .collect();
    let Some(window) = Window::over(file, &ranges, texts) else {
        return Origin::path(sanitize(file)).into();
    };
    let annotations = marks.iter().filter_map(|mark| {
        let annotation = mark.kind.span(window.map(mark.range?));
        Some(if mark.label.is_empty() {
            annotation
        } else {
            annotation.label(sanitize(mark.label))
        })
    });
    window.snippet(file).annotations(annotations).into()
}

/// The texts that findings point into, and where secrets stand in them.
#[derive(Clone, Copy)]
struct Texts<'a> {
    sources: &'a Sources,
    secrets: &'a Secrets<'a>,
}

/// The whole lines of a file that some ranges touch, secrets masked: a report about one line of
/// a large file must not cost as much as the file.
struct Window {
    text: String,
    offset: usize,
    first_line: usize,
}

impl Window {
    /// `None` without a range, or when the text of the file is not at hand.
    fn over(file: &str, ranges: &[Range<usize>], texts: Texts<'_>) -> Option<Self> {
        let text = texts.sources.get(file)?;
        let start = ranges
            .iter()
            .map(|range| boundary(text, range.start))
            .min()?;
        let end = ranges
            .iter()
            .map(|range| boundary(text, range.end))
            .max()?
            .max(start);
        let offset = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let stop = text[end..]
            .find('\n')
            .map_or(text.len(), |newline| end + newline + 1);
        let known = texts.secrets.get(file).map_or(&[][..], Vec::as_slice);
        Some(Self {
            text: secrets::mask_part(text, offset..stop, known),
            offset,
            first_line: text[..offset].bytes().filter(|byte| *byte == b'\n').count() + 1,
        })
    }

    /// The range in the sanitized window.
    fn map(&self, range: &Range<usize>) -> Range<usize> {
        let at = |position: usize| {
            let inside = boundary(&self.text, position.saturating_sub(self.offset));
            sanitize(&self.text[..inside]).len()
        };
        let start = at(range.start);
        start..at(range.end).max(start)
    }

    fn snippet<'a, T: Clone>(&self, file: &str) -> Snippet<'a, T> {
        Snippet::source(sanitize(&self.text))
            .line_start(self.first_line)
            .path(sanitize(file))
    }
}

/// The nearest character boundary at or before an offset, inside the text.
fn boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
