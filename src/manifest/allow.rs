//! `[check] allow`: rules that a person silences, with a reason.

use super::{Document, rules, v1};
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
) -> Vec<Finding> {
    let Some(allow) = raw.check.as_ref().and_then(|check| check.allow.as_ref()) else {
        return findings;
    };
    findings.retain(|finding| is_never(finding.rule.id) || !allow.contains_key(finding.rule.id));
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
