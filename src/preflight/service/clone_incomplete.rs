//! `svc-clone-incomplete`

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
{ pkgs, ... }:
{
  systemd.services.app = {
    path = [ pkgs.git ];
    serviceConfig.WorkingDirectory = "/srv/app";
    script = "git init . && git remote add origin https://example.org/app.git && git fetch origin";
  };
}
"#,
        good: r#"
-- configuration.nix --
{ pkgs, ... }:
{
  systemd.services.app = {
    path = [ pkgs.git ];
    serviceConfig.WorkingDirectory = "/srv/app";
    script = "git init . && git remote add origin https://example.org/app.git && git fetch origin && git checkout -B main origin/main";
  };
}
"#,
        undecidable: r#"
-- configuration.nix --
{ pkgs, finish, ... }:
{
  systemd.services.app = {
    path = [ pkgs.git ];
    script = "git init . && git remote add origin https://example.org/app.git && git fetch origin && ${finish}";
  };
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-clone-incomplete",
    severity: Severity::Error,
    title: "a clone by hand that leaves a step out",
    why: "`git init` makes an empty repository. It takes a remote, a fetch that knows where to put the branches, and a checkout before there is a single file, and the application waits for them in vain.",
    fix: "Run `git clone`, or `git remote add`, `git fetch` and `git checkout` one after another.",
    evidence: "git-clone(1)",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let incomplete = |unit: &Unit| {
        let runs = |words: &[&str]| {
            let mut steps = unit.steps.iter();
            steps.find(|step| step.command.is("git", words))
        };
        let runs_any = |verbs: &[&str]| verbs.iter().any(|it| runs(&[it]).is_some());
        let names = |text: &str| {
            let mut words = unit.steps.iter().flat_map(|step| step.command.arguments());
            words.any(|word| word.text.contains(text))
        };
        let init = runs(&["init"]).filter(|_| unit.complete)?;
        let is_bare = init.command.flag(&["--bare"]).is_some();
        let commits = runs_any(&["add", "commit", "apply", "am", "clone", "worktree"]);
        if is_bare || commits || !(runs_any(&["fetch", "checkout", "config", "remote"])) {
            return None;
        }
        let adds = runs(&["remote", "add"]).is_some() || runs_any(&["pull"]);
        let unplaced = unit.service("WorkingDirectory").is_defined() == Some(false)
            && init.command.flag(&["-C"]).is_none()
            && (init.command.arguments().len() < 2 || init.command.argument(".").is_some())
            && !unit
                .steps
                .iter()
                .any(|it| it.command.program() == Some("cd"));
        let (what, help) = if unplaced {
            ("works in `/`", "set `WorkingDirectory` of the unit")
        } else if !adds && !names("remote.origin.url") && !names("://") {
            ("names no remote", "add `git remote add origin …`")
        } else if !runs_any(&["fetch", "pull"]) {
            ("fetches nothing", "add `git fetch origin`")
        } else if !runs_any(&["checkout", "switch", "reset", "pull", "merge", "read-tree"]) {
            ("checks nothing out", "add `git checkout` with the branch")
        } else if !adds && !names("remote.origin.fetch") && !names("refs/") && names("origin/") {
            let help = "add `git config remote.origin.fetch '+refs/heads/*:refs/remotes/origin/*'`";
            ("never says where the branches of `origin` go", help)
        } else {
            return None;
        };
        let message = format!("`{}` makes a repository and {what}", unit.title());
        let finding = facts.finding(&RULE, init.place.as_ref(), message, help);
        Some(finding.labelled("stays empty"))
    };
    let own = facts.units().iter().filter(|it| it.is_own);
    own.filter_map(incomplete).collect()
}
