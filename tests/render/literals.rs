//! String literals of Nix files, by the attribute path that they stand at.

use rnix::ast::{Apply, Attr, Attrpath, AttrpathValue, InterpolPart, Str};
use rowan::ast::AstNode;

/// One literal without an interpolation.
#[derive(Debug)]
pub(crate) struct Literal {
    /// Attribute path, such as `processes.web.exec`; of a `let`, the name that it binds.
    pub(crate) path: String,
    /// What it evaluates to.
    pub(crate) text: String,
}

/// Every literal of a file, in order. Interpolations make a literal no literal.
#[track_caller]
pub(crate) fn literals(nix: &str) -> Vec<Literal> {
    let root = seance::nix::parse(nix).unwrap();
    root.syntax()
        .descendants()
        .filter_map(Str::cast)
        .filter(|literal| literal.syntax().parent().and_then(Attrpath::cast).is_none())
        .filter_map(|literal| {
            let text = seance::nix::string::decode(&literal)?;
            let path = path(&literal);
            Some(Literal { path, text })
        })
        .collect()
}

/// The texts at one path.
pub(crate) fn at(literals: &[Literal], path: &str) -> Vec<String> {
    let here = literals.iter().filter(|literal| literal.path == path);
    here.map(|literal| literal.text.clone()).collect()
}

fn path(literal: &Str) -> String {
    let mut names: Vec<String> = Vec::new();
    for ancestor in literal.syntax().ancestors().filter_map(AttrpathValue::cast) {
        let steps: Vec<String> = ancestor
            .attrpath()
            .into_iter()
            .flat_map(|path| path.attrs().collect::<Vec<_>>())
            .map(|step| match step {
                Attr::Ident(name) => name.to_string(),
                Attr::Str(name) => {
                    seance::nix::string::decode(&name).unwrap_or_else(|| name.to_string())
                }
                Attr::Dynamic(name) => name.to_string(),
            })
            .collect();
        names.splice(0..0, steps);
    }
    names.join(".")
}

/// Every shell script of a file: what is written by `writeShellScript`, run by devenv or given to
/// systemd. An interpolation becomes one word, which is what each of them is.
pub(crate) fn scripts(nix: &str) -> Vec<Literal> {
    let root = seance::nix::parse(nix).unwrap();
    let strings = root.syntax().descendants().filter_map(Str::cast);
    strings
        .filter_map(|literal| {
            let path = path(&literal);
            let written = literal
                .syntax()
                .parent()
                .and_then(Apply::cast)
                .and_then(|call| call.lambda())
                .is_some_and(|function| {
                    let text = function.syntax().text().to_string();
                    text.starts_with("pkgs.writeShellScript ")
                });
            let last = path.rsplit('.').next();
            (written || matches!(last, Some("exec" | "script"))).then(|| {
                let parts = literal.normalized_parts().into_iter();
                let text = parts.map(|part| match part {
                    InterpolPart::Literal(text) => text,
                    InterpolPart::Interpolation(_) => "word".to_owned(),
                });
                Literal {
                    path,
                    text: text.collect(),
                }
            })
        })
        .collect()
}
