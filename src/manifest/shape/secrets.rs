//! Secrets in the manifest: reported by kind and place, never by value.

use std::ops::Range;

use super::Walk;
use crate::deployment::{looks_like_secret, looks_like_secret_named};
use crate::manifest::rules;

/// The kind of secret that a text is, by itself or by the name of the variable that holds it.
pub(super) fn kind(path: &[String], text: &str) -> Option<&'static str> {
    match path {
        [.., table, name] if table == "env" => looks_like_secret_named(name, text),
        _ => looks_like_secret(text),
    }
}

impl Walk<'_> {
    pub(super) fn secret(&mut self, kind: &'static str, span: Range<usize>) {
        let name = self.name();
        let message = format!("{name} holds a secret ({kind}), which this file must never do");
        let help = self.way_out(kind);
        self.report(&rules::MANIFEST_SECRET, span, message, help);
        self.detail("a secret; its text is not repeated here", None);
        if let Some(finding) = self.shape.findings.last_mut() {
            finding.is_secret = true;
        }
    }

    fn way_out(&self, kind: &str) -> String {
        let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        match path.as_slice() {
            ["services", service, "env", variable] => format!(
                "remove it, add \"{variable}\" to `services.{service}.secrets` and run `seance \
                 secret set {variable}`; replace the secret if this file was ever shared"
            ),
            ["server", "ssh_keys", ..] => {
                "write the public half, the line in the `.pub` file; make a new key pair if this \
                 file was ever shared"
                    .to_owned()
            }
            ["project", "repository"] => {
                "write the URL without user name and password; for a private repository use its \
                 ssh URL and `deploy_key = true`"
                    .to_owned()
            }
            _ if kind.contains("DigitalOcean") => {
                "remove it and export it as DIGITALOCEAN_TOKEN instead; revoke it if this file was \
                 ever shared"
                    .to_owned()
            }
            _ => {
                "remove it; provider tokens come from the environment, application secrets are set \
                 with `seance secret set NAME`; replace it if this file was ever shared"
                    .to_owned()
            }
        }
    }
}
