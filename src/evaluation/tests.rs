//! Expressions and what they come to, in the words of [`shown`].

use super::{Evaluator, Part, Value, on_a_large_stack};
use crate::handwritten::Files;

/// A value all the way down; `?` for what is not known, `…` where more may follow.
fn shown(e: &Evaluator, value: &Value) -> String {
    match value {
        Value::Unknown | Value::Marked(_) | Value::Virtual(_) => "?".to_owned(),
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Float(value) => value.to_string(),
        Value::Text(text) => {
            let parts = text.parts.iter().map(|part| match part {
                Part::Literal(text) => text.clone(),
                Part::Symbol(symbol) => format!("${{{}}}", symbol.name),
                Part::Unknown => "?".to_owned(),
            });
            format!("\"{}\"", parts.collect::<String>())
        }
        Value::Path(path) => format!("./{path}"),
        Value::List(list) => {
            let mut items: Vec<_> = list.items.iter().map(|i| shown(e, &e.force(i))).collect();
            if !list.complete {
                items.push("…".to_owned());
            }
            format!("[{}]", items.join(" "))
        }
        Value::Set(set) => {
            let field = |(name, field): (&super::Name, &super::Field)| {
                format!("{name}={}", shown(e, &e.force(&field.value)))
            };
            let mut fields: Vec<_> = set.fields.iter().map(field).collect();
            if !set.complete {
                fields.push("…".to_owned());
            }
            format!("{{{}}}", fields.join(" "))
        }
        Value::Function(_) | Value::Native(..) => "function".to_owned(),
        Value::Symbol(symbol) => format!("<{}>", symbol.name),
    }
}

fn evaluated(files: &[(&str, &str)]) -> String {
    let files: Files = files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect();
    on_a_large_stack(|| {
        let evaluator = Evaluator::new(&files);
        let thunk = evaluator.file("main.nix").expect("main.nix parses");
        shown(&evaluator, &evaluator.force(&thunk))
    })
}

#[track_caller]
fn gives(text: &str, expected: &str) {
    assert_eq!(evaluated(&[("main.nix", text)]), expected, "{text}");
}

/// As [`gives`], with nixpkgs' library as `lib` and packages as `pkgs`.
#[track_caller]
fn with_lib(text: &str, expected: &str) {
    let files: Files = [("main.nix".to_owned(), format!("{{ lib, pkgs }}: {text}"))].into();
    let shown = on_a_large_stack(|| {
        let evaluator = Evaluator::new(&files);
        let function = evaluator.file("main.nix").expect("main.nix parses");
        let place = function.place().clone();
        let arguments = ["lib", "pkgs"].map(|name| {
            let value = super::Thunk::done(Value::symbol(name), place.clone());
            (name.into(), super::Field { key: None, value })
        });
        let arguments = Value::set(arguments.into_iter().collect(), true);
        let argument = super::Thunk::done(arguments, place.clone());
        let value = evaluator.call(&evaluator.force(&function), &argument, &place);
        shown(&evaluator, &value)
    });
    assert_eq!(shown, expected, "{text}");
}

#[test]
fn plain_values() {
    gives("1", "1");
    gives("-1.5", "-1.5");
    gives("true", "true");
    gives("null", "null");
    gives("\"a${\"b\"}c\"", "\"abc\"");
    gives("''\n  one\n    two\n''", "\"one\n  two\n\"");
    gives("[ 1 \"a\" ./x.nix ]", "[1 \"a\" ./x.nix]");
    gives("https://example.org/x", "\"https://example.org/x\"");
}

#[test]
fn sets_join_their_paths() {
    gives("{ a.b = 1; a.c = 2; }", "{a={b=1 c=2}}");
    gives("{ a = { b = 1; }; a.c = 2; }", "{a={b=1 c=2}}");
    gives("{ a.b.c = 1; a.b.d.e = 2; }", "{a={b={c=1 d={e=2}}}}");
    gives("{ ${\"a\"}.b = 1; }", "{a={b=1}}");
    gives(
        "let n = \"x\"; in { ${n}.y = 1; x.z = 2; }",
        "{x={y=1 z=2}}",
    );
    gives("rec { a = 1; b = a + 1; }", "{a=1 b=2}");
    gives("let a = 1; in { inherit a; }", "{a=1}");
    gives("let s = { a = 1; }; in { inherit (s) a; }", "{a=1}");
    gives("rec { a.x = 1; b = a.x; }", "{a={x=1} b=1}");
}

#[test]
fn scopes() {
    gives("let a = b; b = 2; in a", "2");
    gives("with { a = 1; }; a", "1");
    gives("let a = 2; in with { a = 1; }; a", "2");
    gives("with { a = 1; }; with { a = 2; }; a", "2");
    gives("(x: y: x + y) 1 2", "3");
    gives(
        "({ a, b ? a + 1, ... }@all: [ a b all.c ]) { a = 1; c = 3; }",
        "[1 2 3]",
    );
    gives("{ a.b = 1; }.a.b", "1");
    gives("{ }.a or 5", "5");
    gives("{ a = 1; } ? a", "true");
    gives("{ a.b = 1; } ? a.c", "false");
}

#[test]
fn operators() {
    gives("{ a = 1; b = 1; } // { b = 2; }", "{a=1 b=2}");
    gives("[ 1 ] ++ [ 2 ]", "[1 2]");
    gives("if 1 < 2 && !false then \"y\" else \"n\"", "\"y\"");
    gives(
        "\"a\" == \"a\" && [ 1 ] == [ 1 ] && { a = 1; } != { a = 2; }",
        "true",
    );
    gives("./a + \"/b.nix\"", "./a/b.nix");
    gives("1 + 2 * 3 - 4 / 2", "5");
    gives("1 / 0", "?");
}

#[test]
fn what_is_unknown_spreads_no_further_than_it_must() {
    gives(
        "{ a = 1; b = builtins.getEnv \"X\" == \"y\"; }",
        "{a=1 b=?}",
    );
    gives("{ a = 1; } // (throw \"x\")", "{…}");
    gives("(throw \"x\") // { a = 1; }", "{a=1 …}");
    gives("[ 1 ] ++ throw \"x\"", "[1 …]");
    gives("false && throw \"x\"", "false");
    gives("(throw \"x\") || true", "true");
    gives("if throw \"x\" then 1 else 2", "?");
    gives("\"a${throw \"x\"}b\"", "\"a?b\"");
    gives("nobody", "?");
    gives("with throw \"x\"; a", "?");
}

#[test]
fn circles_end() {
    gives("let a = a; in a", "?");
    gives("rec { a = b; b = a; }", "{a=? b=?}");
    gives("let f = x: f x; in f 1", "?");
    gives("let f = n: if n == 0 then 0 else f (n - 1); in f 500", "0");
    let main = ("main.nix", "import ./other.nix");
    assert_eq!(evaluated(&[main, ("other.nix", "import ./main.nix")]), "?");
}

#[test]
fn a_circle_of_imports_is_noticed() {
    let text = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    let files: Files = [
        text("main.nix", "(import ./a.nix).x"),
        text("a.nix", "{ x = (import ./b.nix).y; }"),
        text("b.nix", "{ y = 1; } // import ./c.nix"),
        text("c.nix", "import ./b.nix"),
    ]
    .into();
    let places = on_a_large_stack(|| {
        let evaluator = Evaluator::new(&files);
        evaluator.force(&evaluator.file("main.nix").unwrap());
        let circles = evaluator.circles();
        circles
            .iter()
            .map(|place| place.file.to_string())
            .collect::<Vec<_>>()
    });
    assert_eq!(places, ["c.nix"]);
}

#[test]
fn files_are_imported() {
    let files = [
        ("main.nix", "(import ./a { x = 2; }).y"),
        ("a/default.nix", "{ x }: { y = x; }"),
    ];
    assert_eq!(evaluated(&files), "2");
    let files = [
        ("main.nix", "import (./. + \"/b/c.nix\")"),
        ("b/c.nix", "import ../d.nix"),
        ("d.nix", "7"),
    ];
    assert_eq!(evaluated(&files), "7");
    gives("import ./missing.nix", "?");
}

#[test]
fn lists_of_the_library() {
    with_lib("map (x: x + 1) [ 1 2 ]", "[2 3]");
    with_lib("with lib; optionals true [ 1 ] ++ optional false 2", "[1]");
    with_lib("lib.concatMap (x: [ x x ]) [ 1 ]", "[1 1]");
    with_lib("lib.flatten [ 1 [ 2 [ 3 ] ] ]", "[1 2 3]");
    with_lib("lib.filter (x: x > 1) [ 1 2 ]", "[2]");
    with_lib("lib.foldl' (a: b: a + b) 0 [ 1 2 3 ]", "6");
    with_lib("lib.unique [ 1 1 2 ]", "[1 2]");
    with_lib("lib.elem 2 (lib.range 1 3)", "true");
    with_lib("lib.any (x: x) [ false (throw \"x\") true ]", "true");
}

#[test]
fn sets_of_the_library() {
    with_lib(
        "lib.mapAttrs (n: v: \"${n}${v}\") { a = \"1\"; }",
        "{a=\"a1\"}",
    );
    with_lib("lib.genAttrs [ \"a\" ] (n: n)", "{a=\"a\"}");
    with_lib(
        "lib.recursiveUpdate { a.b = 1; a.c = 2; } { a.b = 3; }",
        "{a={b=3 c=2}}",
    );
    with_lib(
        "lib.filterAttrs (n: v: v) { a = true; b = false; }",
        "{a=true}",
    );
    with_lib("builtins.attrNames { b = 1; a = 2; }", "[\"a\" \"b\"]");
    with_lib(
        "builtins.listToAttrs [ { name = \"a\"; value = 1; } ]",
        "{a=1}",
    );
    with_lib("lib.attrsets.optionalAttrs false { a = 1; }", "{}");
    with_lib("lib.mapAttrsToList (n: v: n) { a = 1; }", "[\"a\"]");
}

#[test]
fn strings_of_the_library() {
    with_lib("lib.concatStringsSep \", \" [ \"a\" \"b\" ]", "\"a, b\"");
    with_lib("lib.escapeShellArg \"a b\"", "\"'a b'\"");
    with_lib("toString [ 1 \"a\" ]", "\"1 a\"");
    with_lib(
        "builtins.match \"(a|b)(:[0-9]+)?\" \"a:80\"",
        "[\"a\" \":80\"]",
    );
    with_lib("builtins.match \"a\" \"ab\"", "null");
    with_lib("lib.hasPrefix \"a\" \"abc\"", "true");
    with_lib("lib.getExe pkgs.git", "\"${pkgs.git}/bin/git\"");
    with_lib(
        "\"${pkgs.devenv}/bin/devenv up\"",
        "\"${pkgs.devenv}/bin/devenv up\"",
    );
    with_lib("with pkgs; [ git curl ]", "[<pkgs.git> <pkgs.curl>]");
    with_lib("with pkgs; with lib; optional true git", "[<pkgs.git>]");
    with_lib("with lib; with pkgs; optional true git", "[<pkgs.git>]");
}

#[test]
fn a_runaway_is_noticed() {
    let files: Files = [(
        "main.nix".to_owned(),
        "let f = n: f (n + 1) + f (n + 2); in f 0".to_owned(),
    )]
    .into();
    on_a_large_stack(|| {
        let evaluator = Evaluator::new(&files);
        let thunk = evaluator.file("main.nix").unwrap();
        assert!(matches!(evaluator.force(&thunk), Value::Unknown));
        assert!(evaluator.exhausted().is_some());
    });
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(200))]
    #[test]
    fn no_text_breaks_it(words in proptest::collection::vec(
        proptest::sample::select(vec![
            "let", "in", "{", "}", "[", "]", "(", ")", "a", "b", "=", ";", ".", ":", "rec", "with",
            "inherit", "if", "then", "else", "1", "\"s\"", "${", "//", "++", "+", "?", "or", "@",
            "...", "import", "./main.nix", "map", "==", "!", "-", "lib", "''x''", ",",
        ]), 0..40,
    )) {
        let files: Files = [("main.nix".to_owned(), words.join(" "))].into();
        on_a_large_stack(|| {
            let evaluator = Evaluator::new(&files);
            if let Some(thunk) = evaluator.file("main.nix") {
                shown(&evaluator, &evaluator.force(&thunk));
            }
        });
    }
}
