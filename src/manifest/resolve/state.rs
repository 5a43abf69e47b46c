//! `[caddy]`, `[state]`, `[generate]` and `[check]`.

use std::collections::{BTreeMap, BTreeSet};

use super::Resolver;
use crate::deployment::{Caddy, CertificateAuthority, Refusal, StateBackend, nearest, shown};
use crate::finding::Patch;
use crate::manifest::{rules, v1};
use crate::render::outputs;

impl Resolver<'_> {
    pub(super) fn caddy(&mut self, raw: Option<&v1::Caddy>) -> Caddy {
        let email = raw.and_then(|raw| raw.email.as_ref());
        Caddy {
            email: self.optional(&["caddy", "email"], email),
            ca: match raw.and_then(|raw| raw.ca) {
                Some(v1::Authority::Staging) => CertificateAuthority::Staging,
                Some(v1::Authority::Production) | None => CertificateAuthority::Production,
            },
        }
    }

    pub(super) fn backend(&mut self, raw: Option<&v1::State>) -> Option<StateBackend> {
        let empty = v1::State::default();
        let raw = raw.unwrap_or(&empty);
        let s3 = raw.backend == Some(v1::Backend::S3);
        for key in ["bucket", "key", "endpoint", "lock"] {
            let written = self.document.has(&["state", key]);
            if s3 && !written && key != "lock" {
                self.incomplete(key);
            } else if !s3 && written {
                self.unused(key);
            }
        }
        if !s3 {
            return Some(StateBackend::Local);
        }
        let bucket = self.stored("bucket", raw.bucket.as_ref(), bucket);
        let key = self.stored("key", raw.key.as_ref(), object_key);
        let endpoint = self.stored("endpoint", raw.endpoint.as_ref(), endpoint);
        Some(StateBackend::S3 {
            bucket: bucket?,
            key: key?,
            endpoint: endpoint?,
            lock: raw.lock.unwrap_or(false),
        })
    }

    fn incomplete(&mut self, key: &str) {
        let example = match key {
            "bucket" => "bucket = \"my-state\"",
            "key" => "key = \"terraform.tfstate\"",
            _ => "endpoint = \"https://fra1.digitaloceanspaces.com\"",
        };
        let finding = Self::finding(
            &rules::STATE_S3_INCOMPLETE,
            format!("the s3 backend needs `state.{key}`"),
            format!("add `{example}` to `[state]`"),
        );
        let location = self.document.location(&["state", "backend"]);
        self.findings.push(finding.at(location));
    }

    fn unused(&mut self, key: &str) {
        let finding = Self::finding(
            &rules::STATE_S3_UNUSED,
            format!("`state.{key}` has no effect, because the state is kept in a local file"),
            "write `backend = \"s3\"` in `[state]`, or remove the line",
        );
        let location = self.document.key_location(&["state", key]);
        self.findings.push(finding.at(location));
    }

    fn stored(
        &mut self,
        key: &str,
        text: Option<&String>,
        check: fn(&str) -> Result<(), Refusal>,
    ) -> Option<String> {
        let text = text?;
        match check(text) {
            Ok(()) => Some(text.clone()),
            Err(refusal) => {
                self.refuse(self.document.location(&["state", key]), refusal);
                None
            }
        }
    }

    pub(super) fn skip(&mut self, raw: Option<&v1::Generate>) -> BTreeSet<String> {
        let mut skip = BTreeSet::new();
        let list = raw.and_then(|raw| raw.skip.as_ref());
        for (index, path) in list.into_iter().flatten().enumerate() {
            let number = index.to_string();
            let element = ["generate", "skip", number.as_str()];
            if outputs::paths().any(|known| known == path) {
                skip.insert(path.clone());
            } else if !self.is_emptied(&element) {
                self.unknown_output(&element, path);
            }
        }
        skip
    }

    fn unknown_output(&mut self, element: &[&str], path: &str) {
        let near = nearest(path, outputs::paths())
            .or_else(|| outputs::paths().find(|known| known.rsplit('/').next() == Some(path)));
        let help = near.map_or_else(
            || {
                "write the path of a generated file, such as `Caddyfile` or \
                 `nix/disko-config.nix`, or remove it"
                    .to_owned()
            },
            |near| format!("write `\"{near}\"`"),
        );
        let finding = Self::finding(
            &rules::SKIP_UNKNOWN_PATH,
            format!("{} is not a file that seance writes", shown(path)),
            help,
        );
        let location = self.document.location(element);
        let mut finding = finding.labelled("not an output");
        finding.patch = near.zip(location.range.clone()).map(|(near, range)| Patch {
            file: location.file.clone(),
            range,
            replacement: format!("\"{near}\""),
        });
        self.findings.push(finding.at(location));
    }

    pub(super) fn allow(&mut self, raw: Option<&v1::Check>) -> BTreeMap<String, String> {
        let allow = raw.and_then(|raw| raw.allow.clone()).unwrap_or_default();
        for (rule, reason) in &allow {
            if reason.trim().is_empty() {
                let refusal = Refusal::new(
                    format!("`check.allow.{rule}` has no reason"),
                    "write why the rule does not apply here, for whoever reads this next",
                );
                let location = self.document.location(&["check", "allow", rule]);
                self.refuse(location, refusal);
            }
        }
        allow
    }
}

fn bucket(text: &str) -> Result<(), Refusal> {
    let fits = (3..=63).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.')
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.ends_with(|c: char| c.is_ascii_alphanumeric());
    if fits {
        return Ok(());
    }
    Err(Refusal::new(
        format!("{} is not a bucket name", shown(text)),
        "write 3 to 63 lower-case letters, digits, dots and hyphens",
    ))
}

fn object_key(text: &str) -> Result<(), Refusal> {
    let fits = !text.is_empty()
        && text.len() <= 1024
        && !text.starts_with('/')
        && !text.chars().any(char::is_control);
    if fits {
        return Ok(());
    }
    Err(Refusal::new(
        format!("{} is not the name of an object in a bucket", shown(text)),
        "write a name without a leading slash, such as `terraform.tfstate`",
    ))
}

fn endpoint(text: &str) -> Result<(), Refusal> {
    let host = text
        .strip_prefix("https://")
        .map(|rest| rest.trim_end_matches('/'));
    let fits = host.is_some_and(|host| {
        !host.is_empty()
            && host
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':'))
    });
    if fits {
        return Ok(());
    }
    Err(Refusal::new(
        format!("{} is not the URL of a store", shown(text)),
        "write `https://` and the host, such as `https://fra1.digitaloceanspaces.com`",
    ))
}
