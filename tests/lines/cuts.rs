//! Everything that can be taken out of a text by itself: each line, and each construct that spans
//! several.

use std::collections::BTreeMap;
use std::ops::Range;

use hcl_edit::Span;
use hcl_edit::expr::{Array, Object};
use hcl_edit::structure::{Attribute, Block};
use hcl_edit::visit::{self, Visit};
use rnix::ast::{AttrpathValue, Inherit, List, PatEntry};
use rowan::ast::AstNode;
use seance::{hcl, nix};

/// Something that was taken out of a file.
pub(super) struct Cut {
    /// What is gone, with what it was part of.
    pub(super) name: String,
    /// The file without it.
    pub(super) text: String,
    start: usize,
}

/// Every cut of a text, each result once. Blank lines and comments are nothing to cut.
pub(super) fn cuts(path: &str, text: &str) -> Vec<Cut> {
    let mut ranges = lines(text);
    ranges.extend(match path.rsplit_once('.') {
        Some((_, "nix")) => of_nix(text),
        Some((_, "tf" | "tfvars")) => of_hcl(text),
        _ => of_indentation(text),
    });
    let mut cuts: BTreeMap<String, Cut> = BTreeMap::new();
    for range in ranges {
        let whole = whole_lines(text, range);
        let mut rest = text.to_owned();
        rest.replace_range(whole.clone(), "");
        let cut = Cut {
            start: whole.start,
            name: format!("{path}: {}", name(text, whole)),
            text: rest.clone(),
        };
        cuts.entry(rest).or_insert(cut);
    }
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut cuts: Vec<Cut> = cuts.into_values().collect();
    cuts.sort_by_key(|cut| cut.start);
    for cut in &mut cuts {
        let count = seen.entry(cut.name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            cut.name.push_str(&format!(" ({count})"));
        }
    }
    cuts
}

fn is_said(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with('#')
}

/// Each line with its end, but for blank ones and comments.
fn lines(text: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    let ranges = text.split_inclusive('\n').map(|line| {
        let range = start..start + line.len();
        start = range.end;
        range
    });
    let said = |range: &Range<usize>| is_said(&text[range.clone()]);
    ranges.filter(said).collect()
}

/// A range that has its lines for itself takes them along.
fn whole_lines(text: &str, range: Range<usize>) -> Range<usize> {
    let range = range.start..range.start + text[range].trim_end().len();
    let start = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[range.end..]
        .find('\n')
        .map_or(text.len(), |at| range.end + at + 1);
    let is_blank = |part: &str| part.trim().trim_matches(',').is_empty();
    if is_blank(&text[start..range.start]) && is_blank(&text[range.end..end]) {
        start..end
    } else {
        range
    }
}

/// The first line of what is gone, after the first lines of everything that it stands in.
fn name(text: &str, range: Range<usize>) -> String {
    let own = text[range.clone()].trim();
    let (first, is_more) = match own.split_once('\n') {
        Some((first, _)) => (first.trim_end(), " ..."),
        None => (own, ""),
    };
    let line = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
    let indentation = |line: &str| line.len() - line.trim_start().len();
    let whole = text[line..].lines().next().unwrap_or_default();
    let mut depth = indentation(whole);
    let mut around = Vec::new();
    // Within a line the rest of the line tells one item from the next.
    if !text[line..range.start].trim().is_empty() {
        around.push(whole.trim());
    }
    for above in text[..line].lines().rev().filter(|line| is_said(line)) {
        if indentation(above) < depth {
            depth = indentation(above);
            if above.trim().len() > 1 {
                around.push(above.trim());
            }
        }
    }
    around.reverse();
    around.push(first);
    around.join(" > ") + is_more
}

fn of_nix(text: &str) -> Vec<Range<usize>> {
    let root = nix::parse(text).unwrap();
    let nodes = root.syntax().descendants().flat_map(|node| {
        if let Some(list) = List::cast(node.clone()) {
            list.items().map(|item| item.syntax().clone()).collect()
        } else if let Some(inherit) = Inherit::cast(node.clone()) {
            let names = inherit.attrs().map(|name| name.syntax().clone());
            names.chain([node]).collect()
        } else if AttrpathValue::can_cast(node.kind()) {
            vec![node]
        } else {
            Vec::new()
        }
    });
    let mut ranges: Vec<Range<usize>> = nodes
        .map(|node| node.text_range().start().into()..node.text_range().end().into())
        .collect();
    let entries = root.syntax().descendants().filter_map(PatEntry::cast);
    ranges.extend(entries.map(|entry| {
        let range = entry.syntax().text_range();
        let (start, end): (usize, usize) = (range.start().into(), range.end().into());
        start..end + usize::from(text[end..].starts_with(','))
    }));
    ranges
}

#[derive(Default)]
struct Ranges(Vec<Range<usize>>);

impl Visit for Ranges {
    fn visit_attr(&mut self, node: &Attribute) {
        self.0.extend(node.span());
        visit::visit_attr(self, node);
    }

    fn visit_block(&mut self, node: &Block) {
        self.0.extend(node.span());
        visit::visit_block(self, node);
    }

    fn visit_array(&mut self, node: &Array) {
        self.0.extend(node.iter().filter_map(Span::span));
        visit::visit_array(self, node);
    }

    fn visit_object(&mut self, node: &Object) {
        let spans = node.iter().filter_map(|(key, value)| {
            let end = value.expr().span()?.end;
            Some(key.span()?.start..end)
        });
        self.0.extend(spans);
        visit::visit_object(self, node);
    }
}

fn of_hcl(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Ranges::default();
    ranges.visit_body(&hcl::parse(text).unwrap());
    // An item takes the comma and the blank behind it along.
    let with_comma = |range: Range<usize>| {
        let rest = &text[range.end..];
        let comma = ", ".len() * usize::from(rest.starts_with(", "));
        range.start..range.end + comma
    };
    ranges.0.into_iter().map(with_comma).collect()
}

/// In a Caddyfile and in YAML, what is further in belongs to the line before it.
fn of_indentation(text: &str) -> Vec<Range<usize>> {
    let lines = lines(text);
    let depth = |range: &Range<usize>| {
        let line = &text[range.clone()];
        line.len() - line.trim_start().len()
    };
    let whole = |(index, first): (usize, &Range<usize>)| {
        let after = &lines[index + 1..];
        let inner = after.iter().take_while(|it| depth(it) > depth(first));
        let mut end = inner.last()?.end;
        if text[end..].trim_start().starts_with('}') {
            end += text[end..].find('}')? + 1;
        }
        Some(first.start..end)
    };
    lines.iter().enumerate().filter_map(whole).collect()
}
