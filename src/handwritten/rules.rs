//! Rule records of this module.

use crate::finding::Severity;
use crate::rules::Rule;

/// A file that Nix cannot parse.
pub static NIX_SYNTAX: Rule = Rule {
    id: "nix-syntax",
    severity: Severity::Error,
    title: "a Nix file does not parse",
    why: "Nix reads the whole file before it does anything with it, so neither the system nor the \
          shell builds.",
    fix: "Mend the place that the finding points to.",
    evidence: "rnix, the parser that the Nix language servers share",
};

/// One attribute with two definitions.
pub static NIX_DUPLICATE: Rule = Rule {
    id: "nix-duplicate-attribute",
    severity: Severity::Error,
    title: "an attribute is defined twice",
    why: "Nix refuses a set that defines one attribute twice, and formatters and editors accept it.",
    fix: "Keep one of the two definitions.",
    evidence: "Nix: `attribute already defined`",
};

/// A name that nothing binds.
pub static NIX_FREE_NAME: Rule = Rule {
    id: "nix-free-name",
    severity: Severity::Error,
    title: "a name is used that nothing defines",
    why: "Nix stops with `undefined variable` before it evaluates anything of the file.",
    fix: "Correct the name, or add it to the arguments of the file's function, such as \
          `{ lib, pkgs, ... }:`.",
    evidence: "Nix: `undefined variable`",
};

/// A file that OpenTofu cannot parse.
pub static HCL_SYNTAX: Rule = Rule {
    id: "hcl-syntax",
    severity: Severity::Error,
    title: "an OpenTofu file does not parse",
    why: "OpenTofu reads every file of the folder before it plans anything, so one broken file \
          stops the whole deployment.",
    fix: "Mend the place that the finding points to.",
    evidence: "OpenTofu: `tofu init` stops at the first file that does not parse",
};

/// A Caddyfile that Caddy cannot read.
pub static CADDYFILE_SYNTAX: Rule = Rule {
    id: "caddyfile-syntax",
    severity: Severity::Error,
    title: "a Caddyfile does not parse",
    why: "Caddy reads the whole file with all of its imports before it serves anything, so one \
          brace too few keeps every site down.",
    fix: "Mend the place that the finding points to; `caddy adapt --config Caddyfile` tells the rest.",
    evidence: "measured with `caddy adapt`, which refuses the same texts",
};

/// A devenv.yaml that devenv cannot read.
pub static DEVENV_YAML_SYNTAX: Rule = Rule {
    id: "devenv-yaml-syntax",
    severity: Severity::Error,
    title: "devenv.yaml does not parse",
    why: "devenv reads it before anything else, so neither the shell nor a process starts.",
    fix: "Mend the place that the finding points to.",
    evidence: "YAML 1.2",
};

/// A lock file that is none.
pub static LOCK_SYNTAX: Rule = Rule {
    id: "lock-file-syntax",
    severity: Severity::Error,
    title: "a lock file does not parse",
    why: "Nix and devenv stop at a lock file that is no JSON, most often one that still holds the \
          marks of a merge.",
    fix: "Take one side of the merge as a whole, or delete the file and lock again.",
    evidence: "Nix: `nix flake lock` stops with a JSON parse error",
};

/// A flake that does not use the generated deployment.
pub static WIRING_FLAKE: Rule = Rule {
    id: "wiring-flake",
    severity: Severity::Error,
    title: "the flake does not use the generated configuration",
    why: "`apply` builds `nixosConfigurations.<server>` of the flake. A flake that does not import \
          nix/deployment.nix or nix/nixos-configuration.nix builds something else, or nothing.",
    fix: "Add `nixosConfigurations = import ./nix/deployment.nix { inherit inputs; };` to the \
          outputs of flake.nix.",
    evidence: "the seeded flake.nix",
};

/// A devenv configuration that does not use the generated profiles.
pub static WIRING_DEVENV: Rule = Rule {
    id: "wiring-devenv",
    severity: Severity::Warning,
    title: "devenv does not use the generated profiles",
    why: "The unit runs devenv in the checkout. Without nix/devenv-profiles.nix there is no profile \
          of that name, no process and no Caddy.",
    fix: "Add `imports = [ ./nix/devenv-profiles.nix ];` to devenv.nix.",
    evidence: "devenv: an unknown profile is an evaluation error",
};

/// A module that the generated configuration imports is not there.
pub static WIRING_EXTRA: Rule = Rule {
    id: "wiring-extra",
    severity: Severity::Error,
    title: "nix/extra.nix is missing",
    why: "The generated configuration imports it, and Nix stops at an import that does not exist.",
    fix: "Run `seance gen`, which writes an empty one.",
    evidence: "Nix: `path does not exist`",
};

/// Every record of this module.
pub static ALL: &[&Rule] = &[
    &NIX_SYNTAX,
    &NIX_DUPLICATE,
    &NIX_FREE_NAME,
    &HCL_SYNTAX,
    &CADDYFILE_SYNTAX,
    &DEVENV_YAML_SYNTAX,
    &LOCK_SYNTAX,
    &WIRING_FLAKE,
    &WIRING_DEVENV,
    &WIRING_EXTRA,
];
