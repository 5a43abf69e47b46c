//! `[services.<name>]`.

use std::collections::BTreeMap;

use super::Resolver;
use crate::deployment::{DomainKey, EnvironmentName, Port, Refusal, Run, ServiceName};
use crate::manifest::draft::DraftService;
use crate::manifest::{rules, v1};

/// The variable in which a process finds its port.
pub(crate) const PORT: &str = "PORT";

impl Resolver<'_> {
    pub(super) fn services(&mut self, raw: &v1::Manifest) -> BTreeMap<ServiceName, DraftService> {
        let mut services = BTreeMap::new();
        for (name, service) in raw.services.iter().flatten() {
            let key = self.key(&["services", name]);
            let domains = self.domains_of(name, service, raw.domains.as_ref());
            let service = self.service(name, service, domains);
            if let Some(key) = key {
                services.insert(key, service);
            }
        }
        services
    }

    fn service(
        &mut self,
        name: &str,
        raw: &v1::Service,
        domains: Vec<(usize, DomainKey)>,
    ) -> DraftService {
        let path = |key| ["services", name, key];
        let port = raw.port.and_then(|port| self.port(&path("port"), port));
        let run = self.run(name, raw, port);
        let mut env = self.environment(&path("env"), raw.env.as_ref());
        let secrets = self.secrets(name, raw, &env);
        if let (Some(Run::Process { .. }), Some(port), false) = (
            &run,
            port,
            self.document.has(&["services", name, "env", PORT]),
        ) && let Ok(variable) = EnvironmentName::try_from(PORT)
        {
            env.insert(variable, port.to_string());
        }
        let health = self.list(&path("health"), raw.health.as_ref());
        DraftService {
            run,
            port,
            domains,
            health: health.into_iter().map(|(_, path)| path).collect(),
            secrets,
            env,
        }
    }

    /// Keys of `[domains]`. People write the host name itself; and a key that was refused where it
    /// is defined is not refused again.
    fn domains_of(
        &mut self,
        name: &str,
        raw: &v1::Service,
        domains: Option<&BTreeMap<String, String>>,
    ) -> Vec<(usize, DomainKey)> {
        let mut keys = Vec::new();
        for (index, text) in raw.domains.iter().flatten().enumerate() {
            let number = index.to_string();
            let path = ["services", name, "domains", number.as_str()];
            if self.is_emptied(&path) {
                continue;
            }
            let of_host = domains
                .filter(|_| text.contains('.'))
                .into_iter()
                .flatten()
                .find(|(key, host)| *host == text && *key != text);
            if let Some((key, _)) = of_host {
                let refusal = Refusal::new(
                    format!("`{text}` is a host name, and a key of `[domains]` is needed"),
                    format!("write `\"{key}\"`"),
                );
                self.refuse(self.document.location(&path), refusal.suggesting(key));
            } else if let Ok(key) = DomainKey::try_from(text.as_str()) {
                keys.push((index, key));
            } else if !self.document.has(&["domains", text]) {
                self.text::<DomainKey>(&path, text);
            }
        }
        keys
    }

    /// A process or a container, never both.
    fn run(&mut self, name: &str, raw: &v1::Service, port: Option<Port>) -> Option<Run> {
        let has = |key| self.document.has(&["services", name, key]);
        match (has("command"), has("image")) {
            (true, false) => self.process(name, raw),
            (false, true) => self.container(name, raw, port),
            (both, _) => {
                let (message, help, key) = if both {
                    (
                        format!("`services.{name}` has both `command` and `image`"),
                        "keep `command` for a process or `image` for a container",
                        "image",
                    )
                } else {
                    (
                        format!("`services.{name}` has neither `command` nor `image`"),
                        "add `command = \"…\"` for a process or `image = \"…\"` for a container",
                        "",
                    )
                };
                let location = self.document.key_location(&["services", name, key]);
                let finding = Self::finding(&rules::SERVICE_KIND, message, help);
                self.findings.push(finding.at(location));
                None
            }
        }
    }

    fn process(&mut self, name: &str, raw: &v1::Service) -> Option<Run> {
        self.keys_of_the_other_kind(name, &["container_port"], "process");
        let path = |key| ["services", name, key];
        let prepare = self.optional(&path("prepare"), raw.prepare.as_ref());
        let packages = self.list(&path("packages"), raw.packages.as_ref());
        let directory = self.optional(&path("directory"), raw.directory.as_ref());
        Some(Run::Process {
            prepare,
            command: self.optional(&path("command"), raw.command.as_ref())?,
            packages: packages.into_iter().map(|(_, package)| package).collect(),
            directory,
        })
    }

    fn container(&mut self, name: &str, raw: &v1::Service, port: Option<Port>) -> Option<Run> {
        self.keys_of_the_other_kind(name, &["prepare", "packages", "directory"], "container");
        let path = |key| ["services", name, key];
        let inside = match raw.container_port {
            Some(number) => self.port(&path("container_port"), number),
            None => port,
        };
        Some(Run::Container {
            image: self.optional(&path("image"), raw.image.as_ref())?,
            port: inside?,
        })
    }

    fn keys_of_the_other_kind(&mut self, name: &str, keys: &[&str], kind: &str) {
        for key in keys {
            let path = ["services", name, key];
            if !self.document.has(&path) {
                continue;
            }
            let help = match *key {
                "container_port" => "remove it; a process listens on `port` itself",
                "directory" => "remove it; a container brings its own files",
                _ => "remove it; a container brings its own programs",
            };
            let finding = Self::finding(
                &rules::CONTAINER_KEYS,
                format!("`services.{name}` is a {kind}, so `{key}` would do nothing"),
                help,
            );
            let location = self.document.key_location(&path);
            self.findings.push(finding.at(location));
        }
    }

    fn secrets(
        &mut self,
        name: &str,
        raw: &v1::Service,
        env: &BTreeMap<EnvironmentName, String>,
    ) -> Vec<EnvironmentName> {
        let path = ["services", name, "secrets"];
        let listed: Vec<(usize, EnvironmentName)> = self.list(&path, raw.secrets.as_ref());
        for (index, secret) in &listed {
            if env.contains_key(secret) {
                let refusal = Refusal::new(
                    format!("`{secret}` is a secret of `services.{name}` and stands in its `env`"),
                    "keep it in one of the two; only a secret's name may stand in this file",
                );
                let location = self
                    .document
                    .location(&[&path[..], &[&index.to_string()]].concat());
                self.refuse(location, refusal);
            }
        }
        listed.into_iter().map(|(_, secret)| secret).collect()
    }
}
