//! Whatever is read, reading ends.

use proptest::prelude::*;

use super::expressions::{DECLARATIONS, evaluated};
use super::{Configuration, Files, files};

/// A chain of local values, each made from the one before.
fn chain(length: usize, step: impl Fn(&str) -> String) -> Files {
    let mut text = "locals {\n  a0 = \"x\"\n".to_owned();
    for index in 1..=length {
        let before = format!("local.a{}", index - 1);
        text.push_str(&format!("  a{index} = {}\n", step(&before)));
    }
    text.push_str("}\n");
    [("main.tf".to_owned(), text)].into()
}

#[test]
fn values_that_explode_end() {
    let doubling: [fn(&str) -> String; 6] = [
        |it| format!("\"${{{it}}}${{{it}}}\""),
        |it| format!("[{it}, {it}]"),
        |it| format!("flatten([{it}, {it}])"),
        |it| format!("{{ a = {it}, b = {it} }}"),
        |it| format!("[{it}, {it}] == [{it}, {it}]"),
        |it| format!("distinct([[{it}], [{it}, 1]])"),
    ];
    for step in doubling {
        for length in [10, 60, 400] {
            let _ = Configuration::new(&chain(length, step));
        }
    }
    let _ = Configuration::new(&chain(3_000, str::to_owned));
    let instances = "resource \"r\" \"a\" {\n count = 1000000000\n}\n".to_owned();
    let _ = Configuration::new(&[("main.tf".to_owned(), instances)].into());
}

#[test]
fn large_files_end() {
    let repeat = |line: &str, count: usize| {
        let lines = (0..count).map(|index| line.replace('#', &index.to_string()));
        lines.collect::<String>()
    };
    let texts = [
        repeat("resource \"r\" \"a\" {\n count = 2000\n}\n", 5_000),
        repeat("terraform {}\n", 10_000),
        repeat("variable \"v#\" {}\n", 5_000),
        format!("locals {{\n{}}}\n", repeat("l# = local.l1\n", 5_000)),
        repeat(
            "module \"m#\" {\n source = \"./m\"\n count = 2000\n}\n",
            2_000,
        ),
    ];
    for text in texts {
        let files = [
            ("main.tf".to_owned(), text.clone()),
            ("a_override.tf".to_owned(), text),
            ("a.auto.tfvars".to_owned(), repeat("v# = 1\n", 5_000)),
            ("m/main.tf".to_owned(), "locals {}\n".to_owned()),
        ];
        let started = std::time::Instant::now();
        let _ = Configuration::new(&files.into());
        // Quadratic work would take minutes here.
        assert!(started.elapsed().as_secs() < 30);
    }
}

#[test]
fn modules_that_call_each_other_end() {
    let project = "-- a/main.tf --\nmodule \"b\" {\n source = \"../b\"\n count = 9\n}\n\
         -- b/main.tf --\nmodule \"a\" {\n source = \"../a\"\n count = 9\n}\n";
    let _ = Configuration::new(&files(project));
}

#[test]
fn towers_end() {
    for count in [10, 60, 64, 128, 1_000] {
        for (open, middle, close) in [
            ("[", "", "]"),
            ("(", "1", ")"),
            ("{a=", "1", "}"),
            ("\"${", "1", "}\""),
            ("-", "1", ""),
            ("1 + ", "1", ""),
            ("true ? ", "1", " : 2"),
            ("[for x in [1] : ", "x", "]"),
            ("f(", "", ")"),
            ("a.", "a", ""),
            ("a[", "0", "]"),
            ("x[*].", "x", ""),
        ] {
            let tower = format!("{}{middle}{}", open.repeat(count), close.repeat(count));
            let _ = Configuration::new(&chain(30, |before| format!("[{before}, {tower}]")));
        }
    }
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in any::<String>(), settings in any::<String>()) {
        let files = [("main.tf".to_owned(), text), ("a.auto.tfvars".to_owned(), settings)];
        let _ = Configuration::new(&files.into());
    }

    #[test]
    fn arbitrary_tokens_never_panic(
        tokens in prop::collection::vec(prop::sample::select(TOKENS.to_vec()), 0..60)
    ) {
        let text = format!("{DECLARATIONS}\nresource \"r\" \"x\" {{\n a = {}\n}}\n", tokens.concat());
        let _ = Configuration::new(&[("main.tf".to_owned(), text)].into());
        let _ = Configuration::new(&[("main.tf".to_owned(), tokens.concat())].into());
    }

    #[test]
    fn arbitrary_calls_never_panic(
        name in prop::sample::select(FUNCTIONS.to_vec()),
        arguments in prop::collection::vec(prop::sample::select(ARGUMENTS.to_vec()), 0..4)
    ) {
        let _ = evaluated(&format!("{name}({})", arguments.join(", ")));
    }
}

const TOKENS: [&str; 40] = [
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "\"",
    "${",
    "var.size",
    "var.unset",
    "local.ports",
    "local.rules",
    "local.partial",
    "droplet.two",
    "droplet.each",
    "[*]",
    ".id",
    "for x in ",
    " : ",
    " => ",
    "x",
    " if ",
    "=",
    "==",
    ",",
    "?",
    "\n",
    " ",
    "1",
    "-",
    "!",
    "&&",
    "null",
    "true",
    "merge(",
    "flatten(",
    "one(",
    "resource \"r\" \"y\" ",
    "dynamic \"d\" ",
    "...",
];

const FUNCTIONS: [&str; 50] = [
    "concat",
    "merge",
    "coalescelist",
    "setunion",
    "toset",
    "distinct",
    "flatten",
    "compact",
    "sort",
    "reverse",
    "keys",
    "values",
    "length",
    "contains",
    "setsubtract",
    "lookup",
    "element",
    "zipmap",
    "slice",
    "try",
    "can",
    "coalesce",
    "tolist",
    "tomap",
    "tostring",
    "tonumber",
    "tobool",
    "one",
    "abs",
    "ceil",
    "floor",
    "min",
    "max",
    "sum",
    "alltrue",
    "anytrue",
    "lower",
    "upper",
    "trimspace",
    "chomp",
    "trimprefix",
    "trimsuffix",
    "replace",
    "format",
    "join",
    "substr",
    "startswith",
    "split",
    "formatlist",
    "strcontains",
];

const ARGUMENTS: [&str; 17] = [
    "1",
    "-1",
    "0.5",
    "1e300",
    "\"\"",
    "\"é%s\"",
    "\"a,b\"",
    "[]",
    "[1, \"a\"]",
    "[[1], [2]]",
    "{}",
    "{ a = 1 }",
    "null",
    "true",
    "var.unset",
    "droplet.two",
    "local.partial",
];
