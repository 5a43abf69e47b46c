//! `ops-srvos-hostname-blank`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::nixos::System;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r"
-- flake.nix --
{
  outputs = { nixpkgs, srvos, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ srvos.nixosModules.server ]; };
  };
}
",
        good: r#"
-- flake.nix --
{
  outputs = { nixpkgs, srvos, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ srvos.nixosModules.server { networking.hostName = "web"; } ];
    };
  };
}
"#,
        undecidable: r"
-- flake.nix --
{
  outputs = { nixpkgs, srvos, names, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ srvos.nixosModules.server names.nixosModules.web ];
    };
  };
}
",
    },
};

static RULE: Rule = Rule {
    id: "ops-srvos-hostname-blank",
    severity: Severity::Warning,
    title: "srvos leaves the server without a name",
    why: "The server profile of srvos sets the host name to nothing, so that cloud-init names the machine. What is derived from the name, such as log labels and profiles of devenv, gets nothing.",
    fix: "Set `networking.hostName`.",
    evidence: "srvos: `nixos/server/default.nix`",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let nameless = |system: &System| {
        let is_server = |name: &str| name.contains("srvos") && name.contains("server");
        let (_, place) = system.outside.iter().find(|(name, _)| is_server(name))?;
        // Any other module that cannot be read may name it.
        let others = system.unread.iter().any(|unread| {
            !system
                .outside
                .iter()
                .any(|(name, place)| name.contains("srvos") && place == unread)
        });
        let is_named = system.at("networking.hostName").place().is_some();
        if others || is_named {
            return None;
        }
        let message = "the server has no name: srvos leaves `networking.hostName` empty";
        let help = "set `networking.hostName`";
        Some(
            facts
                .finding(&RULE, Some(place), message, help)
                .labelled("leaves it empty"),
        )
    };
    facts.systems().iter().filter_map(nameless).collect()
}
