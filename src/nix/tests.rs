use proptest::prelude::*;

use super::*;

fn names(text: &str) -> Vec<String> {
    let root = parse(text).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
    free_names(&root)
        .into_iter()
        .map(|free| free.name)
        .collect()
}

fn twice(text: &str) -> Vec<String> {
    let root = parse(text).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
    duplicates(&root)
        .into_iter()
        .map(|duplicate| duplicate.path)
        .collect()
}

#[test]
fn unbound_names_are_found_where_they_stand() {
    let text = "{ config, ... }: { a = True; b = lib.mkForce config; }";
    let free = free_names(&parse(text).unwrap());
    assert_eq!(free.len(), 2);
    assert_eq!(&text[free[0].range.clone()], "True");
    assert_eq!(&text[free[1].range.clone()], "lib");
}

#[test]
fn every_binding_form_binds() {
    for text in [
        "{ a, b ? a, ... }@args: [ a b args ]",
        "args@{ a ? args }: a",
        "x: y: x y",
        "let a = b; b = 1; inherit (a) c; in c",
        "rec { a = b; b = 1; \"c\" = 1; d = c; }",
        "let { body = x; x = 1; }",
        "with import <nixpkgs> { }; [ anything lib.x ]",
        "{ x }: { inherit x; y.x = x; z = x.nope or true; }",
        "x: { a.b.c = x ? y; }",
        "builtins.map (toString null) __currentSystem",
        "let f = x: x; in { ${f \"a\"} = 1; }",
        "x: \"${x} \\${y} $${z}\" + ''${x} ''${y} $${z}''",
    ] {
        assert_eq!(names(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn what_does_not_bind_leaves_the_name_free() {
    for (text, expected) in [
        ("{ a = 1; b = a; }", "a"),
        ("let inherit a; in a", "a"),
        ("rec { inherit a; }", "a"),
        ("with x; y", "x"),
        ("let a = 1; in b", "b"),
        ("(x: x) x", "x"),
        ("{ a ? b }: a", "b"),
        ("let a.b = 1; in b", "b"),
        ("\"${x}\"", "x"),
        ("{ ${x} = 1; }", "x"),
        ("./a/${x}", "x"),
    ] {
        assert_eq!(names(text), [expected], "{text}");
    }
}

#[test]
fn nix_merges_these() {
    for text in [
        "{ a.b = 1; a.c = 2; }",
        "{ a = { }; a.b = 1; }",
        "{ a.b = 1; a = { c = 2; }; }",
        "{ a = { b = 1; }; a = { c = 2; }; }",
        "{ a = ({ b = 1; }); a.c = 2; }",
        "{ a = rec { b = 1; }; a.c = 2; }",
        "{ a = { b.c = 1; }; a.b.d = 2; }",
        "{ ${x} = 1; ${x} = 2; }",
        "{ a.${x}.b = 1; a.${x}.b = 2; }",
        "{ a = { b = 1; }; c = { b = 1; }; }",
        "let a.b = 1; a.c = 2; in a",
    ] {
        assert_eq!(twice(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn nix_refuses_these() {
    for (text, path) in [
        ("{ a = 1; a = 2; }", "a"),
        ("{ a.b = 1; a.b = 2; }", "a.b"),
        ("{ a = 1; \"a\" = 2; }", "a"),
        ("{ a = 1; a.b = 2; }", "a"),
        ("{ a.b = 1; a = 2; }", "a"),
        ("{ a = x; a.b = 2; }", "a"),
        ("{ a = x // { }; a.b = 2; }", "a"),
        ("{ a = 1; a.${x} = 2; }", "a"),
        ("{ inherit a; a = 1; }", "a"),
        ("{ inherit a a; }", "a"),
        ("{ inherit (x) a; inherit (y) a; }", "a"),
        ("{ inherit a; a.b = 1; }", "a"),
        ("{ a = { b = 1; }; a = { b = 2; }; }", "a.b"),
        ("{ a = { b.c = 1; }; a = { b.d = 2; }; }", "a.b"),
        ("{ a = { b = 1; }; a.b = 2; }", "a.b"),
        ("let a = 1; a = 2; in a", "a"),
        ("[ { x = { y = { z = 1; z = 2; }; }; } ]", "z"),
    ] {
        assert_eq!(twice(text), [path], "{text}");
    }
}

#[test]
fn a_duplicate_names_both_places() {
    let text = "{ a.b = 1;\n  c = 2;\n  a.b = 3; }";
    let found = duplicates(&parse(text).unwrap());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].first, 2..5);
    assert_eq!(&text[found[0].second.clone()], "a.b");
    assert!(found[0].second.start > found[0].first.start);
}

#[test]
fn errors_are_sentences_with_places() {
    for (text, message, place) in [
        ("{ a = 1 }", "expected `;`, found `}`", 8..9),
        ("{ a: }", "expected `=`, found `:`", 3..6),
        ("[ 1", "the file ends in the middle of an expression", 3..3),
        ("{ a, a }: a b )", "this text was not expected here", 14..15),
    ] {
        let errors = parse(text).expect_err(text);
        assert!(
            errors
                .iter()
                .any(|error| error.message == message && error.range == place),
            "{text}: {errors:?}"
        );
    }
}

/// Texts that nest `count` levels in one way each.
fn towers(count: usize) -> Vec<String> {
    [
        ("(", "1", ")"),
        ("[", "", "]"),
        ("{a=", "1", ";}"),
        ("-", "1", ""),
        ("!", "a", ""),
        ("a ++ ", "a", ""),
        ("a // ", "a", ""),
        ("a -> ", "a", ""),
        ("a <| ", "a", ""),
        ("a + ", "a", ""),
        ("a ", "a", ""),
        ("a.", "a", ""),
        ("a.b or ", "a", ""),
        ("a ? b.", "a", ""),
        ("a: ", "a", ""),
        ("{a}: ", "a", ""),
        ("if a then b else ", "a", ""),
        ("if ", "a", " then b else c"),
        ("with a; ", "a", ""),
        ("assert a; ", "a", ""),
        ("let a = 1; in ", "a", ""),
        ("let a = ", "1", "; in a"),
        ("\"${", "1", "}\""),
        ("''${", "1", "}''"),
        ("{${", "1", "}=1;}"),
        ("a ++ ; ", "a", ""),
        ("(a ++ ) ++ ", "a", ""),
        ("{ a b } = ", "1", ""),
        ("[ { a b ] = ", "1", ""),
        ("a + , ", "a", ""),
        ("- ; ", "a", ""),
        ("[ -", "a", ""),
    ]
    .iter()
    .map(|(open, middle, close)| format!("{}{middle}{}", open.repeat(count), close.repeat(count)))
    .collect()
}

fn read_everything(text: &str) {
    if let Ok(root) = parse(text) {
        let _ = free_names(&root);
        let _ = duplicates(&root);
    }
    let _ = format(text);
}

#[test]
fn towers_of_any_height_are_answered() {
    for count in [10, 100, 255, 256, 257, 500, 512, 1_000, 4_000, 100_000] {
        for text in towers(count) {
            read_everything(&text);
        }
    }
}

#[test]
fn what_people_write_is_not_too_deep() {
    let list = format!("[ {} ]", "\"package\" ".repeat(20_000));
    let set = format!("{{ {} }}", "a.b = x: y: [ (x y) ]; ".repeat(5_000));
    let string = format!("''{}''", "line ${x}\n".repeat(5_000));
    let inner = "if a then b else ".repeat(60) + "c";
    let lets = "let a = 1; in ".repeat(60) + "a";
    for text in [list, set, string, inner, lets] {
        assert_eq!(depth::too_deep(&text), None, "{}", &text[..40]);
    }
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in any::<String>()) {
        read_everything(&text);
    }

    #[test]
    fn arbitrary_tokens_never_panic(
        tokens in prop::collection::vec(prop::sample::select(TOKENS.to_vec()), 0..60)
    ) {
        read_everything(&tokens.join(" "));
        read_everything(&tokens.concat());
    }
}

const TOKENS: [&str; 44] = [
    "{", "}", "[", "]", "(", ")", "\"", "''", "${", "a", "b", "rec", "let", "in", "with",
    "inherit", "if", "then", "else", "assert", "or", ";", "=", ",", ":", "@", "?", "...", ".", "+",
    "-", "++", "//", "->", "!", "1", "1.5", "./a", "~/b", "<c>", "http://d", "# e\n", "/* f", "\\",
];
