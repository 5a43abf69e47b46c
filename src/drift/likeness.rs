//! Whether two texts differ in layout alone: a formatter went over ours, and nothing that a
//! person wrote is lost when it is written again.

use std::iter::Peekable;
use std::str::Chars;

use crate::nix;

/// Whether two bodies of the file at `path` are equal after formatting.
pub(super) fn alike(path: &str, ours: &str, theirs: &str) -> bool {
    if ours == theirs {
        return true;
    }
    if std::path::Path::new(path)
        .extension()
        .is_some_and(|extension| extension == "nix")
    {
        return symbols(ours) == symbols(theirs)
            && matches!(
                (nix::format(ours), nix::format(theirs)),
                (Ok(ours), Ok(theirs)) if ours == theirs
            );
    }
    match (layout_free(ours), layout_free(theirs)) {
        (Some(ours), Some(theirs)) => ours == theirs,
        _ => false,
    }
}

/// How often each byte occurs, layout and the comma that it may bring left out.
///
/// A formatter leaves these alone, and counting them is far cheaper than formatting.
fn symbols(text: &str) -> [usize; 256] {
    let mut counts = [0; 256];
    for byte in text.bytes() {
        if !byte.is_ascii_whitespace() && byte != b',' {
            counts[usize::from(byte)] += 1;
        }
    }
    counts
}

/// The text without indentation, trailing blanks and blanks around `=`, and with other runs of
/// blanks as one. `None` where blanks carry meaning across lines: in a heredoc.
fn layout_free(text: &str) -> Option<String> {
    if text.contains("<<") {
        return None;
    }
    let mut free = String::with_capacity(text.len());
    for line in text.trim_end().lines() {
        let line = line.trim();
        // Strings nest inside a template, so that counting quotes no longer tells what is text.
        if line.contains("${") || line.contains("%{") {
            free.push_str(line);
        } else {
            push_line(&mut free, line);
        }
        free.push('\n');
    }
    Some(free)
}

fn push_line(free: &mut String, line: &str) {
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' => {
                free.push('"');
                push_string(free, &mut characters);
            }
            ' ' | '\t' => {
                let next = characters.peek().copied();
                if !matches!(next, Some(' ' | '\t' | '=')) && !free.ends_with('=') {
                    free.push(' ');
                }
            }
            other => free.push(other),
        }
    }
}

/// Copies a string as it stands, to its closing quote.
fn push_string(free: &mut String, characters: &mut Peekable<Chars<'_>>) {
    while let Some(character) = characters.next() {
        free.push(character);
        match character {
            '\\' => free.extend(characters.next()),
            '"' => return,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nix_is_compared_as_formatted() {
        let ours = "{\n  a = 1;\n}\n";
        assert!(alike("x.nix", ours, "{\na=1;}"));
        assert!(!alike("x.nix", ours, "{ a = 2; }"));
        assert!(!alike("x.nix", ours, "{ a = 1; # why\n}"));
        assert!(!alike("x.nix", ours, "{ a = "));
        let ours = "{\n  a,\n  b,\n}:\na\n";
        assert!(alike("x.nix", ours, "{\n  a\n, b\n}:\na\n"));
    }

    #[test]
    fn nix_that_nests_without_end_does_not_exhaust_the_stack() {
        assert!(!alike("x.nix", "{ }\n", &"{ a = ".repeat(100_000)));
        assert!(!alike("x.nix", "{ }\n", &"(".repeat(100_000)));
    }

    #[test]
    fn hcl_is_compared_without_alignment() {
        let ours = "resource \"a\" \"b\" {\n  size = \"x  y\"\n  n    = 1\n}\n";
        let formatted = "resource \"a\" \"b\" {\n\tsize=\"x  y\"\n\tn = 1   \n}";
        assert!(alike("main.tf", ours, formatted));
        assert!(!alike("main.tf", ours, &ours.replace("x  y", "x y")));
        assert!(!alike(
            "main.tf",
            ours,
            &ours.replace("n    = 1", "n    = 12")
        ));
        assert!(!alike("main.tf", ours, &ours.replace('}', "# b\n}")));
        assert!(!alike("main.tf", "a = 1\nb = 2\n", "a = 1 b = 2\n"));
        assert!(!alike("main.tf", "a b\n", "ab\n"));
    }

    #[test]
    fn blanks_in_strings_and_heredocs_count() {
        assert!(!alike("x.tf", "a = \"\\\"  b\"\n", "a = \"\\\" b\"\n"));
        assert!(!alike("x.tf", "a = <<E\n  b\nE\n", "a = <<E\n b\nE\n"));
        assert!(!alike(
            "x.tf",
            "a = \"${b[\"c  d\"]}\"\n",
            "a = \"${b[\"c d\"]}\"\n"
        ));
        assert!(alike("Caddyfile", "a {\n\tb\n}\n", "a {\n  b\n}\n"));
    }
}
