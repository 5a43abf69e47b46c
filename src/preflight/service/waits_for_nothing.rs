//! `svc-waits-for-nothing`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::facts::{Facts, Unit};
use crate::finding::{Finding, Severity};
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"
-- configuration.nix --
{
  systemd.services.source = {
    script = "git fetch";
    serviceConfig = { RuntimeDirectory = "source"; RemainAfterExit = true; };
  };
  systemd.services.app.script = "until [ -e /run/source/ready ]; do sleep 1; done; exec serve";
}
"#,
        good: r#"
-- configuration.nix --
{
  systemd.services.source = {
    script = "git fetch; touch /run/source/ready";
    serviceConfig = { RuntimeDirectory = "source"; RemainAfterExit = true; };
  };
  systemd.services.app.script = "until [ -e /run/source/ready ]; do sleep 1; done; exec serve";
}
"#,
        undecidable: r#"
-- configuration.nix --
{ fetch, ... }:
{
  systemd.services.source = {
    script = fetch;
    serviceConfig = { RuntimeDirectory = "source"; RemainAfterExit = true; };
  };
  systemd.services.app.script = "until [ -e /run/source/ready ]; do sleep 1; done; exec serve";
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-waits-for-nothing",
    severity: Severity::Error,
    title: "a script waits for a file that nothing makes",
    why: "The loop goes on for ever, and the unit counts as started all the while. A file below the `RuntimeDirectory` of another unit is there only while that unit is: it goes when the unit ends without `RemainAfterExit`.",
    fix: "Let the other unit make the file, with `RemainAfterExit = true`.",
    evidence: "systemd.exec(5): RuntimeDirectory",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for unit in facts.units().iter().filter(|it| it.is_own) {
        let scripts = unit.scripts.iter();
        let waits = scripts.flat_map(|it| awaited(&it.text).map(move |path| (it, path)));
        for (script, path) in waits {
            let Some((owner, what, help)) = fault(facts, unit, path) else {
                continue;
            };
            let message = format!("`{}` waits for `{path}`, {what}", unit.title());
            let finding = facts.finding(&RULE, script.place.as_ref(), message, help);
            let owner = owner.view.place().map(|it| it.location());
            findings.push(match owner {
                Some(owner) => finding.related(owner, "its folder is this unit's"),
                None => finding,
            });
        }
    }
    super::once(findings)
}

/// The paths that a script waits for in a loop.
fn awaited(text: &str) -> impl Iterator<Item = &str> {
    let loops = [
        "until [ -e ",
        "until [ -f ",
        "while [ ! -e ",
        "while [ ! -f ",
    ];
    let beginnings = loops.into_iter().flat_map(|it| text.split(it).skip(1));
    let paths = beginnings.filter_map(|rest| rest.split_once(" ]"));
    paths
        .map(|(path, _)| path.trim_matches('"'))
        .filter(|path| path.starts_with("/run/"))
}

/// The unit whose folder a path is in, and why the file is not there.
fn fault<'f>(facts: &'f Facts<'_>, unit: &Unit, path: &str) -> Option<(&'f Unit, String, String)> {
    let (folder, file) = path.strip_prefix("/run/")?.split_once('/')?;
    let mut others = facts.units().iter().filter(|it| it.system == unit.system);
    let owner = others.find(|it| {
        it.name != unit.name
            && it
                .service("RuntimeDirectory")
                .string()
                .is(&folder.to_owned())
    })?;
    let title = owner.title();
    let scripts = || facts.units().iter().flat_map(|it| &it.scripts);
    let waits = |text: &str| awaited(text).any(|it| it == path);
    let mut makers = scripts().filter(|it| !waits(&it.text));
    if facts.units().iter().all(|it| it.complete) && !makers.any(|it| it.text.contains(file)) {
        let help = format!("let a script of `{title}` end with `touch {path}`");
        return Some((owner, "which nothing makes".to_owned(), help));
    }
    let last = owner.scripts.iter().find(|it| it.text.contains(file))?;
    let last = last.text.trim_end().lines().next_back()?;
    let stays = ["RemainAfterExit", "RuntimeDirectoryPreserve"]
        .iter()
        .any(|name| owner.service(name).is_defined() != Some(false));
    let ends = last.trim_start().starts_with("touch ") && !stays;
    ends.then(|| {
        let help = format!("add `RemainAfterExit = true;` to the `serviceConfig` of `{title}`");
        (owner, format!("which goes when `{title}` ends"), help)
    })
}
