//! `svc-host-key-unknown`

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
    path = [ pkgs.git pkgs.openssh ];
    script = "git clone git@git.example.org:me/app.git .";
  };
}
"#,
        good: r#"
-- configuration.nix --
{ pkgs, ... }:
{
  programs.ssh.knownHosts."git.example.org".publicKey = "ssh-ed25519 AAAA";
  systemd.services.app = {
    path = [ pkgs.git pkgs.openssh ];
    script = "git clone git@git.example.org:me/app.git .";
  };
}
"#,
        undecidable: r#"
-- configuration.nix --
{ pkgs, repository, ... }:
{
  systemd.services.app = {
    path = [ pkgs.git pkgs.openssh ];
    script = "git clone ${repository} .";
  };
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-host-key-unknown",
    severity: Severity::Warning,
    title: "a clone over ssh from a host whose key nobody knows",
    why: "Nobody is there to answer whether the key of the host is right, so `git` ends with \"Host key verification failed\" at every try.",
    fix: "Name the key in `programs.ssh.knownHosts`, or set `GIT_SSH_COMMAND` with `StrictHostKeyChecking=accept-new`.",
    evidence: "ssh_config(5)",
};

/// Words of every way to know a host, wherever they stand.
const WAYS: [&str; 4] = ["KnownHosts", "knownHosts", "known_hosts", "ssh-keyscan"];
/// What makes ssh take a key that it does not know.
const TAKES: &str = "StrictHostKeyChecking";

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    if facts.nix_mentions(&WAYS) {
        return Vec::new();
    }
    let unknown = |unit: &Unit| {
        let command = unit.variable("GIT_SSH_COMMAND");
        let (step, host) = unit.steps.iter().find_map(|step| {
            let command = &step.command;
            let words = command.arguments().iter().filter(|it| it.decided);
            let host = words.into_iter().find_map(|word| host(&word.text))?;
            let fetches = command.program() == Some("git");
            fetches.then_some((step, host))
        })?;
        let system = facts.system_of(unit);
        let ssh = ["programs.ssh", "environment.etc", "home-manager"];
        let is_settled = ssh
            .iter()
            .any(|it| system.at(*it).is_defined() != Some(false));
        let takes = |text: &str| text.contains(TAKES);
        let is_taken = command.is_unknown()
            || command.value().is_some_and(|it| takes(it))
            || unit.scripts.iter().any(|it| takes(&it.text));
        if is_settled || is_taken || !unit.complete {
            return None;
        }
        let message = format!(
            "`{}` fetches from `{host}` over ssh, whose key nobody knows",
            unit.title()
        );
        let help = format!("add `programs.ssh.knownHosts.\"{host}\".publicKey = \"…\";`");
        let finding = facts.finding(&RULE, step.place.as_ref(), message, help);
        Some(finding.labelled("asks about the key of the host"))
    };
    let own = facts.units().iter().filter(|it| it.is_own);
    own.filter_map(unknown).collect()
}

/// The host of a repository that is reached over ssh.
fn host(url: &str) -> Option<&str> {
    let rest = match url.strip_prefix("ssh://") {
        Some(rest) => rest,
        None => url.strip_prefix("git@").filter(|it| it.contains(':'))?,
    };
    let rest = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    rest.split([':', '/']).next().filter(|it| !it.is_empty())
}
