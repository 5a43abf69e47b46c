//! Rules between values: each runs on whatever could be resolved and stays silent about gaps,
//! which have findings of their own.

mod machine;
mod ports;
mod sites;

use super::draft::Draft;
use super::{Document, rules};
use crate::finding::{Finding, Origin};
use crate::rules::Rule;

/// Every broken relation.
pub(super) fn check(document: &Document, draft: &Draft) -> Vec<Finding> {
    let mut relations = Relations {
        document,
        draft,
        findings: Vec::new(),
    };
    relations.machine();
    relations.ports();
    relations.sites();
    relations.findings
}

struct Relations<'a> {
    document: &'a Document,
    draft: &'a Draft,
    findings: Vec<Finding>,
}

impl Relations<'_> {
    /// Whether every entry of `[services]` and of their `domains` was readable, so that what is not
    /// named is really unnamed.
    fn services_are_whole(&self) -> bool {
        let document = self.document;
        document.entries(&["services"]) == Some(self.draft.services.len())
            && self.draft.services.iter().all(|(name, service)| {
                let path = ["services", name.as_str(), "domains"];
                !document.has(&path) || document.entries(&path) == Some(service.domains.len())
            })
    }

    /// Whether every entry of `[ports]` was readable.
    fn ports_are_whole(&self) -> bool {
        let ports = &self.draft.ports;
        ports.values().all(Option::is_some)
            && (!self.document.has(&["ports"])
                || self.document.entries(&["ports"]) == Some(ports.len()))
    }

    /// Reports at the value of a path.
    fn report(&mut self, rule: &'static Rule, path: &[&str], message: String, help: String) {
        let finding = Finding::new(rule, Origin::Manifest, message, help);
        self.findings.push(finding.at(self.document.location(path)));
    }

    /// Reports at the key of a path.
    fn report_key(&mut self, rule: &'static Rule, path: &[&str], message: String, help: String) {
        let finding = Finding::new(rule, Origin::Manifest, message, help);
        self.findings
            .push(finding.at(self.document.key_location(path)));
    }

    /// Adds the earlier place to the last finding.
    fn compare(&mut self, path: &[&str], label: &str) {
        let location = self.document.location(path);
        if location.range.is_some()
            && let Some(finding) = self.findings.pop()
        {
            self.findings.push(finding.related(location, label));
        }
    }
}
