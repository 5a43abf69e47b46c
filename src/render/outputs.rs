//! The table of every path that seance writes.

/// Files that `seance gen` regenerates. Their names are an interface: they never change meaning.
pub const OWNED: &[&str] = &[
    "Caddyfile",
    "nix/deployment.nix",
    "nix/devenv-profiles.nix",
    "nix/disko-config.nix",
    "nix/nixos-configuration.nix",
    "terraform/backend.tf",
    "terraform/encryption.tofu",
    "terraform/main.tf",
    "terraform/outputs.tf",
    "terraform/terraform.tfvars",
    "terraform/variables.tf",
    "terraform/versions.tf",
];

/// Files that seance writes when they are missing and never touches again.
pub const SEEDED: &[&str] = &[
    ".envrc",
    ".gitattributes",
    ".gitignore",
    ".pre-commit-config.yaml",
    "caddy/README.md",
    "devenv.nix",
    "devenv.yaml",
    "flake.nix",
    "nix/extra.nix",
];

/// Every path that any version of seance has owned. A file with the ownership header at one of
/// them that is no longer an output is an orphan; nothing else is ever removed.
pub const OWNED_EVER: &[&str] = OWNED;
