use crate::evaluation::Value;
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
        bad: concat!(
            "-- seance.toml --\n",
            include_str!("../../../tests/data/smallest.toml"),
            "\n-- flake.nix --\n{ outputs = { nixpkgs, ... }: { nixosConfigurations.other = ",
            "nixpkgs.lib.nixosSystem { modules = [ { } ]; }; }; }\n"
        ),
        good: concat!(
            "-- seance.toml --\n",
            include_str!("../../../tests/data/smallest.toml"),
            "\n-- flake.nix --\n{ outputs = { nixpkgs, ... }: { nixosConfigurations.example = ",
            "nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; }; }; }\n-- web.nix --\n{ }\n"
        ),
        undecidable: concat!(
            "-- seance.toml --\n",
            include_str!("../../../tests/data/smallest.toml"),
            "\n-- flake.nix --\n{ outputs = { nixpkgs, hosts, ... }: { nixosConfigurations = ",
            "hosts.all; }; }\n"
        ),
    },
};

static RULE: Rule = Rule {
    id: "flake-system-missing",
    severity: Severity::Error,
    title: "the flake has no system for the server",
    why: "The installation and every later switch build `nixosConfigurations.<server>`. Without an attribute of that name, or with one that has no modules, they end before anything is built.",
    fix: "Let the outputs hold what nix/deployment.nix gives, or name the system as the server.",
    evidence: "the generated nix/deployment.nix and terraform/variables.tf",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let (Some(manifest), Some(flake)) = (facts.manifest, facts.flake()) else {
        return Vec::new();
    };
    let name = manifest.deployment.server().name.as_str();
    let evaluator = facts.evaluator();
    let systems = match flake.output(evaluator, "nixosConfigurations") {
        Some(systems) => evaluator.force(&systems),
        None => return Vec::new(),
    };
    let Value::Set(systems) = systems else {
        return Vec::new();
    };
    if !systems.fields.contains_key(name) {
        if !systems.complete {
            return Vec::new();
        }
        let message = format!("the flake has no `nixosConfigurations.{name}`");
        let help = "add `nixosConfigurations = import ./nix/deployment.nix { inherit inputs; };` to the outputs of flake.nix";
        return vec![facts.finding(&RULE, Some(&flake.place), message, help)];
    }
    let mut known = facts.systems().iter();
    let system = known.find(|it| it.name.as_deref() == Some(name));
    let is_empty = system
        .is_some_and(|it| it.files.is_empty() && it.outside.is_empty() && it.unread.is_empty());
    let message = format!("`nixosConfigurations.{name}` has no modules");
    let help = "list ./nixos-configuration.nix among its `modules`";
    let place = system.map(|it| &it.place);
    let says_nothing = is_empty && system.is_some_and(|it| it.children().is_empty());
    let finding = says_nothing.then(|| facts.finding(&RULE, place, message, help));
    finding.into_iter().collect()
}
