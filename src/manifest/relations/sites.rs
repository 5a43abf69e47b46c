//! Domains against the zone, services against domains, and the two site variables.

use std::collections::{BTreeMap, BTreeSet};

use super::{Relations, rules};
use crate::deployment::{DomainKey, DomainName, SiteAddress, nearest};
use crate::manifest::resolve::{APP_DOMAIN, CADDY_DOMAIN};

impl Relations<'_> {
    pub(super) fn sites(&mut self) {
        self.outside_zone();
        self.doubled_names();
        self.service_domains();
        self.unused_domains();
        self.unreachable_services();
        self.site_variables();
        self.doubled_variables();
    }

    fn outside_zone(&mut self) {
        let Some(zone) = &self.draft.zone else { return };
        for (key, name) in &self.draft.domains {
            let Some(name) = name else { continue };
            if !name.is_within(zone) {
                self.report(
                    &rules::DOMAIN_OUTSIDE_ZONE,
                    &["domains", key.as_str()],
                    format!("`{name}` is not in the zone `{zone}`"),
                    format!("write a name that ends in `.{zone}`, or correct `dns.zone`"),
                );
                self.compare(&["dns", "zone"], "the zone");
            }
        }
    }

    /// Two keys with one host name.
    fn doubled_names(&mut self) {
        let mut seen: BTreeMap<&DomainName, &DomainKey> = BTreeMap::new();
        for (key, name) in &self.draft.domains {
            let Some(name) = name else { continue };
            if let Some(other) = seen.get(name).copied() {
                self.report(
                    &rules::SITE_ADDRESS_DOUBLED,
                    &["domains", key.as_str()],
                    format!("`{name}` is both `domains.{other}` and `domains.{key}`"),
                    "remove one of the two".to_owned(),
                );
                self.compare(&["domains", other.as_str()], "the other one");
            } else {
                seen.insert(name, key);
            }
        }
    }

    /// Domains of services: known, and each led to once.
    fn service_domains(&mut self) {
        if self.draft.domains.is_empty() {
            return;
        }
        let mut seen: BTreeMap<&DomainKey, (&str, String)> = BTreeMap::new();
        for (name, service) in &self.draft.services {
            for (index, key) in &service.domains {
                let index = index.to_string();
                let path = ["services", name.as_str(), "domains", index.as_str()];
                if !self.document.has(&["domains", key.as_str()]) {
                    self.unknown_domain(&path, key);
                } else if let Some((other, place)) = seen.get(key) {
                    let message = if *other == name.as_str() {
                        format!("`services.{name}` names the domain `{key}` twice")
                    } else {
                        format!("the domain `{key}` leads to `{other}` and to `{name}`")
                    };
                    let earlier = ["services", *other, "domains", place.as_str()];
                    let help = "remove it from one of the two places".to_owned();
                    self.report(&rules::SITE_ADDRESS_DOUBLED, &path, message, help);
                    self.compare(&earlier, "the other one");
                } else {
                    seen.insert(key, (name.as_str(), index.clone()));
                }
            }
        }
    }

    fn unknown_domain(&mut self, path: &[&str], key: &DomainKey) {
        let known = self.draft.domains.keys().map(DomainKey::as_str);
        let help = match nearest(key.as_str(), known) {
            Some(near) => format!("write `\"{near}\"`, or add `{key} = \"…\"` to `[domains]`"),
            None => format!("add `{key} = \"…\"` to `[domains]`"),
        };
        let message = format!("`{key}` is not a key of `[domains]`");
        self.report(&rules::SITE_DOMAIN_UNKNOWN, path, message, help);
    }

    fn unused_domains(&mut self) {
        if !self.services_are_whole() {
            return;
        }
        let used: BTreeSet<&DomainKey> = self
            .draft
            .services
            .values()
            .flat_map(|service| service.domains.iter().map(|(_, key)| key))
            .collect();
        // A misspelt name in a service is reported there.
        let known = || self.draft.domains.keys().map(DomainKey::as_str);
        let misspelt: BTreeSet<&str> = used
            .iter()
            .filter(|key| !self.draft.domains.contains_key(key.as_str()))
            .filter_map(|key| nearest(key.as_str(), known()))
            .collect();
        for key in self.draft.domains.keys() {
            if !used.contains(key) && !misspelt.contains(key.as_str()) {
                self.report_key(
                    &rules::DOMAIN_UNUSED,
                    &["domains", key.as_str()],
                    format!("no service names the domain `{key}`"),
                    format!("add `domains = [\"{key}\"]` to its service, or remove the line"),
                );
            }
        }
    }

    fn unreachable_services(&mut self) {
        if !self.ports_are_whole() {
            return;
        }
        let open: BTreeSet<_> = self
            .draft
            .ports
            .values()
            .flatten()
            .map(|public| public.port)
            .collect();
        for (name, service) in &self.draft.services {
            let name = name.as_str();
            let Some(port) = service.port else { continue };
            // Domains that were refused still say that some were meant.
            let path = ["services", name, "domains"];
            let meant = self.document.has(&path) && self.document.entries(&path) != Some(0);
            if meant || !service.domains.is_empty() || open.contains(&port) {
                continue;
            }
            self.report_key(
                &rules::SERVICE_UNREACHABLE,
                &["services", name],
                format!("`services.{name}` has neither a domain nor a port in `[ports]`"),
                format!("add `domains = [\"…\"]` to it, or `{name} = {port}` to `[ports]`"),
            );
        }
    }

    /// The site variables of the server's profile: written when they must be, and real.
    fn site_variables(&mut self) {
        let Some(name) = &self.draft.server.profile else {
            return;
        };
        let name = name.as_str();
        let Some(profile) = self.draft.profiles.get(name) else {
            return;
        };
        let several = self
            .draft
            .services
            .values()
            .filter(|one| !one.domains.is_empty())
            .count()
            > 1;
        let variables = [
            (CADDY_DOMAIN, &profile.caddy_domain),
            (APP_DOMAIN, &profile.app_domain),
        ];
        for (variable, value) in variables {
            let path = ["profiles", name, "env", variable];
            if several && !self.document.has(&path) {
                self.missing_variable(name, variable);
            } else if let Some(Some(address)) = value {
                self.known_address(&path, variable, address);
            } else if variable == CADDY_DOMAIN && self.document.has(&path) && *value == Some(None) {
                self.report(
                    &rules::SITE_DOMAIN_MISSING,
                    &path,
                    format!("`{CADDY_DOMAIN}` of the server's profile `{name}` is empty"),
                    "write a domain of `[domains]`, or remove the line".to_owned(),
                );
            }
        }
    }

    fn missing_variable(&mut self, profile: &str, variable: &str) {
        let help = if variable == CADDY_DOMAIN {
            format!("add `{variable} = \"…\"` to `[profiles.{profile}.env]`")
        } else {
            format!("add `{variable} = \"…\"` to `[profiles.{profile}.env]`; it may be empty")
        };
        let written = ["profiles", profile, "env"];
        let mut with_domains = self
            .draft
            .services
            .iter()
            .filter(|(_, one)| !one.domains.is_empty());
        let second = with_domains.nth(1).map_or("", |(name, _)| name.as_str());
        let path = if self.document.has(&["profiles", profile]) {
            written
        } else {
            ["services", second, "domains"]
        };
        self.report(
            &rules::SITE_DOMAIN_MISSING,
            &path,
            format!(
                "several services have domains, so `{variable}` of `{profile}` must be written"
            ),
            help,
        );
    }

    fn known_address(&mut self, path: &[&str], variable: &str, address: &SiteAddress) {
        if self.draft.domains.values().any(Option::is_none) || !self.document.has(path) {
            return;
        }
        let mut names = self
            .draft
            .domains
            .values()
            .flatten()
            .map(DomainName::as_str);
        if names.any(|name| name == address.as_str()) {
            return;
        }
        let names = self
            .draft
            .domains
            .values()
            .flatten()
            .map(DomainName::as_str);
        let help = match nearest(address.as_str(), names) {
            Some(near) => format!("write `\"{near}\"`"),
            None => "write a host name that stands in `[domains]`, or add it there".to_owned(),
        };
        let message = format!("`{variable}` is `{address}`, which is not in `[domains]`");
        self.report(&rules::SITE_DOMAIN_UNKNOWN, path, message, help);
    }

    /// One address in both variables makes two sites of one name.
    fn doubled_variables(&mut self) {
        for (name, profile) in &self.draft.profiles {
            let (Some(Some(first)), Some(Some(second))) =
                (&profile.caddy_domain, &profile.app_domain)
            else {
                continue;
            };
            if first == second {
                let path = ["profiles", name.as_str(), "env", APP_DOMAIN];
                self.report(
                    &rules::SITE_ADDRESS_DOUBLED,
                    &path,
                    format!("`{CADDY_DOMAIN}` and `{APP_DOMAIN}` of `{name}` are both `{first}`"),
                    format!("write `{APP_DOMAIN} = \"\"`, or another domain"),
                );
            }
        }
    }
}
