//! Reading YAML: a tree with places, bounded in size and depth.

use std::rc::Rc;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use crate::reading::Place;

/// A longer file was not written by a person.
const LONGEST: usize = 1 << 20;
/// How deep lists and maps may nest.
const DEEPEST: usize = 64;

/// Why a text is not YAML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong, in one sentence.
    pub message: String,
    /// Where.
    pub place: Place,
}

/// A value with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What it is.
    pub value: Value,
    /// Where it is written.
    pub place: Place,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A word without quotes, which may stand for `null`, a boolean or a number.
    Plain(String),
    /// A text in quotes or a block.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A map, in the order written.
    Map(Vec<Entry>),
    /// A value of another place, or one with a tag of its own.
    Alias,
}

/// One entry of a map.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key is written.
    pub place: Place,
    /// The value.
    pub value: Node,
}

impl Node {
    /// The entries of a map; none for anything else.
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The elements of a list; none for anything else.
    pub fn elements(&self) -> &[Node] {
        match &self.value {
            Value::List(elements) => elements,
            _ => &[],
        }
    }

    /// The value at a key; a later one of two wins.
    pub fn get(&self, key: &str) -> Option<&Node> {
        let entry = self.entries().iter().rev().find(|entry| entry.key == key);
        entry.map(|entry| &entry.value)
    }

    /// A text; a number or a word without quotes is one as well, `null` is not.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            Value::Plain(text) if !self.is_null() => Some(text),
            _ => None,
        }
    }

    /// A boolean.
    pub fn boolean(&self) -> Option<bool> {
        match &self.value {
            Value::Plain(text) => match &**text {
                "true" | "True" | "TRUE" => Some(true),
                "false" | "False" | "FALSE" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether it is nothing: an empty value, `null` or `~`.
    pub fn is_null(&self) -> bool {
        matches!(&self.value, Value::Plain(text) if matches!(&**text, "" | "~" | "null" | "Null" | "NULL"))
    }
}

/// The first document of a YAML text; `None` when it holds nothing. Answers any text.
pub fn parse(path: &str, text: &str) -> Result<Option<Node>, SyntaxError> {
    let file: Rc<str> = Rc::from(path);
    let mut builder = Builder {
        offsets: Offsets::new(&file, text),
        open: Vec::new(),
        root: None,
    };
    if text.len() > LONGEST {
        return Err(builder.error("the file is longer than a mebibyte", 0));
    }
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        match event {
            Ok((Event::DocumentEnd, _)) => break,
            Ok((event, span)) => builder.take(event, span)?,
            Err(error) => return Err(builder.error(error.info(), error.marker().index())),
        }
    }
    Ok(builder.root)
}

/// Byte offsets of characters: the parser counts those.
struct Offsets<'a> {
    file: &'a Rc<str>,
    starts: Vec<usize>,
    length: usize,
}

impl<'a> Offsets<'a> {
    fn new(file: &'a Rc<str>, text: &str) -> Self {
        Self {
            file,
            starts: text.char_indices().map(|(start, _)| start).collect(),
            length: text.len(),
        }
    }

    fn byte(&self, character: usize) -> usize {
        self.starts.get(character).copied().unwrap_or(self.length)
    }

    fn place(&self, span: Span) -> Place {
        let (start, end) = (self.byte(span.start.index()), self.byte(span.end.index()));
        Place::new(self.file, start..end.max(start))
    }
}

/// A list or map that is not closed yet.
struct Open {
    node: Node,
    /// The key that waits for its value.
    key: Option<(String, Place)>,
}

struct Builder<'a> {
    offsets: Offsets<'a>,
    open: Vec<Open>,
    root: Option<Node>,
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), SyntaxError> {
        let place = self.offsets.place(span);
        let value = match event {
            Event::Scalar(_, _, _, Some(_)) | Event::Alias(_) => Value::Alias,
            Event::Scalar(text, ScalarStyle::Plain, _, None) => Value::Plain(text.into_owned()),
            Event::Scalar(text, _, _, None) => Value::Text(text.into_owned()),
            Event::SequenceStart(..) => return self.open(Value::List(Vec::new()), place, span),
            Event::MappingStart(..) => return self.open(Value::Map(Vec::new()), place, span),
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(mut open) = self.open.pop() {
                    open.node.place.end = open.node.place.end.max(place.end);
                    self.put(open.node);
                }
                return Ok(());
            }
            _ => return Ok(()),
        };
        self.put(Node { value, place });
        Ok(())
    }

    fn open(&mut self, value: Value, place: Place, span: Span) -> Result<(), SyntaxError> {
        if self.open.len() >= DEEPEST {
            return Err(self.error("lists and maps nest too deep here", span.start.index()));
        }
        let node = Node { value, place };
        self.open.push(Open { node, key: None });
        Ok(())
    }

    fn put(&mut self, node: Node) {
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return;
        };
        match &mut open.node.value {
            Value::List(elements) => elements.push(node),
            Value::Map(entries) => match open.key.take() {
                // A key that is a list or a map names nothing that anybody asks for.
                None => open.key = Some((node.text().unwrap_or_default().to_owned(), node.place)),
                Some((key, place)) => entries.push(Entry {
                    key,
                    place,
                    value: node,
                }),
            },
            _ => {}
        }
    }

    fn error(&self, message: &str, character: usize) -> SyntaxError {
        let start = self.offsets.byte(character);
        let end = self.offsets.byte(character + 1);
        SyntaxError {
            message: message.to_owned(),
            place: Place::new(self.offsets.file, start..end),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn values_keep_their_places() {
        let text = "a: é # c\r\n\"b\":\n  - 'x'\n  - {c: true, d: [1, ~]}\n";
        let root = parse("devenv.yaml", text).unwrap().unwrap();
        let at = |node: &Node| text[node.place.range()].to_owned();
        assert_eq!(at(root.get("a").unwrap()), "é");
        let list = root.get("b").unwrap().elements();
        assert_eq!(
            (at(&list[0]), list[0].text()),
            ("'x'".to_owned(), Some("x"))
        );
        assert_eq!(at(&list[1]), "{c: true, d: [1, ~]}");
        assert_eq!(list[1].get("c").unwrap().boolean(), Some(true));
        assert!(list[1].get("d").unwrap().elements()[1].is_null());
        assert_eq!(text[root.entries()[1].place.range()], *"\"b\"");
    }

    #[test]
    fn what_is_no_yaml_has_a_place() {
        let error = parse("devenv.yaml", "inputs:\n  a: [\nb: 1\n").unwrap_err();
        assert!(!error.message.is_empty());
        assert!(error.place.start > 7, "{error:?}");
        assert!(parse("x", &"[".repeat(10_000)).is_err());
        assert!(parse("x", &"- ".repeat(10_000)).is_err());
        assert!(parse("x", &"a: 1\n".repeat(300_000)).is_err());
        assert_eq!(parse("x", "# nothing\n"), Ok(None));
    }

    proptest! {
        #[test]
        fn any_text_is_answered(
            words in proptest::collection::vec(
                prop::sample::select(vec![
                    "a", ": ", "\n", "  ", "- ", "[", "]", "{", "}", "'", "\"", "#", "|", ">", "&x ",
                    "*x", "!!str ", "---", "é", "\t", "\r\n", "?", ",", "%",
                ]),
                0..40,
            ),
            noise in "\\PC{0,40}",
        ) {
            for text in [words.concat(), noise] {
                if let Ok(Some(node)) = parse("x", &text) {
                    prop_assert!(text.get(node.place.range()).is_some(), "{node:?}");
                }
            }
        }
    }
}
