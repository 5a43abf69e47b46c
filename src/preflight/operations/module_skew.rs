//! Modules of today on a nixpkgs of yesterday.

use super::{Input, inputs, nixpkgs};
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"
-- flake.nix --
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.05";
  inputs.srvos.url = "github:nix-community/srvos";
  outputs = { nixpkgs, srvos, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ srvos.nixosModules.server ];
    };
  };
}
"#,
        good: r#"
-- flake.nix --
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
  inputs.srvos.url = "github:nix-community/srvos";
  outputs = { nixpkgs, srvos, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ srvos.nixosModules.server ];
    };
  };
}
"#,
        undecidable: r#"
-- flake.nix --
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.05";
  inputs.srvos.url = "github:nix-community/srvos";
  outputs = { nixpkgs, srvos, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ srvos.nixosModules.server ];
    };
  };
}
-- flake.lock --
{
  "nodes": {
    "nixpkgs": {
      "locked": { "owner": "NixOS", "repo": "nixpkgs", "rev": "a", "type": "github" },
      "original": { "owner": "NixOS", "ref": "nixos-25.05", "repo": "nixpkgs", "type": "github" }
    },
    "root": { "inputs": { "nixpkgs": "nixpkgs", "srvos": "srvos" } },
    "srvos": {
      "locked": {
        "lastModified": 1750000000, "owner": "nix-community", "repo": "srvos", "rev": "b", "type": "github"
      },
      "original": { "owner": "nix-community", "repo": "srvos", "type": "github" }
    }
  },
  "root": "root",
  "version": 7
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "ops-module-release-skew",
    severity: Severity::Error,
    title: "modules written for a newer nixpkgs",
    why: "A module collection that follows its main branch sets options of the newest nixpkgs. An \
          older release does not have them, and evaluation stops at the first.",
    fix: "Follow the release that the modules are written for, or lock them to a revision of the \
          release's time.",
    evidence: "srvos: nixos/server/default.nix of 2026-08 sets `services.resolved.settings`",
};

/// A collection whose main branch sets options that older releases lack.
struct Collection {
    owner: &'static str,
    repo: &'static str,
    /// When it began to, in seconds since 1970.
    since: i64,
    /// The first release that has the options.
    needs: (u16, u8),
    option: &'static str,
}

const COLLECTIONS: [Collection; 1] = [Collection {
    owner: "nix-community",
    repo: "srvos",
    since: 1_787_184_000,
    needs: (2026, 5),
    option: "services.resolved.settings",
}];

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let inputs = inputs(facts);
    let Some(pinned) = nixpkgs(&inputs) else {
        return Vec::new();
    };
    let Some(release) = pinned.reference.release() else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    for input in &inputs {
        let Some(collection) = COLLECTIONS.iter().find(|it| it.is(facts, input)) else {
            continue;
        };
        let imports = |word: &str| facts.systems().iter().any(|it| it.imports(word).is_some());
        if release.year_month() >= collection.needs || !imports(&input.name) {
            continue;
        }
        let message = format!(
            "`{}` follows its main branch, which sets `{}`, and NixOS {release} has no such option",
            input.name, collection.option
        );
        let (year, month) = collection.needs;
        let help = format!(
            "follow NixOS {}.{month:02}, or lock `{}` to a revision from the time of {release}",
            year % 100,
            input.name
        );
        let finding = facts.finding_at(&RULE, input.location.clone(), message, help);
        findings.push(finding.related(pinned.location.clone(), "the release is chosen here"));
    }
    findings
}

impl Collection {
    /// Whether an input is this collection as it is since then.
    fn is(&self, facts: &Facts<'_>, input: &Input) -> bool {
        let reference = &input.reference;
        let main = reference.reference.as_deref();
        let is = |value: &Option<String>, name: &str| value.as_deref() == Some(name);
        let follows_main = reference.rev.is_none() && matches!(main, None | Some("main"));
        let node = facts.flake_lock().and_then(|lock| {
            let name = lock.resolve(&[&input.name])?;
            lock.node(name)
        });
        // Without a lock it is the newest of all.
        let new = node.is_none_or(|node| node.last_modified.is_some_and(|it| it >= self.since));
        is(&reference.owner, self.owner) && is(&reference.repo, self.repo) && follows_main && new
    }
}
