//! Projects that somebody mangled: whatever the files hold, judging them ends, and without panic.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::corpus;
use crate::handwritten::Files;

static PROJECTS: LazyLock<Vec<(String, Files)>> = LazyLock::new(corpus::projects);

/// What happens to a token of a file.
#[derive(Debug, Clone, Copy)]
enum Change {
    Delete,
    Duplicate,
    /// The token of this number, from any file of the corpus, takes its place.
    Replace(usize),
    /// It changes places with the next one.
    Swap,
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        Just(Change::Delete),
        Just(Change::Duplicate),
        any::<usize>().prop_map(Change::Replace),
        Just(Change::Swap),
    ]
}

/// Words, runs of blanks, and every other character by itself.
fn tokens(text: &str) -> Vec<&str> {
    let kind = |c: char| match c {
        c if c.is_alphanumeric() || c == '_' => 0,
        c if c.is_whitespace() => 1,
        _ => 2,
    };
    let mut tokens = Vec::new();
    let mut start = 0;
    let mut before = None;
    for (at, c) in text.char_indices() {
        let now = kind(c);
        if before.is_some_and(|before| before != now || now == 2) {
            tokens.push(&text[start..at]);
            start = at;
        }
        before = Some(now);
    }
    tokens.push(&text[start..]);
    tokens
}

/// Every token of the corpus.
static ALPHABET: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let files = PROJECTS.iter().flat_map(|(_, files)| files.values());
    let mut all: Vec<&str> = files.flat_map(|text| tokens(text)).collect();
    all.sort_unstable();
    all.dedup();
    all
});

fn mangle(text: &str, at: usize, change: Change) -> String {
    let mut tokens = tokens(text);
    let at = at % tokens.len();
    match change {
        Change::Delete => {
            tokens.remove(at);
        }
        Change::Duplicate => tokens.insert(at, tokens[at]),
        Change::Replace(other) => tokens[at] = ALPHABET[other % ALPHABET.len()],
        Change::Swap if at + 1 < tokens.len() => tokens.swap(at, at + 1),
        Change::Swap => {}
    }
    tokens.concat()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn mangled_projects_are_judged(
        project in any::<prop::sample::Index>(),
        changes in prop::collection::vec(
            (any::<prop::sample::Index>(), any::<usize>(), change()),
            1..24,
        ),
    ) {
        let (name, files) = project.get(&PROJECTS);
        let mut files = files.clone();
        let paths: Vec<String> = files.keys().cloned().collect();
        for (path, at, change) in changes {
            let text = files.get_mut(path.get(&paths)).expect("a file of the project");
            *text = mangle(text, at, change);
        }
        let begin = Instant::now();
        let judgement = super::judge(&files, None, &super::Known::default(), true);
        let took = begin.elapsed();
        prop_assert!(took < Duration::from_secs(10), "{name} took {took:?}");
        for finding in &judgement.findings {
            let Some(location) = &finding.location else { continue };
            let text = files.get(&location.file);
            if let (Some(text), Some(range)) = (text, &location.range) {
                prop_assert!(text.get(range.clone()).is_some(), "{}: {location:?}", finding.rule.id);
            }
            if let Some(patch) = &finding.patch {
                let text = files.get(&patch.file).expect("the file of an edit");
                prop_assert!(text.get(patch.range.clone()).is_some(), "{}: {patch:?}", finding.rule.id);
            }
        }
    }
}
