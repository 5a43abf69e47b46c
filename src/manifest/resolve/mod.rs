//! Raw values become checked ones: every value through its type, every refusal collected, every
//! default applied.

mod network;
mod profiles;
mod project;
mod server;
mod services;
mod state;

use std::collections::{BTreeMap, BTreeSet};

use super::draft::Draft;
pub(super) use profiles::{APP_DOMAIN, CADDY_DOMAIN};
pub(super) use services::PORT;

use super::v1::{Manifest, Project};
use super::{Document, rules};
use crate::deployment::{EnvironmentName, Port, Refusal};
use crate::finding::{Finding, Location, Origin, Patch};
use crate::rules::Rule;

/// Resolves the manifest as far as it goes.
pub(super) fn resolve(
    document: &Document,
    emptied: BTreeSet<usize>,
    raw: &Manifest,
) -> (Draft, Vec<Finding>) {
    let mut resolver = Resolver {
        document,
        emptied,
        findings: Vec::new(),
    };
    let draft = resolver.manifest(raw);
    (draft, resolver.findings)
}

struct Resolver<'a> {
    document: &'a Document,
    emptied: BTreeSet<usize>,
    findings: Vec<Finding>,
}

/// A value that is made from checked text.
trait Checked: for<'t> TryFrom<&'t str, Error = Refusal> {}

impl<T: for<'t> TryFrom<&'t str, Error = Refusal>> Checked for T {}

impl Resolver<'_> {
    fn manifest(&mut self, raw: &Manifest) -> Draft {
        let project = self.project(raw.project.as_ref().unwrap_or(&Project::default()));
        let server = self.server(raw.server.as_ref(), project.name.as_ref());
        let (zone, zone_id) = self.dns(raw.dns.as_ref());
        let domains = self.domains(raw.domains.as_ref());
        let ports = self.ports(raw.ports.as_ref());
        let services = self.services(raw);
        let mut profiles = self.profiles(raw.profiles.as_ref());
        profiles::complete(&mut profiles, server.profile.as_ref(), &domains, &services);
        Draft {
            project,
            server,
            zone,
            zone_id,
            domains,
            ports,
            caddy: self.caddy(raw.caddy.as_ref()),
            services,
            profiles,
            backend: self.backend(raw.state.as_ref()),
            encrypt: raw
                .state
                .as_ref()
                .and_then(|state| state.encrypt)
                .unwrap_or(false),
            skip: self.skip(raw.generate.as_ref()),
            allow: self.allow(raw.check.as_ref()),
        }
    }

    /// A written value, or `None` and a finding.
    fn text<T: Checked>(&mut self, path: &[&str], text: &str) -> Option<T> {
        match T::try_from(text) {
            Ok(value) => Some(value),
            Err(refusal) => {
                self.refuse(self.document.location(path), refusal);
                None
            }
        }
    }

    /// A value that may be absent.
    fn optional<T: Checked>(&mut self, path: &[&str], text: Option<&String>) -> Option<T> {
        text.and_then(|text| self.text(path, text))
    }

    /// A value with a default.
    fn or_default<T: Checked>(
        &mut self,
        path: &[&str],
        text: Option<&String>,
        default: &str,
    ) -> Option<T> {
        match text {
            Some(text) => self.text(path, text),
            None => T::try_from(default).ok(),
        }
    }

    /// The last key of the path as a name.
    fn key<T: Checked>(&mut self, path: &[&str]) -> Option<T> {
        let name = path.last()?;
        match T::try_from(name) {
            Ok(value) => Some(value),
            Err(refusal) => {
                self.refuse(self.document.key_location(path), refusal);
                None
            }
        }
    }

    /// The elements of a list that are right, with their index as written.
    fn list<T: Checked>(&mut self, path: &[&str], list: Option<&Vec<String>>) -> Vec<(usize, T)> {
        let mut values = Vec::new();
        for (index, text) in list.into_iter().flatten().enumerate() {
            let number = index.to_string();
            let element: Vec<&str> = path.iter().copied().chain([number.as_str()]).collect();
            if self.is_emptied(&element) {
                continue;
            }
            if let Some(value) = self.text(&element, text) {
                values.push((index, value));
            }
        }
        values
    }

    fn is_emptied(&self, element: &[&str]) -> bool {
        !self.emptied.is_empty()
            && self
                .document
                .span(element)
                .is_some_and(|span| self.emptied.contains(&span.start))
    }

    fn port(&mut self, path: &[&str], number: i64) -> Option<Port> {
        let port = u16::try_from(number).ok().and_then(Port::new);
        if port.is_none() {
            let refusal = Refusal::new(
                format!("{number} is not a port number"),
                "write a number from 1 to 65535",
            );
            self.refuse(self.document.location(path), refusal);
        }
        port
    }

    /// Environment variables. Line breaks and tabs are text, other control characters are not.
    fn environment(
        &mut self,
        path: &[&str],
        env: Option<&BTreeMap<String, String>>,
    ) -> BTreeMap<EnvironmentName, String> {
        let mut values = BTreeMap::new();
        for (name, value) in env.into_iter().flatten() {
            let path: Vec<&str> = path.iter().copied().chain([name.as_str()]).collect();
            let key = self.key::<EnvironmentName>(&path);
            let control = value
                .chars()
                .find(|c| c.is_control() && !matches!(c, '\n' | '\t'));
            if let Some(control) = control {
                let refusal = Refusal::new(
                    format!(
                        "`{name}` holds the control character U+{:04X}",
                        u32::from(control)
                    ),
                    "remove it; an environment variable holds text, line breaks and tabs",
                );
                self.refuse(self.document.location(&path), refusal);
            } else if let Some(key) = key {
                values.insert(key, value.clone());
            }
        }
        values
    }

    fn refuse(&mut self, location: Location, refusal: Refusal) {
        let patch = match (&location.range, refusal.suggestion) {
            (Some(range), Some(replacement)) => Some(Patch {
                file: location.file.clone(),
                range: range.clone(),
                replacement: quoted(&replacement),
            }),
            _ => None,
        };
        let mut finding = Self::finding(&rules::MANIFEST_VALUE, refusal.message, refusal.help);
        finding.patch = patch;
        self.findings.push(finding.at(location).labelled("refused"));
    }

    fn finding(
        rule: &'static Rule,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Finding {
        Finding::new(rule, Origin::Manifest, message, help)
    }
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}
