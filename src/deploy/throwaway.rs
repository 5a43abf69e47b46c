//! A copy of a deployment that may be broken: what the engine reads, without the state.

use std::io;
use std::path::Path;

use tempfile::TempDir;

use super::scratch;

/// What the engine and the module look at, relative to the manifest's folder.
const COPIED: [&str; 5] = ["flake.nix", "flake.lock", "nix", "terraform", "Caddyfile"];
/// Names that are never copied: state, plugins, secrets that somebody left, and what would need a
/// passphrase.
const LEFT: [&str; 4] = [
    ".terraform",
    "encryption.tofu",
    "backend.tf",
    "seance_override.tf",
];
/// A state of its own, on this machine alone.
const BACKEND: &str =
    "terraform {\n  backend \"local\" {\n    path = \"terraform.tfstate\"\n  }\n}\n";

/// Copies the deployment of a manifest; the copy is gone when the result drops.
pub fn copy(folder: &Path, manifest: &str) -> io::Result<TempDir> {
    let copy = scratch::folder()?;
    std::fs::copy(folder.join(manifest), copy.path().join(manifest))?;
    for name in COPIED {
        let from = folder.join(name);
        if from.exists() {
            copy_all(&from, &copy.path().join(name))?;
        }
    }
    let module = copy.path().join("terraform");
    std::fs::create_dir_all(&module)?;
    std::fs::write(module.join("backend.tf"), BACKEND)?;
    Ok(copy)
}

fn copy_all(from: &Path, to: &Path) -> io::Result<()> {
    if from.is_file() {
        return std::fs::copy(from, to).map(|_| ());
    }
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        let text = name.to_string_lossy();
        if LEFT.contains(&&*text) || text.contains("tfstate") {
            continue;
        }
        // A link is followed: what it leads to is what the engine would read.
        let path = entry.path();
        if path.exists() {
            copy_all(&path, &to.join(&name))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn state_and_plugins_stay_behind() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "text").unwrap();
        };
        for path in [
            "seance.toml",
            ".env",
            "nix/a/b.nix",
            "terraform/main.tf",
            "terraform/own.tf",
            "terraform/terraform.tfstate",
            "terraform/terraform.tfstate.backup",
            "terraform/.terraform/providers/x",
            "terraform/backend.tf",
            "terraform/encryption.tofu",
        ] {
            write(path);
        }
        let copy = copy(folder.path(), "seance.toml").unwrap();
        let has = |path: &str| copy.path().join(path).exists();
        assert!(has("seance.toml") && has("nix/a/b.nix") && has("terraform/own.tf"));
        for path in [
            ".env",
            "terraform/terraform.tfstate",
            "terraform/terraform.tfstate.backup",
            "terraform/.terraform",
            "terraform/encryption.tofu",
        ] {
            assert!(!has(path), "{path}");
        }
        let backend = std::fs::read_to_string(copy.path().join("terraform/backend.tf")).unwrap();
        assert!(backend.contains("backend \"local\""));
    }
}
