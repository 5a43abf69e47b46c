//! `[check] allow`: rules that a person silences, with a reason.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{Document, Loaded, rules, v1};
use crate::deployment::{nearest, shown};
use crate::finding::{Finding, Origin, Patch};
use crate::rules::Rule;

/// What cannot be silenced, because without it there is no deployment to make.
static NEVER: &[&Rule] = &[
    &rules::ALLOW_UNKNOWN_RULE,
    &rules::CONTAINER_KEYS,
    &rules::MANIFEST_MISSING_KEY,
    &rules::MANIFEST_SECRET,
    &rules::MANIFEST_SYNTAX,
    &rules::MANIFEST_TYPE,
    &rules::MANIFEST_UNKNOWN_KEY,
    &rules::MANIFEST_VALUE,
    &rules::MANIFEST_VERSION,
    &rules::PORT_DUPLICATE,
    &rules::PORT_TWO_OWNERS,
    &rules::PROFILE_MISSING,
    &rules::SERVICE_KIND,
    &rules::SITE_ADDRESS_DOUBLED,
    &rules::SITE_DOMAIN_MISSING,
    &rules::SITE_DOMAIN_UNKNOWN,
    &rules::SKIP_UNKNOWN_PATH,
    &rules::SSH_PORT_MISSING,
    &rules::STATE_S3_INCOMPLETE,
];

/// Takes the silenced findings out and reports what cannot be silenced.
pub(super) fn apply(
    document: &Document,
    raw: &v1::Manifest,
    mut findings: Vec<Finding>,
    silenced: &mut BTreeSet<&'static str>,
) -> Vec<Finding> {
    let Some(allow) = raw.check.as_ref().and_then(|check| check.allow.as_ref()) else {
        return findings;
    };
    findings.retain(|finding| {
        let id = finding.rule.id;
        let is_kept = is_never(id) || !allow.contains_key(id);
        if !is_kept {
            silenced.insert(id);
        }
        is_kept
    });
    let known = crate::rules::ids();
    for id in allow.keys() {
        if is_never(id) {
            findings.push(refused(document, id));
        } else if known.binary_search(&id.as_str()).is_err() {
            findings.push(unknown(document, id, &known));
        }
    }
    findings
}

/// The allowances that silence nothing, given the rules that had something to say and whether a
/// rule could look at everything that it judges.
pub fn unused(
    loaded: &Loaded,
    text: &str,
    silenced: &BTreeSet<&str>,
    could_run: &dyn Fn(&str) -> bool,
) -> Vec<Finding> {
    let Some(deployment) = &loaded.deployment else {
        return Vec::new();
    };
    let allowed = deployment.allow.keys().map(String::as_str);
    allowed
        .filter(|id| !silenced.contains(id) && *id != rules::ALLOW_UNUSED.id)
        // Of a failure that another verb finds nothing can be said here.
        .filter(|id| crate::rules::find(id).is_some() && could_run(id))
        .map(|id| useless(&loaded.document, text, id))
        .collect()
}

fn useless(document: &Document, text: &str, id: &str) -> Finding {
    let path = ["check", "allow", id];
    let finding = Finding::new(
        &rules::ALLOW_UNUSED,
        Origin::Manifest,
        format!("`{id}` is allowed, and nothing is found that it would silence"),
        "remove it from `[check] allow`",
    );
    let finding = finding
        .at(document.key_location(&path))
        .labelled("silences nothing");
    let place = document.key_span(&path).zip(document.span(&path));
    match place.and_then(|(key, value)| entry(text, key.start..value.end)) {
        Some(range) => finding.patched(Patch {
            file: document.file().to_owned(),
            range,
            replacement: String::new(),
        }),
        None => finding,
    }
}

/// What to remove for an entry of a table to be gone: its lines when it has them for itself,
/// else the entry with the comma that sets it apart.
fn entry(text: &str, entry: Range<usize>) -> Option<Range<usize>> {
    let before = text.get(..entry.start)?;
    let after = text.get(entry.end..)?;
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let rest_of_line = after.split('\n').next().unwrap_or_default();
    let rest = rest_of_line.trim();
    let lead = before[line_start..].trim();
    // `allow.rule = "…"`, or nothing at all, before the key.
    let is_alone = lead.is_empty() || (lead.ends_with('.') && !lead.contains(['=', '{', ',']));
    if is_alone && (rest.is_empty() || rest.starts_with('#')) {
        let newline = usize::from(rest_of_line.len() < after.len());
        return Some(line_start..entry.end + rest_of_line.len() + newline);
    }
    if let Some(behind) = after.trim_start().strip_prefix(',') {
        let comma = after.len() - behind.len();
        let space = behind.len() - behind.trim_start_matches(' ').len();
        return Some(entry.start..entry.end + comma + space);
    }
    let lead = before.trim_end();
    let start = lead.strip_suffix(',').unwrap_or(lead).len();
    Some(start..entry.end)
}

fn is_never(id: &str) -> bool {
    NEVER.iter().any(|rule| rule.id == id)
}

fn refused(document: &Document, id: &str) -> Finding {
    Finding::new(
        &rules::ALLOW_UNKNOWN_RULE,
        Origin::Manifest,
        format!("`{id}` cannot be allowed: what it reports leaves no deployment to make"),
        "remove the line and correct what the rule reports",
    )
    .at(document.key_location(&["check", "allow", id]))
}

fn unknown(document: &Document, id: &str, known: &[&'static str]) -> Finding {
    let near = nearest(id, known.iter().copied());
    let help = match near {
        Some(near) => format!("write `{near}`"),
        None => "write an id from `seance explain --list`, or remove the line".to_owned(),
    };
    let location = document.key_location(&["check", "allow", id]);
    let patch = near.zip(location.range.clone()).map(|(near, range)| Patch {
        file: location.file.clone(),
        range,
        replacement: near.to_owned(),
    });
    let mut finding = Finding::new(
        &rules::ALLOW_UNKNOWN_RULE,
        Origin::Manifest,
        format!("there is no rule {}", shown(id)),
        help,
    );
    finding.patch = patch;
    finding.at(location).labelled("unknown rule")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text without the entry `key = value`.
    fn without(text: &str, key: &str) -> String {
        let start = text.find(key).expect("the key");
        let end = start + text[start..].find("\"x\"").expect("the value") + 3;
        let range = entry(text, start..end).expect("a range");
        format!("{}{}", &text[..range.start], &text[range.end..])
    }

    #[test]
    fn an_entry_goes_with_its_line_or_its_comma() {
        for (text, left) in [
            (
                "[check.allow]\na = \"x\" # why\nb = \"x\"\n",
                "[check.allow]\nb = \"x\"\n",
            ),
            ("[check]\nallow.a = \"x\"\r\n", "[check]\n"),
            ("check.allow.a = \"x\"", ""),
            ("allow = { a = \"x\" }\n", "allow = { }\n"),
            (
                "allow = { a = \"x\", b = \"x\" }\n",
                "allow = { b = \"x\" }\n",
            ),
            (
                "allow = { c = \"x\", a = \"x\" }\n",
                "allow = { c = \"x\" }\n",
            ),
            (
                "allow = { c = \"x\",a = \"x\",b=\"x\" }\n",
                "allow = { c = \"x\",b=\"x\" }\n",
            ),
        ] {
            assert_eq!(without(text, "a = "), left);
            assert!(toml::de::DeTable::parse(left).is_ok(), "{left}");
        }
    }
}
