//! Source lines and diffs go to terminals, logs and pull requests; secrets may not.
//!
//! Masking keeps every byte in its place, so that ranges still point where they did.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use crate::deployment::{looks_like_secret, looks_like_secret_named};
use crate::finding::Finding;

/// Where findings say that secrets stand, by file.
pub(super) type Secrets<'a> = BTreeMap<&'a str, Vec<Range<usize>>>;

/// The places of every finding about a secret. Such a rule has the word in its id.
pub(super) fn places(findings: &[Finding]) -> Secrets<'_> {
    let mut places = Secrets::new();
    for finding in findings.iter().filter(|finding| is_about_secret(finding)) {
        let locations = finding.location.iter();
        for location in locations.chain(finding.related.iter().map(|related| &related.location)) {
            if let Some(range) = &location.range {
                places
                    .entry(&location.file)
                    .or_default()
                    .push(range.clone());
            }
        }
    }
    places
}

/// Whether the finding's own place is a secret.
pub(super) fn is_about_secret(finding: &Finding) -> bool {
    let mut words = finding.rule.id.split('-');
    words.any(|word| matches!(word, "secret" | "secrets"))
}

/// A part of a text that starts at a line, with every secret masked: those that findings name,
/// and those that are recognised.
pub(super) fn mask_part(text: &str, part: Range<usize>, known: &[Range<usize>]) -> String {
    let inside_key = opens_key(&text[..part.start]);
    let mut bytes = mask_lines(&text[part.clone()], inside_key)
        .into_owned()
        .into_bytes();
    for range in known {
        let start = range.start.max(part.start);
        let end = range.end.min(part.end);
        for at in start..end.max(start) {
            star(&mut bytes[at - part.start]);
        }
    }
    // A range may cut a character in two; what is left of it is no text.
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A unified diff with every recognised secret masked.
pub(super) fn mask_diff(diff: &str) -> Cow<'_, str> {
    mask_lines(diff, false)
}

/// Whether a text ends inside a private key.
fn opens_key(text: &str) -> bool {
    text.rfind(KEY_LINE).is_some_and(|at| {
        let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        text[line..at].contains("BEGIN")
    })
}

/// How the first and the last line of a private key end.
const KEY_LINE: &str = "PRIVATE KEY-----";

fn mask_lines(text: &str, mut inside_key: bool) -> Cow<'_, str> {
    let mut masked: Option<Vec<u8>> = None;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let begins = line.contains(KEY_LINE) && line.contains("BEGIN");
        let hidden = if inside_key || begins {
            Some(0..line.len())
        } else {
            secret_in(line)
        };
        inside_key = (inside_key || begins) && !(line.contains(KEY_LINE) && line.contains("END "));
        if let Some(range) = hidden {
            let bytes = masked.get_or_insert_with(|| text.as_bytes().to_vec());
            bytes[offset + range.start..offset + range.end]
                .iter_mut()
                .for_each(star);
        }
        offset += line.len();
    }
    match masked {
        Some(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
        None => Cow::Borrowed(text),
    }
}

/// The part of a line to hide: the value, or the whole line where no value can be told.
fn secret_in(line: &str) -> Option<Range<usize>> {
    let value = line.find(['=', ':']).map_or(0, |sign| sign + 1);
    let word = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let name = line[..value].trim_matches(|character| !word(character));
    let name = name
        .rsplit(|character| !word(character))
        .next()
        .unwrap_or_default();
    let content = line[value..].trim_matches(|character: char| {
        character.is_whitespace() || matches!(character, '"' | '\'' | ';' | ',')
    });
    let secret = looks_like_secret(line).or_else(|| looks_like_secret_named(name, content));
    secret.map(|_| value..line.len())
}

/// Line structure and quotes stay, everything else becomes a star.
fn star(byte: &mut u8) {
    if !matches!(
        byte,
        b'\n' | b'\r' | b'\t' | b' ' | b'"' | b'\'' | b'[' | b']' | b',' | b';'
    ) {
        *byte = b'*';
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "dop_v1_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    #[test]
    fn tokens_and_named_values_are_masked_in_diffs() {
        let diff = format!("@@ -1,2 +1,2 @@\n-x = \"{TOKEN}\"\n+region = \"sfo3\"\n");
        let masked = mask_diff(&diff);
        assert!(
            !masked.contains("dop_v1") && masked.contains("+region = \"sfo3\""),
            "{masked}"
        );
        assert_eq!(masked.len(), diff.len());
        let named = "+  api_token = \"q7Zk2mXw9Lr4Tn8Vb3Hc6Jd1\";\n";
        assert!(!mask_diff(named).contains("q7Zk2m"), "{}", mask_diff(named));
        let key = "+ssh_public_key = \"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9\"\n";
        assert_eq!(mask_diff(key), key, "a public key is public");
        let plain = "+  domain = \"backend.seance.dev\";\n";
        assert!(matches!(mask_diff(plain), Cow::Borrowed(_)));
    }

    #[test]
    fn a_private_key_is_masked_from_its_first_to_its_last_line() {
        let text = "a = 1\n-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbn\n-----END OPENSSH PRIVATE \
                    KEY-----\nb = 2\n";
        let masked = mask_diff(text);
        assert!(!masked.contains("b3Blbn") && masked.contains("a = 1") && masked.contains("b = 2"));
        let middle = text.find("b3Blbn").expect("sample");
        assert_eq!(mask_part(text, middle..middle + 7, &[]), "******\n");
        let after = text.find("b = 2").expect("sample");
        assert_eq!(mask_part(text, after..text.len(), &[]), "b = 2\n");
    }

    #[test]
    fn known_places_are_masked_whatever_they_look_like() {
        let text = "first = 1\npassword = \"hunter2\" # x\n";
        let start = text.find("\"hunter2").expect("sample");
        let place = start..start + 9;
        let masked = mask_part(text, 10..text.len(), std::slice::from_ref(&place));
        assert_eq!(masked, "password = \"*******\" # x\n");
    }

    proptest::proptest! {
        #[test]
        fn masking_never_panics(text in "(?s).{0,80}", start in 0usize..90, end in 0usize..90) {
            let place = start..end;
            let masked = mask_part(&text, 0..text.len(), std::slice::from_ref(&place));
            proptest::prop_assert_eq!(masked.lines().count(), text.lines().count());
            let _ = mask_diff(&text);
        }
    }
}
