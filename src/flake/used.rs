//! Which inputs of a flake an expression uses.

use std::ops::Range;

use rnix::Root;
use rnix::ast::{Attr, Entry, Expr, HasEntry, Param, Select};
use rowan::ast::AstNode;

/// The inputs that a file uses by the name of the whole set: `inputs.NAME`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsedInputs {
    /// What the flake's own `outputs` takes by name beside it.
    pub arguments: Vec<String>,
    /// Each name with its place, those aside for which a default stands in.
    pub names: Vec<(String, Range<usize>)>,
}

impl UsedInputs {
    /// Reads a file that takes `inputs`; `None` where `inputs` may be something else.
    pub fn read(root: &Root, is_flake: bool) -> Option<Self> {
        let arguments = taking_inputs(root, is_flake)?;
        let selects = root.syntax().descendants().filter_map(Select::cast);
        Some(Self {
            arguments,
            names: selects.filter_map(|it| of_inputs(&it)).collect(),
        })
    }
}

/// The other arguments of the function that takes `inputs`, where there is exactly one such
/// function, and it is the file's own or the flake's `outputs`.
fn taking_inputs(root: &Root, is_flake: bool) -> Option<Vec<String>> {
    let takes = |param: &Param| match param {
        Param::IdentParam(it) => it.ident().is_some_and(|it| it.syntax().text() == "inputs"),
        Param::Pattern(pattern) => {
            let bound = pattern.pat_bind().and_then(|it| it.ident());
            let mut names = bound
                .into_iter()
                .chain(pattern.pat_entries().filter_map(|it| it.ident()));
            names.any(|it| it.syntax().text() == "inputs")
        }
    };
    let params = root.syntax().descendants().filter_map(Param::cast);
    let taking: Vec<Param> = params.filter(takes).collect();
    let [param] = taking.as_slice() else {
        return None;
    };
    let lambda = param.syntax().parent()?;
    let is_outer = if is_flake {
        lambda
            .parent()
            .is_some_and(|it| it.text().to_string().starts_with("outputs"))
    } else {
        root.expr().is_some_and(|it| *it.syntax() == lambda)
    };
    let is_rebound = root.syntax().descendants().any(|node| {
        rnix::ast::LetIn::cast(node)
            .is_some_and(|it| it.entries().any(|entry| binds_inputs(&entry)))
    });
    if !is_outer || is_rebound {
        return None;
    }
    match param {
        Param::Pattern(pattern) if is_flake => {
            let names = pattern.pat_entries().filter_map(|it| it.ident());
            Some(names.map(|it| it.syntax().text().to_string()).collect())
        }
        Param::IdentParam(_) if !is_flake => None,
        _ => Some(Vec::new()),
    }
}

fn binds_inputs(entry: &Entry) -> bool {
    match entry {
        Entry::Inherit(inherit) => inherit.attrs().any(|it| it.syntax().text() == "inputs"),
        Entry::AttrpathValue(it) => it
            .attrpath()
            .and_then(|path| path.attrs().next())
            .is_some_and(|it| it.syntax().text() == "inputs"),
    }
}

/// The input that `inputs.NAME…` names, and where; nothing where a default stands in for it.
fn of_inputs(select: &Select) -> Option<(String, Range<usize>)> {
    let Expr::Ident(base) = select.expr()? else {
        return None;
    };
    let Attr::Ident(name) = select.attrpath()?.attrs().next()? else {
        return None;
    };
    if base.syntax().text() != "inputs" || select.default_expr().is_some() {
        return None;
    }
    let range = select.syntax().text_range();
    let range = range.start().into()..name.syntax().text_range().end().into();
    Some((name.syntax().text().to_string(), range))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(text: &str) -> Root {
        crate::nix::parse(text).expect("valid Nix")
    }

    fn names(text: &str, is_flake: bool) -> Option<Vec<String>> {
        let used = UsedInputs::read(&tree(text), is_flake)?;
        Some(used.names.into_iter().map(|(name, _)| name).collect())
    }

    #[test]
    fn only_the_set_of_all_inputs_counts() {
        let module = "{ inputs, ... }: [ inputs.a.b (inputs.c or null) x.inputs.d ]";
        assert_eq!(names(module, false), Some(vec!["a".to_owned()]));
        assert_eq!(names("x: let inputs = x; in inputs.a", false), None);
        assert_eq!(names("{ f = inputs: inputs.a; }", false), None);
        let flake = "{ outputs = inputs@{ self, b, ... }: inputs.a; }";
        let used = UsedInputs::read(&tree(flake), true).expect("a flake");
        assert_eq!(used.arguments, ["self", "b"]);
        assert_eq!(used.names.len(), 1);
    }
}
