//! What holds for any text: no panic, a deployment or an error, and places inside the text.

use std::fmt::Write as _;

use proptest::prelude::*;
use seance::finding::{Location, Severity};
use seance::manifest::{self, Loaded};

const EXAMPLE: &str = include_str!("../manifests/valid/example.toml");
const EVERY_KEY: &str = include_str!("../manifests/valid/every-key.toml");

/// Loads a text and checks what must hold for every text.
fn load(text: &str) -> Loaded {
    let loaded = manifest::load("seance.toml", text);
    let failed = loaded
        .findings
        .iter()
        .any(|finding| finding.severity == Severity::Error);
    assert_eq!(
        loaded.deployment.is_none(),
        failed,
        "a deployment or an error, never both and never neither: {:?}",
        loaded.findings
    );
    for finding in &loaded.findings {
        let patch = finding.patch.iter().map(|patch| &patch.range);
        let places = finding
            .location
            .iter()
            .chain(finding.related.iter().map(|one| &one.location));
        for range in places
            .filter_map(|place: &Location| place.range.as_ref())
            .chain(patch)
        {
            assert!(
                text.get(range.clone()).is_some(),
                "{range:?} is not in the text: {finding:?}"
            );
        }
        assert!(!finding.message.is_empty() && !finding.help.is_empty());
    }
    loaded
}

/// A value of any kind, right or wrong, as TOML.
fn any_value() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        any::<bool>().prop_map(|flag| flag.to_string()),
        any::<String>().prop_map(|text| toml::Value::from(text).to_string()),
        Just("[]".to_owned()),
        Just("{}".to_owned()),
        Just("[1, \"é\", [], {}]".to_owned()),
        Just("{ port = 1, from = [\"::/0\", 5] }".to_owned()),
        Just("2026-11-22".to_owned()),
        Just("1.5".to_owned()),
        Just("nan".to_owned()),
        Just("\"${x} '' %{ \\\"\"".to_owned()),
    ]
}

/// One change of one line.
#[derive(Debug, Clone)]
enum Change {
    Delete(usize),
    Double(usize),
    Swap(usize, usize),
    Value(usize, String),
    Key(usize, String),
    Cut(usize),
}

fn any_change() -> impl Strategy<Value = Change> {
    let line = || any::<prop::sample::Index>().prop_map(|index| index.index(10_000));
    prop_oneof![
        line().prop_map(Change::Delete),
        line().prop_map(Change::Double),
        (line(), line()).prop_map(|(one, other)| Change::Swap(one, other)),
        (line(), any_value()).prop_map(|(at, value)| Change::Value(at, value)),
        (line(), "[a-z_]{1,8}").prop_map(|(at, key)| Change::Key(at, key)),
        line().prop_map(Change::Cut),
    ]
}

fn apply(text: &str, changes: &[Change]) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for change in changes {
        let count = lines.len().max(1);
        match change {
            Change::Delete(at) if !lines.is_empty() => drop(lines.remove(at % count)),
            Change::Double(at) if !lines.is_empty() => {
                let line = lines[at % count].clone();
                lines.insert(at % count, line);
            }
            Change::Swap(one, other) if !lines.is_empty() => lines.swap(one % count, other % count),
            Change::Value(at, value) if !lines.is_empty() => {
                if let Some((key, _)) = lines[at % count].split_once('=') {
                    lines[at % count] = format!("{key}= {value}");
                }
            }
            Change::Key(at, key) if !lines.is_empty() => {
                if let Some((_, value)) = lines[at % count].split_once('=') {
                    lines[at % count] = format!("{key} ={value}");
                }
            }
            Change::Cut(at) => lines.truncate(at % count),
            _ => {}
        }
    }
    lines.join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_loads_or_says_why_not(text in any::<String>()) {
        load(&text);
    }

    #[test]
    fn any_bytes_load_or_say_why_not(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        load(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_toml_like_text_loads_or_says_why_not(
        text in "([a-z_\"'.é]{0,6}[ =:\\[\\]{},\n#]{1,3}[0-9a-z\"'\\\\]{0,5}\n?){0,30}",
    ) {
        load(&text);
    }

    #[test]
    fn mutated_manifests_load_or_say_why_not(
        every_key in any::<bool>(),
        changes in prop::collection::vec(any_change(), 1..6),
    ) {
        load(&apply(if every_key { EVERY_KEY } else { EXAMPLE }, &changes));
    }

    #[test]
    fn line_ends_and_a_byte_order_mark_change_nothing(
        changes in prop::collection::vec(any_change(), 0..3),
    ) {
        let text = apply(EVERY_KEY, &changes);
        prop_assume!(!text.contains('\r'));
        let rules = |text: &str| -> Vec<&str> {
            load(text).findings.iter().map(|finding| finding.rule.id).collect()
        };
        let windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
        prop_assert_eq!(rules(&text), rules(&windows));
    }

    #[test]
    fn what_loads_satisfies_the_schema(changes in prop::collection::vec(any_change(), 1..3)) {
        static SCHEMA: std::sync::LazyLock<jsonschema::Validator> = std::sync::LazyLock::new(|| {
            jsonschema::draft202012::new(&manifest::schema()).expect("a schema")
        });
        let text = apply(EVERY_KEY, &changes);
        if load(&text).deployment.is_some() {
            let value: toml::Value = toml::from_str(&text).expect("TOML");
            let value = serde_json::to_value(value).expect("JSON");
            prop_assert!(SCHEMA.is_valid(&value), "an editor would underline:\n{}", text);
        }
    }
}

/// A manifest with many services, each with a domain, and `mistake` in place of its port.
fn many(count: usize, mistake: Option<&str>) -> String {
    let (head, _) = EXAMPLE.split_once("[ports]").expect("ports");
    let mut text = format!("{head}[dns]\nzone = \"seance.dev\"\n[domains]\n");
    for number in 0..count {
        let _ = writeln!(text, "d{number} = \"d{number}.seance.dev\"");
    }
    for number in 0..count {
        let port = (10_000 + number).to_string();
        let port = mistake.unwrap_or(&port);
        let _ = write!(
            text,
            "[services.s{number}]\ncommand = \"run\"\nport = {port}\ndomains = [\"d{number}\"]\n"
        );
    }
    text.push_str("[profiles.prod.env]\nCADDY_DOMAIN = \"d0.seance.dev\"\nAPP_DOMAIN = \"\"\n");
    text
}

#[test]
fn a_thousand_services_load() {
    let loaded = load(&many(1_000, None));
    assert!(loaded.findings.is_empty(), "{:?}", loaded.findings.first());
    let deployment = loaded.deployment.expect("loads");
    assert_eq!(deployment.services.len(), 1_000);
    assert_eq!(deployment.domains.len(), 1_000);
}

/// Work and output grow with the mistakes, not with their pairs: each is reported once.
#[test]
fn a_thousand_mistakes_are_a_thousand_findings() {
    for count in [10, 100, 1_000] {
        for mistake in ["0", "\"80\"", "70000"] {
            assert_eq!(
                load(&many(count, Some(mistake))).findings.len(),
                count,
                "{mistake}"
            );
        }
        // The first owner of the port is right, every other one is a mistake.
        assert_eq!(load(&many(count, Some("9000"))).findings.len(), count - 1);
    }
}
