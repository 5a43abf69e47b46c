//! Joins the attributes of a set the way Nix's parser does: `a.b = 1; a.c = 2;` is one `a`.

use std::collections::BTreeMap;
use std::rc::Rc;

use rnix::TextRange;
use rnix::ast::{Entry, Expr, HasEntry};
use rowan::ast::AstNode;

use super::expression::{Binding, Bindings, Bound, Expression, Key, Kind, Name, Node};
use super::lower::{Depth, key, lower, optional};

/// A set in the making.
#[derive(Default)]
pub(super) struct Draft {
    fields: BTreeMap<Name, (TextRange, Part)>,
    dynamic: Vec<(Node, Node)>,
}

enum Part {
    /// A set that later paths may add to.
    Nested {
        draft: Draft,
        recursive: bool,
        range: TextRange,
    },
    Bound(Bound),
}

impl Draft {
    pub(super) fn of(entries: impl Iterator<Item = Entry>, depth: Depth<'_>) -> Self {
        let mut draft = Self::default();
        for entry in entries {
            match entry {
                Entry::Inherit(inherit) => draft.inherit(&inherit, depth),
                Entry::AttrpathValue(assignment) => {
                    let attrs = assignment
                        .attrpath()
                        .into_iter()
                        .flat_map(|path| path.attrs());
                    let path: Vec<_> = attrs
                        .map(|attr| (key(&attr, depth), attr.syntax().text_range()))
                        .collect();
                    let value = assignment.value();
                    match value {
                        Some(Expr::AttrSet(set)) => {
                            let part = Part::Nested {
                                draft: Self::of(set.entries(), depth.deeper()),
                                recursive: set.rec_token().is_some(),
                                range: set.syntax().text_range(),
                            };
                            draft.insert(path, part);
                        }
                        value => {
                            let value = optional(value, depth, assignment.syntax());
                            draft.insert(path, Part::Bound(Bound::Expression(value)));
                        }
                    }
                }
            }
        }
        draft
    }

    fn inherit(&mut self, inherit: &rnix::ast::Inherit, depth: Depth<'_>) {
        let from = inherit
            .from()
            .and_then(|from| from.expr())
            .map(|expr| lower(&expr, depth));
        for attr in inherit.attrs() {
            if let Key::Static(name) = key(&attr, depth) {
                let bound = match &from {
                    Some(from) => Bound::InheritedFrom(Rc::clone(from)),
                    None => Bound::Inherited,
                };
                let range = attr.syntax().text_range();
                self.fields.insert(name, (range, Part::Bound(bound)));
            }
        }
    }

    fn insert(&mut self, path: Vec<(Key, TextRange)>, part: Part) {
        let mut steps = path.into_iter();
        let Some((first, range)) = steps.next() else {
            return;
        };
        let rest: Vec<_> = steps.collect();
        let end = rest.last().map_or(range.end(), |(_, range)| range.end());
        match first {
            Key::Dynamic(name) => {
                let value = wrap(rest, part, range);
                self.dynamic.push((name, value));
            }
            Key::Static(name) => self.insert_static(name, range, rest, part, end),
        }
    }

    fn insert_static(
        &mut self,
        name: Name,
        range: TextRange,
        rest: Vec<(Key, TextRange)>,
        part: Part,
        end: rnix::TextSize,
    ) {
        let (_, slot) = self.fields.entry(name).or_insert_with(|| {
            let nested = Part::Nested {
                draft: Self::default(),
                recursive: false,
                range: TextRange::new(range.start(), end),
            };
            (range, nested)
        });
        match slot {
            Part::Nested { draft, .. } if !rest.is_empty() => draft.insert(rest, part),
            Part::Nested {
                draft,
                recursive,
                range,
            } => match part {
                Part::Nested {
                    draft: more,
                    recursive: more_recursive,
                    range: more_range,
                } => {
                    if draft.is_empty() {
                        *range = more_range;
                    }
                    *recursive |= more_recursive;
                    draft.join(more);
                }
                // Either the first definition, or one that Nix refuses beside others.
                bound @ Part::Bound(_) => *slot = bound,
            },
            // Nix refuses this; the first definition stays.
            Part::Bound(_) => {}
        }
    }

    fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.dynamic.is_empty()
    }

    fn join(&mut self, more: Self) {
        self.dynamic.extend(more.dynamic);
        for (name, (range, part)) in more.fields {
            let end = range.end();
            self.insert_static(name, range, Vec::new(), part, end);
        }
    }

    pub(super) fn finish(self) -> Bindings {
        let fields = self.fields.into_iter().map(|(name, (range, part))| {
            let binding = Binding {
                key_start: range.start().into(),
                key_end: range.end().into(),
                value: match part {
                    Part::Bound(bound) => bound,
                    Part::Nested {
                        draft,
                        recursive,
                        range,
                    } => Bound::Expression(set(draft, recursive, range)),
                },
            };
            (name, binding)
        });
        Bindings {
            fields: fields.collect(),
            dynamic: self.dynamic,
        }
    }
}

fn set(draft: Draft, recursive: bool, range: TextRange) -> Node {
    Rc::new(Expression {
        kind: Kind::Set {
            recursive,
            bindings: Rc::new(draft.finish()),
        },
        start: range.start().into(),
        end: range.end().into(),
    })
}

/// The value below a computed name: `${x}.a.b = 1` is `${x} = { a = { b = 1; }; }`.
fn wrap(rest: Vec<(Key, TextRange)>, part: Part, range: TextRange) -> Node {
    if rest.is_empty() {
        return match part {
            Part::Nested {
                draft,
                recursive,
                range,
            } => set(draft, recursive, range),
            Part::Bound(Bound::Expression(node)) => node,
            Part::Bound(_) => Rc::new(Expression {
                kind: Kind::Unknown,
                start: range.start().into(),
                end: range.end().into(),
            }),
        };
    }
    let mut draft = Draft::default();
    draft.insert(rest, part);
    set(draft, false, range)
}
