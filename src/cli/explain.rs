//! `seance explain`: what is wrong, why it fails, how to fix it.

use super::arguments::Explain;
use super::console;
use super::exit::Exit;
use super::failure::Failure;
use crate::finding::Severity;
use crate::manifest;
use crate::rules::{self, Rule};

pub(super) fn run(explain: &Explain) -> Result<Exit, Failure> {
    let text = match &explain.rule {
        Some(id) => page(find(id)?),
        None if explain.list => list(),
        None => manifest::defaults(),
    };
    console::data(&text)?;
    Ok(Exit::Fine)
}

fn find(id: &str) -> Result<&'static Rule, Failure> {
    rules::find(id).ok_or_else(|| {
        let known = rules::all();
        let nearest = crate::deployment::nearest(id, known.iter().map(|rule| rule.id));
        let help = match nearest {
            Some(nearest) => format!("run `seance explain {nearest}`"),
            None => "run `seance explain --list` for every rule".to_owned(),
        };
        Failure::new(Exit::Usage, format!("no rule has the id `{id}`"), help)
    })
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "advice",
    }
}

fn page(rule: &Rule) -> String {
    let Rule {
        id,
        title,
        why,
        fix,
        evidence,
        ..
    } = rule;
    let severity = severity(rule.severity);
    format!("{id} ({severity}): {title}\n\nWhy: {why}\n\nFix: {fix}\n\nEvidence: {evidence}\n")
}

fn list() -> String {
    let rules = rules::all();
    let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    let lines = rules.iter().map(|rule| {
        format!(
            "{:width$}  {:7}  {}\n",
            rule.id,
            severity(rule.severity),
            rule.title
        )
    });
    lines.collect()
}
