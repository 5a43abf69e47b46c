//! `option-unknown`

#[cfg(test)]
use crate::preflight::testing::Examples;

use crate::facts::{Disagreement, Facts, Fault};
use crate::finding::{Finding, Patch, Severity};
use crate::options::dotted;
use crate::preflight::Check;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: EXAMPLES,
};

static RULE: Rule = Rule {
    id: "option-unknown",
    severity: Severity::Error,
    title: "an option that NixOS does not have",
    why: "NixOS stops the evaluation of the whole system at a name that no module declares, whatever it is set to and even below a condition that is false.",
    fix: "Correct the name; the message proposes the nearest one. Advice where the project pins another release than the one whose options are known.",
    evidence: super::EVIDENCE,
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let unknown = |it: &Disagreement| match it.with {
        Fault::Unknown { at, nearest } => Some(judged(facts, it, at, nearest)),
        _ => None,
    };
    facts.disagreements().iter().filter_map(unknown).collect()
}

fn judged(
    facts: &Facts<'_>,
    it: &Disagreement,
    at: usize,
    nearest: Option<&'static str>,
) -> Finding {
    let message = format!("there is no option `{}`", it.name());
    let around: Vec<&str> = it.path.iter().take(at).map(|name| &**name).collect();
    let help = match nearest {
        Some(nearest) => {
            let meant: Vec<&str> = around.iter().copied().chain([nearest]).collect();
            format!("write `{}`, if that is meant", dotted(&meant))
        }
        None => format!(
            "look up what `{}` offers, or remove the line",
            dotted(&around)
        ),
    };
    let mut finding = super::finding(facts, &RULE, it, &message, help).labelled("no such option");
    finding.patch = nearest.and_then(|nearest| patch(facts, it, at, nearest));
    finding
}

/// The near name in place of the wrong one, where that is written plainly.
fn patch(facts: &Facts<'_>, it: &Disagreement, at: usize, nearest: &str) -> Option<Patch> {
    let key = it.keys.get(at)?.as_ref()?;
    let text = facts.files.get(&*key.file)?;
    let after = text.get(key.range().end..)?.trim_start();
    // `inherit` takes the name from elsewhere.
    let is_plain = text.get(key.range())? == &*it.path[at] && after.starts_with(['=', '.']);
    is_plain.then(|| Patch {
        file: key.file.to_string(),
        range: key.range(),
        replacement: nearest.to_owned(),
    })
}

#[cfg(test)]
const EXAMPLES: Examples = Examples {
    bad: r#"
-- flake.nix --
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.11";
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; };
  };
}
-- web.nix --
{ config, lib, ... }:
{
  services.openssh.enabel = true;
  networking.firewall = lib.mkIf config.services.x.enable { allowedTcpPorts = [ 22 ]; };
}
"#,
    good: r#"
-- flake.nix --
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.11";
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; };
  };
}
-- web.nix --
{ lib, config, ... }:
{
  options.services.openssh.bastion = lib.mkEnableOption "the way in";
  config = {
    services.openssh = {
      enable = true;
      bastion = true;
      settings.MyOwnKey = "yes";
    };
    services.postgresql.ensureUsers = [ { name = "x"; } ];
    users.users.app.extraGroups = [ "docker" ];
    services.caddy.virtualHosts."a.example".extraConfig = "respond ok";
    nix.settings.any-key = true;
  };
}
"#,
    undecidable: r"
-- flake.nix --
{
  outputs = { nixpkgs, bastion, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ bastion.nixosModules.default { services.openssh.bastion = true; } ];
    };
  };
}
",
};
