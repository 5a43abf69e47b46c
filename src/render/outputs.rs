//! The table of every path that seance writes: what owns it, where its text comes from and when
//! it is an output at all.

use std::collections::BTreeSet;

use minijinja::Value;

use super::Ownership::{Owned, Seeded};
use super::{Ownership, context};
use crate::deployment::Deployment;

/// Every path that any version of seance has owned. A file with the ownership header at one of
/// them that is no longer an output is an orphan; nothing else is ever removed. Paths are only
/// ever added.
pub const OWNED_EVER: &[&str] = &[
    "Caddyfile",
    "nix/deployment.nix",
    "nix/devenv-profiles.nix",
    "nix/disko-config.nix",
    "nix/nixos-configuration.nix",
    "nix/service.nix",
    "terraform/backend.tf",
    "terraform/encryption.tofu",
    "terraform/main.tf",
    "terraform/outputs.tf",
    "terraform/terraform.tfvars",
    "terraform/variables.tf",
    "terraform/versions.tf",
];

/// Every path that this version may write, in order; what `[generate] skip` may name.
pub fn paths() -> impl Iterator<Item = &'static str> {
    OUTPUTS.iter().map(|output| output.path)
}

/// The paths that this deployment owns.
pub fn owned(deployment: &Deployment) -> BTreeSet<&'static str> {
    let owned = of(deployment).filter(|output| output.ownership == Owned);
    let paths = owned.map(|output| output.path);
    paths
        .filter(|path| !deployment.skip.contains(*path))
        .collect()
}

/// One file that seance writes.
pub(super) struct Output {
    pub(super) path: &'static str,
    pub(super) ownership: Ownership,
    pub(super) source: Source,
    /// Whether this deployment has the file.
    wanted: fn(&Deployment) -> bool,
}

/// Where a file's text comes from.
pub(super) enum Source {
    /// The same for every deployment.
    Constant(&'static str),
    /// A template by name and text, and what it is given.
    Template((&'static str, &'static str), fn(&Deployment) -> Value),
}

/// The outputs of one deployment, in order of their paths.
pub(super) fn of(deployment: &Deployment) -> impl Iterator<Item = &'static Output> {
    OUTPUTS.iter().filter(|output| (output.wanted)(deployment))
}

/// A template by its file name.
macro_rules! template {
    ($name:literal) => {
        ($name, include_str!(concat!("../../templates/", $name)))
    };
}

/// The templates of these outputs, each once.
pub(super) fn templates(outputs: &[&Output]) -> Vec<(&'static str, &'static str)> {
    let templates = outputs.iter().filter_map(|output| match output.source {
        Source::Template(template, _) => Some(template),
        Source::Constant(_) => None,
    });
    templates.collect()
}

/// An output that every deployment has.
const fn always(path: &'static str, ownership: Ownership, source: Source) -> Output {
    Output {
        path,
        ownership,
        source,
        wanted: |_| true,
    }
}

/// A constant text by its file name.
macro_rules! constant {
    ($name:literal) => {
        Source::Constant(include_str!(concat!("../../templates/", $name)))
    };
}

/// In order of their paths.
static OUTPUTS: &[Output] = &[
    always(".envrc", Seeded, constant!("seeds/envrc")),
    always(".gitattributes", Seeded, constant!("seeds/gitattributes")),
    always(".gitignore", Seeded, constant!("seeds/gitignore")),
    always(
        ".pre-commit-config.yaml",
        Seeded,
        constant!("seeds/pre-commit-config.yaml"),
    ),
    always(
        "Caddyfile",
        Owned,
        Source::Template(template!("Caddyfile.j2"), context::caddyfile),
    ),
    always(
        "caddy/README.md",
        Seeded,
        constant!("seeds/caddy-readme.md"),
    ),
    always("devenv.nix", Seeded, constant!("seeds/devenv.nix")),
    always(
        "devenv.yaml",
        Seeded,
        Source::Template(template!("seeds/devenv.yaml.j2"), context::seeds),
    ),
    always(
        "flake.nix",
        Seeded,
        Source::Template(template!("seeds/flake.nix.j2"), context::seeds),
    ),
    always(
        "nix/deployment.nix",
        Owned,
        Source::Template(template!("deployment.nix.j2"), context::deployment),
    ),
    always(
        "nix/devenv-profiles.nix",
        Owned,
        Source::Template(
            template!("devenv-profiles.nix.j2"),
            context::devenv_profiles,
        ),
    ),
    always(
        "nix/disko-config.nix",
        Owned,
        Source::Template(template!("disko-config.nix.j2"), context::disko),
    ),
    always("nix/extra.nix", Seeded, constant!("seeds/extra.nix")),
    always(
        "nix/nixos-configuration.nix",
        Owned,
        Source::Template(
            template!("nixos-configuration.nix.j2"),
            context::nixos_configuration,
        ),
    ),
    always(
        "nix/service.nix",
        Owned,
        Source::Template(template!("service.nix.j2"), context::service),
    ),
    always(
        "terraform/backend.tf",
        Owned,
        Source::Template(template!("backend.tf.j2"), context::backend),
    ),
    Output {
        wanted: |deployment| deployment.state.encrypt,
        ..always(
            "terraform/encryption.tofu",
            Owned,
            constant!("terraform/encryption.tofu"),
        )
    },
    always("terraform/main.tf", Owned, constant!("terraform/main.tf")),
    always(
        "terraform/outputs.tf",
        Owned,
        constant!("terraform/outputs.tf"),
    ),
    always(
        "terraform/terraform.tfvars",
        Owned,
        Source::Template(template!("terraform.tfvars.j2"), context::tfvars),
    ),
    always(
        "terraform/variables.tf",
        Owned,
        constant!("terraform/variables.tf"),
    ),
    always(
        "terraform/versions.tf",
        Owned,
        constant!("terraform/versions.tf"),
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::verify;

    #[test]
    fn every_owned_output_is_remembered_for_ever() {
        for output in OUTPUTS.iter().filter(|output| output.ownership == Owned) {
            assert!(
                OWNED_EVER.contains(&output.path),
                "{} is missing",
                output.path
            );
        }
    }

    #[test]
    fn constant_texts_are_what_verification_would_make_of_them() {
        for output in OUTPUTS {
            if let Source::Constant(text) = output.source {
                let laid_out = verify::lay_out(output.path, text.to_owned());
                assert_eq!(laid_out.as_deref(), Ok(text), "{}", output.path);
                assert_eq!(verify::prove(output.path, text), Ok(()));
            }
        }
    }

    #[test]
    fn paths_are_sorted_and_unique() {
        let paths: Vec<&str> = paths().collect();
        assert!(paths.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
