//! The static reading of Nix against Nix itself: what it claims to know must be what Nix says.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use seance::evaluation::{Evaluator, Value, on_a_large_stack};

use super::support::{enabled, program};

/// How many random expressions are compared.
const CASES: usize = 300;

/// A value as JSON, as far as all of it is known.
fn json(evaluator: &Evaluator, value: &Value) -> Option<serde_json::Value> {
    Some(match value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(value) => (*value).into(),
        Value::Integer(value) => (*value).into(),
        Value::Text(text) => text.known()?.into(),
        Value::List(list) if list.complete => list
            .items
            .iter()
            .map(|item| json(evaluator, &evaluator.force(item)))
            .collect::<Option<Vec<_>>>()?
            .into(),
        Value::Set(set) if set.complete => {
            let fields = set.fields.iter().map(|(name, field)| {
                Some((
                    name.to_string(),
                    json(evaluator, &evaluator.force(&field.value))?,
                ))
            });
            serde_json::Value::Object(fields.collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

fn ours(expression: &str) -> Option<serde_json::Value> {
    let files = [("main.nix".to_owned(), expression.to_owned())].into();
    on_a_large_stack(|| {
        let evaluator = Evaluator::new(&files);
        let file = evaluator.file("main.nix")?;
        json(&evaluator, &evaluator.force(&file))
    })
}

/// What Nix says; `None` when it is an error.
fn theirs(expression: &str) -> Option<serde_json::Value> {
    let output = program("nix-instantiate")
        .args(["--eval", "--strict", "--json", "-E", expression])
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).ok()
}

/// Expressions that often mean something: names are few, so that they are often bound.
fn expression() -> impl Strategy<Value = String> {
    let name = || prop::sample::select(vec!["a", "b", "c"]);
    let leaf = prop_oneof![
        (0..4i64).prop_map(|number| number.to_string()),
        prop::sample::select(vec![
            "true", "false", "null", "\"x\"", "\"y\"", "[ ]", "{ }"
        ])
        .prop_map(str::to_owned),
        name().prop_map(str::to_owned),
    ];
    leaf.prop_recursive(5, 40, 4, move |inner| {
        let operator = prop::sample::select(vec![
            "+", "-", "*", "//", "++", "==", "!=", "<", "&&", "||", "->",
        ]);
        let call = prop::sample::select(vec![
            "builtins.attrNames",
            "builtins.attrValues",
            "builtins.length",
            "builtins.head",
            "builtins.tail",
            "toString",
            "builtins.isList",
            "builtins.concatLists",
            "(x: x)",
            "builtins.stringLength",
            "({ a, b ? 1, ... }@c: [ a b ])",
            "(a: b: a)",
            "map (x: [ x ])",
            "builtins.filter (x: x == 1)",
            "builtins.elem 1",
            "builtins.mapAttrs (n: v: n)",
            "builtins.concatMap (x: [ x x ])",
            "builtins.concatStringsSep \",\"",
            "builtins.foldl' (x: y: x + y) 0",
            "builtins.genList (x: x)",
            "builtins.any (x: x)",
            "builtins.removeAttrs { a = 1; b = 2; }",
        ]);
        prop_oneof![
            (inner.clone(), operator, inner.clone())
                .prop_map(|(l, op, r)| format!("({l} {op} {r})")),
            (call, inner.clone()).prop_map(|(f, x)| format!("({f} {x})")),
            prop::collection::vec(inner.clone(), 0..3)
                .prop_map(|items| format!("[ {} ]", items.join(" "))),
            (name(), inner.clone(), name(), inner.clone())
                .prop_filter("two names", |(one, _, other, _)| one != other)
                .prop_map(|(n, x, m, y)| format!("rec {{ {n} = {x}; {m} = {y}; }}")),
            (name(), name(), inner.clone())
                .prop_map(|(n, m, x)| format!("{{ {n}.{m} = {x}; {n}.z = 1; }}")),
            (name(), inner.clone(), inner.clone())
                .prop_map(|(n, x, y)| format!("(let {n} = {x}; in {y})")),
            (inner.clone(), inner.clone()).prop_map(|(x, y)| format!("(with {x}; {y})")),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(c, x, y)| format!("(if {c} then {x} else {y})")),
            (inner.clone(), name(), inner.clone())
                .prop_map(|(x, n, y)| format!("({x}.{n} or {y})")),
            (inner.clone(), name()).prop_map(|(x, n)| format!("({x} ? {n})")),
            inner
                .clone()
                .prop_map(|x| format!("\"<${{toString {x}}}>\"")),
            inner.prop_map(|x| format!("(!{x})")),
        ]
    })
}

#[test]
fn what_the_reading_knows_is_what_nix_says() {
    if !enabled("the static reading against nix-instantiate --eval") {
        return;
    }
    let mut runner = TestRunner::new(Config::default());
    let strategy = expression();
    let (mut agreed, mut silent) = (0, 0);
    for _ in 0..CASES {
        let expression = strategy.new_tree(&mut runner).unwrap().current();
        let expression =
            format!("let a = 1; b = {{ a = \"s\"; c = 2; }}; c = [ 1 2 ]; in {expression}");
        let Some(theirs) = theirs(&expression) else {
            continue;
        };
        match ours(&expression) {
            Some(ours) => {
                assert_eq!(ours, theirs, "{expression}");
                agreed += 1;
            }
            None => silent += 1,
        }
    }
    eprintln!("static reading: {agreed} expressions as Nix, {silent} unknown");
    assert!(agreed > CASES / 10, "too few expressions mean anything");
    assert!(
        silent * 10 <= agreed,
        "too much is unknown: {silent} beside {agreed}"
    );
}
