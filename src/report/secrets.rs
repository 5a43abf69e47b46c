//! Source lines and diffs go to terminals, logs and pull requests; secrets may not.
//!
//! Masking keeps every byte in its place, so that ranges still point where they did.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use crate::deployment::{looks_like_secret, looks_like_secret_named};
use crate::finding::{Finding, Sources};

/// Where secrets stand that no single line shows, by file.
pub(super) type Secrets<'a> = BTreeMap<&'a str, Vec<Range<usize>>>;

/// The places of every finding about a secret, and every private key. Found once, so that a
/// report of a thousand findings reads a file once and not a thousand times.
pub(super) fn places<'a>(findings: &'a [Finding], sources: &'a Sources) -> Secrets<'a> {
    let mut places = Secrets::new();
    for finding in findings.iter().filter(|finding| finding.is_secret) {
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
    for (file, text) in sources {
        let keys = private_keys(text);
        if !keys.is_empty() {
            places.entry(file).or_default().extend(keys);
        }
    }
    places
}

/// Some whole lines of a text with every secret masked: those of known place, and those that
/// their own line shows.
pub(super) fn mask_part(text: &str, part: Range<usize>, known: &[Range<usize>]) -> String {
    let lines = &text[part.clone()];
    let mut hidden = lines_with_secrets(lines);
    hidden.extend(known.iter().map(|range| {
        let within = |at: usize| at.clamp(part.start, part.end) - part.start;
        within(range.start)..within(range.end)
    }));
    mask(lines, &hidden).into_owned()
}

/// A unified diff with every recognised secret masked.
pub(super) fn mask_diff(diff: &str) -> Cow<'_, str> {
    let mut hidden = lines_with_secrets(diff);
    hidden.extend(private_keys(diff));
    mask(diff, &hidden)
}

fn mask<'a>(text: &'a str, hidden: &[Range<usize>]) -> Cow<'a, str> {
    if hidden.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut bytes = text.as_bytes().to_vec();
    for range in hidden {
        if let Some(part) = bytes.get_mut(range.clone()) {
            part.iter_mut().for_each(star);
        }
    }
    // A range may cut a character in two; what is left of it is no text.
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

/// How the first and the last line of a private key end.
const KEY_LINE: &str = "PRIVATE KEY-----";

/// Every private key, from the line that begins it to the line that ends it, or to the end.
fn private_keys(text: &str) -> Vec<Range<usize>> {
    let mut keys = Vec::new();
    let mut begun = None;
    for (at, _) in text.match_indices(KEY_LINE) {
        let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = text[at..]
            .find('\n')
            .map_or(text.len(), |newline| at + newline);
        let line = &text[line_start..at];
        if line.rfind("BEGIN") > line.rfind("END ") {
            begun.get_or_insert(line_start);
        } else if let Some(start) = begun.take() {
            keys.push(start..line_end);
        }
    }
    keys.extend(begun.map(|start| start..text.len()));
    keys
}

/// Every part of a line that the line itself gives away as a secret.
fn lines_with_secrets(text: &str) -> Vec<Range<usize>> {
    let mut offset = 0;
    let mut hidden = Vec::new();
    for line in text.split_inclusive('\n') {
        if let Some(range) = secret_in(line) {
            hidden.push(offset + range.start..offset + range.end);
        }
        offset += line.len();
    }
    hidden
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
        let known = private_keys(text);
        assert_eq!(mask_part(text, middle..middle + 7, &known), "******\n");
        let after = text.find("b = 2").expect("sample");
        assert_eq!(mask_part(text, after..text.len(), &known), "b = 2\n");
        let one_line = "k = \"-----BEGIN PRIVATE KEY-----x-----END PRIVATE KEY-----\"\nb = 2\n";
        assert!(
            mask_diff(one_line).ends_with("b = 2\n"),
            "{}",
            mask_diff(one_line)
        );
        let cut_off = &text[..middle + 7];
        assert!(!mask_diff(cut_off).contains("b3Blbn"));
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
