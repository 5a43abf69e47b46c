//! Why a person will get in, as a list with a place for every link.

use serde::Serialize;

use super::terminal::{Paint, Terminal, sanitize};
use crate::access::{Answer, Chain};
use crate::finding::{Location, Position, Sources};

/// One chain of the JSON document.
#[derive(Serialize)]
pub(super) struct ChainRecord<'a> {
    system: Option<&'a str>,
    proven: bool,
    links: Vec<LinkRecord<'a>>,
}

#[derive(Serialize)]
struct LinkRecord<'a> {
    link: &'static str,
    answer: &'static str,
    says: &'a str,
    file: Option<&'a str>,
    line: Option<usize>,
    decided_by: Option<PlaceRecord<'a>>,
}

#[derive(Serialize)]
struct PlaceRecord<'a> {
    file: &'a str,
    line: Option<usize>,
}

/// The chains for a program.
pub(super) fn records<'a>(chains: &'a [Chain], sources: &Sources) -> Vec<ChainRecord<'a>> {
    let chain = |chain: &'a Chain| ChainRecord {
        system: chain.system.as_deref(),
        proven: is_proven(chain),
        links: chain
            .links
            .iter()
            .map(|link| LinkRecord {
                link: link.title,
                answer: link.answer.name(),
                says: &link.says,
                file: link.location.as_ref().map(|at| at.file.as_str()),
                line: link.location.as_ref().and_then(|at| line(at, sources)),
                decided_by: link.decided_by.as_ref().map(|at| PlaceRecord {
                    file: &at.file,
                    line: line(at, sources),
                }),
            })
            .collect(),
    };
    chains.iter().map(chain).collect()
}

/// The chains for a person.
pub(super) fn human(terminal: Terminal, chains: &[Chain], sources: &Sources) -> String {
    let mut out = String::new();
    for chain in chains {
        let name = chain.system.as_deref().unwrap_or("the machine");
        let title = format!("why you will get in to {}", sanitize(name));
        out.push_str(&Paint::Bold.apply(terminal, &title));
        out.push('\n');
        for (number, link) in (1..).zip(&chain.links) {
            let (mark, paint) = match link.answer {
                Answer::Holds => ("yes", Paint::Green),
                Answer::Broken => ("NO ", Paint::Red),
                Answer::Unknown => ("?  ", Paint::Yellow),
            };
            let mark = paint.apply(terminal, mark);
            out.push_str(&format!(
                "  {number:>2} {mark} {}: {}\n",
                link.title,
                sanitize(&link.says)
            ));
            out.push_str(&format!(
                "         {}\n",
                places(link.location.as_ref(), link.decided_by.as_ref(), sources)
            ));
        }
        out.push('\n');
    }
    out
}

/// Whether every link holds.
fn is_proven(chain: &Chain) -> bool {
    chain.links.iter().all(|link| link.answer == Answer::Holds)
}

fn places(location: Option<&Location>, decided_by: Option<&Location>, sources: &Sources) -> String {
    let shown = |at: &Location| {
        let file = sanitize(&at.file);
        line(at, sources).map_or_else(|| file.clone(), |line| format!("{file}:{line}"))
    };
    match (location, decided_by) {
        (Some(at), Some(key)) => format!("{}, from {}", shown(at), shown(key)),
        (Some(at), None) | (None, Some(at)) => shown(at),
        (None, None) => "by default, written in no file".to_owned(),
    }
}

fn line(at: &Location, sources: &Sources) -> Option<usize> {
    let text = sources.get(&at.file)?;
    let start = at.range.as_ref()?.start;
    Some(Position::of(text, start).line)
}
