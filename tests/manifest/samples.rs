//! Sample manifests: each file is named after what it shows.
//!
//! A valid one loads without an error, warns exactly as its `# warns:` lines say, and satisfies
//! the schema. An invalid one brings up an error of the rule in its `# rule:` line, and the schema
//! rejects it where `# schema: rejects` says so. All its findings are a snapshot.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use seance::finding::{Finding, Position, Severity};
use seance::manifest;
use seance::rules::Rule;

const EVERY_RULE: &str = "a rule of the manifest without a sample";

/// The samples of a folder, by name.
fn samples(kind: &str) -> Vec<(String, String)> {
    let folder = folder(kind);
    let mut found: Vec<(String, String)> = std::fs::read_dir(&folder)
        .expect("samples")
        .map(|entry| entry.expect("entry").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "toml")
        })
        .map(|path| {
            let name = path
                .file_stem()
                .expect("name")
                .to_string_lossy()
                .into_owned();
            (name, std::fs::read_to_string(&path).expect("UTF-8"))
        })
        .collect();
    found.sort();
    found
}

fn folder(kind: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/manifests")
        .join(kind)
}

/// The values of the comment lines `# name: value`.
fn notes<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    let lines = text.lines().take_while(|line| line.starts_with('#'));
    lines
        .filter_map(|line| {
            line.strip_prefix("# ")?
                .strip_prefix(name)?
                .strip_prefix(": ")
        })
        .collect()
}

fn schema_accepts(validator: &jsonschema::Validator, text: &str) -> Option<bool> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let value: toml::Value = toml::from_str(text).ok()?;
    let value = serde_json::to_value(value).expect("JSON");
    Some(validator.is_valid(&value))
}

fn validator() -> jsonschema::Validator {
    jsonschema::draft202012::new(&manifest::schema()).expect("a schema")
}

/// One finding on one line, as an editor would list it.
fn line(text: &str, finding: &Finding) -> String {
    let severity = format!("{:?}", finding.severity).to_lowercase();
    let place = finding
        .location
        .as_ref()
        .map(|location| match &location.range {
            Some(range) => {
                let Position { line, column } = Position::of(text, range.start);
                format!("{}:{line}:{column}", location.file)
            }
            None => location.file.clone(),
        })
        .expect("every finding has a place");
    let (id, message, help) = (finding.rule.id, &finding.message, &finding.help);
    format!("{id} {severity} {place}: {message} | {help}\n")
}

#[test]
fn valid_manifests_load_and_satisfy_the_schema() {
    let validator = validator();
    let samples = samples("valid");
    assert!(samples.len() >= 40, "{} samples", samples.len());
    let mut wrong = String::new();
    for (name, text) in samples {
        let loaded = manifest::load("seance.toml", &text);
        let found: String = loaded.findings.iter().map(|one| line(&text, one)).collect();
        let rules: Vec<&str> = loaded.findings.iter().map(|one| one.rule.id).collect();
        if loaded.deployment.is_none() || rules != notes(&text, "warns") {
            let _ = writeln!(wrong, "{name}:\n{found}");
        }
        if schema_accepts(&validator, &text) != Some(true) {
            let _ = writeln!(wrong, "{name}: the schema rejects it");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn invalid_manifests_say_what_is_wrong() {
    let validator = validator();
    let samples = samples("invalid");
    assert!(samples.len() >= 120, "{} samples", samples.len());
    let mut wrong = String::new();
    for (name, text) in samples {
        let loaded = manifest::load("seance.toml", &text);
        let found: String = loaded.findings.iter().map(|one| line(&text, one)).collect();
        insta::with_settings!({
            snapshot_path => folder("invalid"),
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, { insta::assert_snapshot!(name.clone(), found) });
        let expected = notes(&text, "rule");
        let is_expected =
            |one: &Finding| one.severity == Severity::Error && expected.contains(&one.rule.id);
        if loaded.deployment.is_some() || !loaded.findings.iter().any(is_expected) {
            let _ = writeln!(wrong, "{name}:\n{found}");
        }
        let rejects = schema_accepts(&validator, &text) == Some(false);
        if rejects != notes(&text, "schema").contains(&"rejects") {
            let _ = writeln!(wrong, "SCHEMA {name} rejects={rejects}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_rule_has_a_sample() {
    let mut seen: Vec<&str> = Vec::new();
    for (_, text) in samples("invalid").into_iter().chain(samples("valid")) {
        let loaded = manifest::load("seance.toml", &text);
        seen.extend(loaded.findings.iter().map(|finding| finding.rule.id));
    }
    // Only `check` knows whether an allowance silences something.
    let by_loading = |rule: &&&Rule| rule.id != "allow-unused";
    for rule in manifest::rules::ALL.iter().filter(by_loading) {
        assert!(seen.contains(&rule.id), "{EVERY_RULE}: {}", rule.id);
    }
}

#[test]
fn no_secret_is_repeated() {
    for (name, text) in samples("invalid") {
        for finding in manifest::load("seance.toml", &text).findings {
            let said = format!("{finding:?}");
            for secret in [
                "hunter2",
                "dop_v1_0",
                "ghp_0",
                "sk_live_0",
                "k3Vq8L",
                "bm90IGEga2V5",
            ] {
                assert!(!said.contains(secret), "{name} repeats a secret");
            }
        }
    }
}

#[test]
fn the_example_of_the_documentation_loads_without_a_finding() {
    let text = include_str!("../manifests/valid/example.toml");
    let loaded = manifest::load("seance.toml", text);
    assert!(loaded.findings.is_empty(), "{:#?}", loaded.findings);
    assert!(loaded.deployment.is_some());
}
