use proptest::prelude::*;

use super::{Patch, Sources, round};

fn patch(file: &str, range: std::ops::Range<usize>, replacement: &str) -> Patch {
    Patch {
        file: file.to_owned(),
        range,
        replacement: replacement.to_owned(),
    }
}

fn sources(file: &str, text: &str) -> Sources {
    Sources::from([(file.to_owned(), text.to_owned())])
}

#[test]
fn edits_that_do_not_touch_go_together_and_the_rest_waits() {
    let text = "{ a = true; b = true; }\r\n";
    let patches = [
        patch("x.nix", 16..20, "false"),
        patch("x.nix", 6..10, "false"),
        // The same once more, and another idea about the same place.
        patch("x.nix", 6..10, "false"),
        patch("x.nix", 8..10, "x"),
    ];
    let round = round(&patches, &sources("x.nix", text));
    let edited = &round.files["x.nix"];
    assert_eq!(edited.text, "{ a = false; b = false; }\r\n");
    assert_eq!(edited.edits, 2);
    assert!(round.refused.is_empty());
}

#[test]
fn an_edit_that_breaks_the_text_is_refused_and_the_others_are_not() {
    for (file, text, good, bad) in [
        ("x.nix", "{ a = 1; }", 6..7, 0..1),
        ("x.tf", "a = 1\n", 4..5, 2..3),
        ("x.tfvars", "a = 1\n", 4..5, 2..3),
        ("seance.toml", "a = 1\n", 4..5, 2..3),
    ] {
        let patches = [patch(file, good, "2"), patch(file, bad.clone(), "")];
        let round = round(&patches, &sources(file, text));
        assert_eq!(round.files[file].text, text.replace('1', "2"), "{file}");
        assert_eq!(round.refused, [patch(file, bad, "")], "{file}");
    }
}

#[test]
fn a_text_that_cannot_be_read_may_be_mended() {
    let mended = round(&[patch("x.nix", 8..8, ";")], &sources("x.nix", "{ a = 1 }"));
    assert_eq!(mended.files["x.nix"].text, "{ a = 1 ;}");
    let unknown = round(&[patch("y.nix", 0..1, "")], &sources("x.nix", "{ }"));
    assert_eq!(unknown, super::Round::default());
}

#[test]
fn what_does_not_fit_the_text_is_passed_over() {
    let patches = [
        patch("x.yaml", 90..91, "x"),
        patch("x.yaml", 1..2, "x"),
        patch("x.yaml", 0..2, "é"),
    ];
    assert_eq!(
        round(&patches, &sources("x.yaml", "é")),
        super::Round::default()
    );
}

proptest! {
    #[test]
    fn whatever_is_not_edited_stays(
        text in "[a-zé\n]{0,30}",
        edits in prop::collection::vec((0_usize..40, 0_usize..5, "[A-Z]{0,3}"), 0..6),
    ) {
        let patches: Vec<Patch> = edits
            .iter()
            .map(|(start, length, new)| patch("x.yaml", *start..start + length, new))
            .collect();
        let round = round(&patches, &sources("x.yaml", &text));
        if let Some(edited) = round.files.get("x.yaml") {
            let kept: String = edited.text.chars().filter(|c| !c.is_ascii_uppercase()).collect();
            let mut rest = text.chars();
            prop_assert!(kept.chars().all(|c| rest.any(|other| other == c)), "{kept:?}");
        }
    }
}
