//! Which program is the engine, and whether it is new enough.

use std::ffi::OsStr;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use thiserror::Error;

use super::environment::Environment;

/// Which of the two programs it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `OpenTofu`.
    Tofu,
    /// Terraform.
    Terraform,
}

impl Kind {
    /// Both, the preferred one first.
    const ALL: [Self; 2] = [Self::Tofu, Self::Terraform];

    /// The program's name.
    pub fn program(self) -> &'static str {
        match self {
            Self::Tofu => "tofu",
            Self::Terraform => "terraform",
        }
    }

    /// The oldest version that works with the generated module.
    pub fn minimum(self) -> Version {
        match self {
            Self::Tofu => Version(1, 12, 0),
            Self::Terraform => Version(1, 11, 0),
        }
    }
}

/// Major, minor and patch number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u32, pub u32, pub u32);

impl Version {
    /// Reads `1.12.6`, with or without a suffix such as `-beta1`.
    fn parse(text: &str) -> Option<Self> {
        let plain = text.split(['-', '+']).next()?;
        let mut numbers = plain.split('.').map(|part| part.parse().ok());
        let version = Self(numbers.next()??, numbers.next()??, numbers.next()??);
        numbers.next().is_none().then_some(version)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

/// An engine that is there and new enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Engine {
    /// Which of the two programs it is.
    pub kind: Kind,
    /// Where it is.
    pub path: PathBuf,
    /// Its version.
    pub version: Version,
}

/// Why there is no engine to work with.
#[derive(Debug, Error)]
pub enum EngineError {
    /// Neither program is on the search path.
    #[error("neither `tofu` nor `terraform` is installed")]
    Missing,
    /// The one that was asked for is not there.
    #[error("there is no program `{}`", .0.display())]
    NotThere(PathBuf),
    /// It does not start, or says nothing that can be read.
    #[error("`{}` does not tell its version: {why}", path.display())]
    Unusable {
        /// The program.
        path: PathBuf,
        /// What happened.
        why: String,
    },
    /// Too old for the generated module.
    #[error("`{}` is version {found}; seance needs {} {minimum} or newer", path.display(), kind.program())]
    TooOld {
        /// The program.
        path: PathBuf,
        /// Which of the two it is.
        kind: Kind,
        /// Its version.
        found: Version,
        /// The oldest that works.
        minimum: Version,
    },
}

impl EngineError {
    /// The one thing that helps.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Missing => {
                "install OpenTofu 1.12 or newer; `nix run .#seance` brings it along, and \
                 `nix shell nixpkgs#opentofu` has it for this shell"
            }
            Self::NotThere(_) => "name the program with `--engine PATH`, or leave the flag away",
            Self::Unusable { .. } => {
                "run it by hand with `version`, or name another with `--engine PATH`"
            }
            Self::TooOld { .. } => "install a newer one, or name another with `--engine PATH`",
        }
    }
}

/// Finds the engine: the one that is asked for, else `tofu`, else `terraform`.
pub fn find(wanted: Option<&Path>, environment: &Environment) -> Result<Engine, EngineError> {
    let path = match wanted {
        Some(wanted) => look_up(wanted.as_os_str(), environment)
            .ok_or_else(|| EngineError::NotThere(wanted.to_path_buf()))?,
        None => Kind::ALL
            .into_iter()
            .find_map(|kind| look_up(OsStr::new(kind.program()), environment))
            .ok_or(EngineError::Missing)?,
    };
    let (kind, version) = ask(&path, environment).map_err(|why| EngineError::Unusable {
        path: path.clone(),
        why,
    })?;
    let minimum = kind.minimum();
    if version < minimum {
        return Err(EngineError::TooOld {
            path,
            kind,
            found: version,
            minimum,
        });
    }
    Ok(Engine {
        kind,
        path,
        version,
    })
}

/// Where a program is; an absolute path, because children run in other folders.
fn look_up(name: &OsStr, environment: &Environment) -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    which::which_in(name, environment.get("PATH"), here).ok()
}

/// Asks a program which engine it is, and its version.
fn ask(path: &Path, environment: &Environment) -> Result<(Kind, Version), String> {
    let output = Command::new(path)
        .arg("version")
        .env_clear()
        .envs(environment.variables())
        .stdin(Stdio::null())
        .output()
        .map_err(|error: io::Error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout);
    read_version(&text).ok_or_else(|| {
        let first = text.lines().next().unwrap_or_default();
        if output.status.success() && first.is_empty() {
            "it answers nothing".to_owned()
        } else if output.status.success() {
            format!("it answers `{first}`")
        } else {
            format!("it ends with {}", output.status)
        }
    })
}

/// Reads `OpenTofu v1.12.6`. The JSON form of both programs does not tell which one it is.
fn read_version(text: &str) -> Option<(Kind, Version)> {
    let first = text.lines().find(|line| line.contains(" v"))?;
    let (name, version) = first.trim().split_once(" v")?;
    let kind = match name {
        "OpenTofu" => Kind::Tofu,
        "Terraform" => Kind::Terraform,
        _ => return None,
    };
    Some((kind, Version::parse(version.split(' ').next()?)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    fn program(folder: &Path, name: &str, answer: &str) -> PathBuf {
        use std::os::unix::fs::PermissionsExt as _;
        let path = folder.join(name);
        std::fs::write(&path, format!("#!/bin/sh\nprintf '{answer}\\n'\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    fn with_path(folder: &Path) -> Environment {
        let mut environment = Environment::default();
        environment.set("PATH", folder);
        environment
    }

    #[test]
    fn versions_are_read_from_what_both_programs_print() {
        let tofu = read_version("OpenTofu v1.12.6\non linux_amd64\n");
        assert_eq!(tofu, Some((Kind::Tofu, Version(1, 12, 6))));
        let terraform =
            read_version("Terraform v1.11.4\non linux_amd64\n\nYour version is out of date");
        assert_eq!(terraform, Some((Kind::Terraform, Version(1, 11, 4))));
        let beta = read_version("OpenTofu v1.13.0-beta1\n");
        assert_eq!(beta, Some((Kind::Tofu, Version(1, 13, 0))));
        for strange in [
            "",
            "Terragrunt v1.2.3",
            "OpenTofu v1.x",
            "OpenTofu v1.2.3.4",
        ] {
            assert_eq!(read_version(strange), None, "{strange}");
        }
    }

    #[test]
    fn tofu_comes_before_terraform_and_a_named_one_before_both() {
        let folder = tempfile::tempdir().unwrap();
        let environment = with_path(folder.path());
        assert!(matches!(
            find(None, &environment),
            Err(EngineError::Missing)
        ));
        let terraform = program(folder.path(), "terraform", "Terraform v1.11.4");
        assert_eq!(find(None, &environment).unwrap().kind, Kind::Terraform);
        program(folder.path(), "tofu", "OpenTofu v1.12.6");
        assert_eq!(find(None, &environment).unwrap().kind, Kind::Tofu);
        let named = find(Some(&terraform), &environment).unwrap();
        assert_eq!(named.kind, Kind::Terraform);
    }

    #[test]
    fn what_is_missing_too_old_or_silent_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let environment = with_path(folder.path());
        let nowhere = find(Some(Path::new("/nowhere/tofu")), &environment).unwrap_err();
        assert_eq!(nowhere.to_string(), "there is no program `/nowhere/tofu`");
        program(folder.path(), "tofu", "OpenTofu v1.10.3");
        let old = find(None, &environment).unwrap_err().to_string();
        assert!(
            old.ends_with("is version 1.10.3; seance needs tofu 1.12.0 or newer"),
            "{old}"
        );
        program(folder.path(), "tofu", "hello");
        let silent = find(None, &environment).unwrap_err().to_string();
        assert!(
            silent.ends_with("does not tell its version: it answers `hello`"),
            "{silent}"
        );
    }
}
