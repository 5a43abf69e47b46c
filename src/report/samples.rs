//! Shared samples and the snapshots of every format.

use super::markdown::{escape, fenced};
use super::*;
use crate::finding::{Location, Origin, Patch};
use crate::rules::Rule;

static REGION: Rule = Rule {
    id: "manifest-unknown-region",
    severity: Severity::Error,
    title: "the region does not exist",
    why: "DigitalOcean refuses a droplet in a region that it does not have.",
    fix: "Write one of the known regions.",
    evidence: "the provider's documentation",
};
static PORT: Rule = Rule {
    id: "port-twice",
    severity: Severity::Error,
    title: "two services on one port",
    why: "The second to start cannot bind.",
    fix: "Give each its own port.",
    evidence: "",
};
static WORLD: Rule = Rule {
    id: "fw-world-ssh",
    severity: Severity::Warning,
    title: "SSH is open to everyone",
    why: "Every address on the internet may try to log in.",
    fix: "List the networks that you come from.",
    evidence: "",
};
static ZONE: Rule = Rule {
    id: "zone-id-advice",
    severity: Severity::Advice,
    title: "the zone id is looked up",
    why: "It costs one more API call.",
    fix: "Write it.",
    evidence: "",
};

const MANIFEST: &str = "version = 1\n\n[server]\nregion = \"sfo33\"\nsize   = \"s-2vcpu-2gb\"\n\n[services.web]\nport = 3000\n[services.api]\nport = 3000\n";

fn span(needle: &str, occurrence: usize) -> std::ops::Range<usize> {
    let start = MANIFEST
        .match_indices(needle)
        .nth(occurrence)
        .expect("sample")
        .0;
    start..start + needle.len()
}

fn findings() -> Vec<Finding> {
    let manifest = |range| Location::span("seance.toml", range);
    vec![
        Finding::new(
            &ZONE,
            Origin::Manifest,
            "`dns.zone_id` is not written",
            "add `zone_id` below `[dns]`",
        ),
        Finding::new(
            &WORLD,
            Origin::Handwritten,
            "SSH is open to | everyone <b>",
            "write `from = [\"203.0.113.0/24\"]`",
        )
        .at(Location::file("nix/my rules.nix")),
        Finding::new(
            &PORT,
            Origin::Manifest,
            "`services.web` and `services.api` both listen on 3000",
            "give `services.api` another port",
        )
        .at(manifest(span("3000", 1)))
        .labelled("taken")
        .related(manifest(span("3000", 0)), "first used here")
        .related(Location::span("nix/extra.nix", 2..6), "opened here"),
        Finding::new(
            &REGION,
            Origin::Manifest,
            "`sfo33` is not a region that DigitalOcean has (facts of 2026-10)",
            "write `sfo3`",
        )
        .at(manifest(span("\"sfo33\"", 0)))
        .labelled("not a known region")
        .patched(Patch {
            file: "seance.toml".into(),
            range: span("\"sfo33\"", 0),
            replacement: "\"sfo3\"".into(),
        }),
    ]
}

fn sources() -> Sources {
    Sources::from([
        ("seance.toml".to_owned(), MANIFEST.to_owned()),
        ("nix/extra.nix".to_owned(), "{ port = 3000; }\n".to_owned()),
    ])
}

fn sample_check(format: Format) -> String {
    let notes = ["not a git repository: what a flake would see is not checked".to_owned()];
    super::check(
        format,
        &Check {
            server: Some("seance-backend"),
            findings: &findings(),
            sources: &sources(),
            notes: &notes,
            prefix: "deploy",
            access: &[],
        },
    )
}

pub(crate) fn files() -> Vec<FileDiff> {
    vec![
        FileDiff {
            path: "terraform/main.tf".into(),
            state: "clean",
            because: String::new(),
            diff: String::new(),
        },
        FileDiff {
            path: "nix/seance.nix".into(),
            state: "stale",
            because: "seance.toml changed".into(),
            diff: "--- a/nix/seance.nix\n+++ b/nix/seance.nix\n@@ -1,3 +1,3 @@\n {\n-  a = 1;\n+  a = 2;\n }\n".into(),
        },
        FileDiff {
            path: "Caddyfile".into(),
            state: "edited",
            because: "changed by hand".into(),
            diff: "--- a/Caddyfile\n+++ b/Caddyfile\n@@ -1 +1,2 @@\n-```\u{1b}[2J\n+a\n+b\n".into(),
        },
    ]
}

fn sample_diff(format: Format) -> String {
    super::diff(
        format,
        &Diff {
            server: "seance-backend",
            files: &files(),
            prefix: "",
        },
    )
    .expect("a format that knows diffs")
}

const COLOUR: Format = Format::Human(Terminal {
    colour: true,
    width: 100,
});
const PLAIN: Format = Format::Human(Terminal::PLAIN);

#[test]
fn check_for_a_person() {
    insta::assert_snapshot!(sample_check(PLAIN));
}

#[test]
fn check_in_colour() {
    insta::assert_snapshot!(sample_check(COLOUR));
}

#[test]
fn check_as_json() {
    insta::assert_snapshot!(sample_check(Format::Json));
}

#[test]
fn every_json_field_is_documented() {
    json::tests::assert_documented(&sample_check(Format::Json));
    json::tests::assert_documented(&sample_diff(Format::Json));
}

#[test]
fn check_for_github() {
    insta::assert_snapshot!(sample_check(Format::Github));
}

#[test]
fn check_as_markdown() {
    insta::assert_snapshot!(sample_check(Format::Markdown));
}

#[test]
fn check_as_sarif() {
    insta::assert_snapshot!(sample_check(Format::Sarif));
}

#[test]
fn diff_for_a_person() {
    insta::assert_snapshot!(sample_diff(PLAIN));
}

#[test]
fn diff_in_colour() {
    insta::assert_snapshot!(sample_diff(COLOUR));
}

#[test]
fn diff_as_json() {
    insta::assert_snapshot!(sample_diff(Format::Json));
}

#[test]
fn diff_for_github() {
    insta::assert_snapshot!(sample_diff(Format::Github));
}

#[test]
fn diff_as_markdown() {
    insta::assert_snapshot!(sample_diff(Format::Markdown));
}

/// A report about one place of one text.
fn about(text: &str, range: std::ops::Range<usize>, format: Format) -> String {
    let sources = Sources::from([("seance.toml".to_owned(), text.to_owned())]);
    let finding = Finding::new(&REGION, Origin::Manifest, "message", "help")
        .at(Location::span("seance.toml", range.clone()))
        .labelled("here")
        .patched(Patch {
            file: "seance.toml".into(),
            range,
            replacement: "\"new\"".into(),
        });
    let check = Check {
        server: None,
        findings: &[finding],
        sources: &sources,
        notes: &[],
        prefix: "",
        access: &[],
    };
    super::check(format, &check)
}

#[test]
fn hostile_lines_do_not_reach_the_terminal() {
    let text = "a = 1\r\n\tname = \"\u{1b}[2J\u{202e}日本 שלום\u{9b}31m\" # x\r\nb = 2\r\n";
    let start = text.find('"').expect("sample");
    let end = text.rfind('"').expect("sample") + 1;
    let report = about(text, start..end, PLAIN);
    assert!(
        !report.contains(['\u{1b}', '\u{202e}', '\u{9b}', '\r']),
        "{report:?}"
    );
    insta::assert_snapshot!(report);
}

#[test]
fn a_secret_in_the_manifest_is_reported_and_never_shown() {
    let token = "dop_v1_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    let text = format!(
        "version = 1\n[server]\nssh_keys = [\"-----BEGIN OPENSSH PRIVATE KEY----- b3BlbnNza\"]\n\
         regoin = \"{token}\"\n[profiles.default.env]\nAPI_TOKEN = \"q7Zk2mXw9Lr4Tn8Vb3Hc6Jd1\"\n"
    );
    let loaded = crate::manifest::load("seance.toml", &text);
    assert!(
        loaded
            .findings
            .iter()
            .any(|finding| finding.rule.id == "manifest-secret")
    );
    let sources = Sources::from([("seance.toml".to_owned(), text)]);
    let check = Check {
        server: None,
        findings: &loaded.findings,
        sources: &sources,
        notes: &[],
        prefix: "",
        access: &[],
    };
    for format in [
        PLAIN,
        COLOUR,
        Format::Json,
        Format::Sarif,
        Format::Github,
        Format::Markdown,
    ] {
        let report = super::check(format, &check);
        for secret in ["dop_v1_0123", "b3BlbnNza", "q7Zk2m"] {
            assert!(
                !report.contains(secret),
                "{format:?} shows {secret}:\n{report}"
            );
        }
    }
}

#[test]
fn a_secret_in_an_edited_file_is_never_shown() {
    let token = "dop_v1_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    let files = [FileDiff {
        path: "terraform/terraform.tfvars".into(),
        state: "edited",
        because: String::new(),
        diff: format!("@@ -1,2 +1 @@\n-do_token = \"{token}\"\n region = \"sfo3\"\n"),
    }];
    let diff = Diff {
        server: "s",
        files: &files,
        prefix: "",
    };
    for format in [PLAIN, Format::Json, Format::Github, Format::Markdown] {
        let report = super::diff(format, &diff).expect("a report");
        assert!(!report.contains("dop_v1"), "{report}");
    }
}

#[test]
fn very_long_lines_are_trimmed_around_the_caret() {
    let text = format!("x = \"{}HERE{}\"\n", "a".repeat(5000), "b".repeat(5000));
    let start = text.find("HERE").expect("sample");
    let report = about(
        &text,
        start..start + 4,
        Format::Human(Terminal {
            colour: false,
            width: 80,
        }),
    );
    let caret = report.split("help: help").next().expect("first part");
    assert!(
        caret.lines().all(|line| line.chars().count() <= 100),
        "{caret}"
    );
    assert!(
        caret.contains("HERE") && caret.contains("^^^^ here"),
        "{caret}"
    );
}

#[test]
fn a_place_past_the_end_is_shown_at_the_end() {
    assert!(about("", 0..0, PLAIN).contains("seance.toml:1:1"));
    assert!(about("a\n", 2..2, PLAIN).contains("seance.toml:2:1"));
    assert!(about("a", 900..901, PLAIN).contains("seance.toml:1:2"));
}

#[test]
fn an_edit_that_removes_a_line_shows_that_line_alone() {
    let text = "a = 1\nb = 2\nc = 3\n";
    let finding = Finding::new(&REGION, Origin::Manifest, "message", "remove it")
        .at(Location::span("seance.toml", 6..7))
        .patched(Patch {
            file: "seance.toml".into(),
            range: 6..12,
            replacement: String::new(),
        });
    let check = Check {
        server: None,
        findings: &[finding],
        sources: &Sources::from([("seance.toml".to_owned(), text.to_owned())]),
        notes: &[],
        prefix: "",
        access: &[],
    };
    let human = super::check(PLAIN, &check);
    assert!(human.contains("2 - b = 2\n  |\n"), "{human}");
    let markdown = super::check(Format::Markdown, &check);
    assert!(markdown.contains("@@\n-b = 2\n```"), "{markdown}");
}

#[test]
fn a_report_costs_its_own_lines_and_not_the_whole_file() {
    let text = format!(
        "{}bad = 1\n{}",
        "x = 1\n".repeat(20_000),
        "y = 1\n".repeat(20_000)
    );
    let start = text.find("bad").expect("sample");
    let report = about(&text, start..start + 3, PLAIN);
    assert!(report.contains("seance.toml:20001:1"), "{report}");
    assert!(report.lines().count() < 15, "{report}");
}

#[test]
fn sarif_fits_its_schema() {
    let schema = serde_json::from_str(include_str!("../../tests/data/sarif-schema-2.1.0.json"))
        .expect("the schema parses");
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    for log in [
        sample_check(Format::Sarif),
        about("a = 1", 0..1, Format::Sarif),
        super::check(
            Format::Sarif,
            &Check {
                server: None,
                findings: &[],
                sources: &Sources::new(),
                notes: &[],
                prefix: "",
                access: &[],
            },
        ),
    ] {
        let log: serde_json::Value = serde_json::from_str(&log).expect("SARIF is JSON");
        let errors: Vec<String> = validator
            .iter_errors(&log)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert_eq!(errors, Vec::<String>::new());
    }
    let wrong = serde_json::json!({ "version": "2.1.0", "runs": [{}] });
    assert!(!validator.is_valid(&wrong), "the validator can say no");
}

#[test]
fn comments_stay_under_githubs_limit() {
    let long = FileDiff {
        path: "nix/long.nix".into(),
        state: "stale",
        because: String::new(),
        diff: format!("@@ -1 +1 @@\n{}", "+é line of text\n".repeat(6000)),
    };
    let comment = super::diff(
        Format::Markdown,
        &Diff {
            server: "s",
            files: &[
                long.clone(),
                FileDiff {
                    path: "z".into(),
                    ..long
                },
            ],
            prefix: "",
        },
    )
    .expect("Markdown knows diffs");
    assert!(comment.len() <= 65_536, "{}", comment.len());
    assert_eq!(
        comment.matches("```").count() % 2,
        0,
        "every fence is closed"
    );
    assert_eq!(
        comment.matches("<details>").count(),
        comment.matches("</details>").count()
    );
    assert!(comment.contains("run `seance diff` locally"));
}

proptest::proptest! {
    #[test]
    fn no_text_and_no_range_panics(text in "(?s).{0,60}", start in 0usize..80, end in 0usize..80) {
        for format in [COLOUR, Format::Json, Format::Sarif, Format::Github, Format::Markdown] {
            let report = about(&text, start..end, format);
            let for_eyes = matches!(format, Format::Human(_) | Format::Markdown);
            let hidden = for_eyes && report.contains(['\u{202e}', '\u{9b}']);
            proptest::prop_assert!(!hidden, "a hidden character survives");
        }
    }

    #[test]
    fn no_text_ends_inline_code_or_a_fence(text in "(?s).{0,60}") {
        proptest::prop_assert!(!escape(&text).contains(['`', '|', '\n']));
        let block = fenced("diff", &text);
        let fence = block.split("diff").next().unwrap_or_default();
        let inside = &block[fence.len() + 4..block.len() - fence.len() - 1];
        proptest::prop_assert!(!inside.contains(fence));
    }
}
