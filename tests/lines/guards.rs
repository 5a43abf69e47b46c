//! Which rule says that something is gone.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use seance::facts::Manifest;
use seance::finding::Finding;
use seance::handwritten::{self, Files};
use seance::manifest::{self, Loaded};
use seance::preflight;
use seance::render::{Tree, outputs, render};

use super::cuts::{Cut, cuts};

/// A generated project.
pub(super) struct Project {
    files: Files,
    loaded: Loaded,
    rendered: Tree,
    bare: Counts,
    with_manifest: Counts,
}

/// How often each rule fires.
type Counts = BTreeMap<&'static str, usize>;

impl Project {
    /// The project of a folder that holds a manifest; what it renders to is not read but made.
    pub(super) fn of(folder: &Path) -> Self {
        let text = fs::read_to_string(folder.join("seance.toml")).unwrap();
        let loaded = manifest::load("seance.toml", &text);
        let rendered = render(loaded.deployment.as_ref().unwrap()).unwrap();
        let texts = rendered.files.iter();
        let mut project = Self {
            files: texts
                .map(|(path, file)| (path.clone(), file.body.clone()))
                .collect(),
            loaded,
            rendered,
            bare: Counts::new(),
            with_manifest: Counts::new(),
        };
        project.bare = project.judged(&project.files, false);
        project.with_manifest = project.judged(&project.files, true);
        project
    }

    /// Its files, without the line that only tells whether a generated file was edited.
    pub(super) fn texts(&self) -> Files {
        let texts = self.files.iter();
        let is_told = |line: &&str| !line.starts_with("# seance:");
        texts
            .map(|(path, text)| {
                let lines: Vec<&str> = text.lines().filter(is_told).collect();
                (path.clone(), lines.join("\n"))
            })
            .collect()
    }

    /// Everything that can be taken out of it.
    pub(super) fn cuts(&self) -> Vec<(&str, Cut)> {
        let texts = self.files.iter();
        texts
            .filter(|(path, _)| handwritten::is_source(path))
            .flat_map(|(path, text)| {
                cuts(path, text)
                    .into_iter()
                    .map(move |it| (path.as_str(), it))
            })
            .collect()
    }

    /// What the same cut in another project is known by: its name without the values, and
    /// without the names that a person chose.
    pub(super) fn shape(&self, name: &str) -> String {
        let deployment = self.loaded.deployment.as_ref().unwrap();
        let mut name = name.replace(deployment.server().name.as_str(), "SERVER");
        for service in deployment.services.keys() {
            let service = service.as_str();
            let upper = service.to_uppercase().replace('-', "_");
            for (own, shared) in [
                (format!("> {service} = {{"), "> SERVICE = {"),
                (format!("SEANCE_SITES_{upper}"), "SEANCE_SITES_SERVICE"),
                (format!("caddy/{service}/"), "caddy/SERVICE/"),
                (format!("SERVER-{service}"), "SERVER-SERVICE"),
                (format!("preparing {service}\""), "preparing SERVICE\""),
            ] {
                name = name.replace(&own, shared);
            }
        }
        let mut texts = name.split('"');
        let mut shape = texts.next().unwrap_or_default().to_owned();
        while let Some(text) = texts.next() {
            // What interpolates, and what names a block or a unit, is no value.
            let is_given = shape.ends_with("= ") || shape.ends_with("mkDefault ");
            let is_value = is_given || text.contains(['.', '-', '/', ' ', ':']);
            let is_value = is_value && !text.contains("${");
            shape.push_str(if is_value { "..." } else { text });
            shape.push_str(texts.next().unwrap_or_default());
        }
        shape.retain(|letter| !letter.is_ascii_digit());
        let is_value = |word: &str| word.contains(['@', '\\']) || word.contains("://");
        let words = shape.split(' ').filter(|word| !is_value(word));
        words.collect::<Vec<_>>().join(" ")
    }

    /// The rule that fires first when a file is changed, if there is one.
    pub(super) fn guard(&self, path: &str, text: &str) -> Option<&'static str> {
        let changed = Files::from([(path.to_owned(), text.to_owned())]);
        if let Some(finding) = handwritten::syntax(&changed).first() {
            return Some(finding.rule.id);
        }
        let mut files = self.files.clone();
        files.extend(changed);
        let more = |after: Counts, before: &Counts| {
            after
                .into_iter()
                .find(|(rule, count)| before.get(rule).is_none_or(|before| count > before))
                .map(|(rule, _)| rule)
        };
        more(self.judged(&files, false), &self.bare)
            .or_else(|| more(self.judged(&files, true), &self.with_manifest))
    }

    /// What the files are found to be as a person's own, so that no rule can lean on the texts
    /// that seance would write.
    fn judged(&self, files: &Files, with_manifest: bool) -> Counts {
        let deployment = self.loaded.deployment.as_ref().unwrap();
        let owned = outputs::owned(deployment);
        let manifest = with_manifest.then_some(Manifest {
            deployment,
            document: &self.loaded.document,
            owned: &owned,
        });
        let mut findings =
            preflight::judge(files, manifest, &preflight::Known::default(), true).findings;
        if with_manifest {
            findings.extend(handwritten::findings(files, &self.rendered));
        }
        counts(&findings)
    }
}

fn counts(findings: &[Finding]) -> Counts {
    let mut counts = Counts::new();
    for finding in findings {
        *counts.entry(finding.rule.id).or_default() += 1;
    }
    counts
}
