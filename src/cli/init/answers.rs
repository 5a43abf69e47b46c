//! What `init` must know, and what it can find out by itself.

use std::path::Path;
use std::process::Command;

use super::super::arguments::Init;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::keys;
use crate::catalog;
use crate::deployment::{
    DomainName, GitUrl, PackageName, Port, ProjectName, Refusal, ShellCommand, SshPublicKey,
};

/// Everything that the first manifest says. Each value has passed its own check.
#[derive(Debug)]
pub(super) struct Answers {
    pub(super) name: String,
    pub(super) repository: String,
    pub(super) region: String,
    pub(super) size: String,
    pub(super) zone: String,
    pub(super) domain: String,
    pub(super) ssh_keys: Vec<String>,
    pub(super) command: String,
    pub(super) port: u16,
    pub(super) packages: Vec<String>,
}

/// The region offered first.
pub(super) const REGION: &str = "fra1";
/// The smallest size that both installs and builds without help.
pub(super) const SIZE: &str = "s-2vcpu-2gb";
/// The port offered first.
pub(super) const PORT: u16 = 3000;

/// The answers that the flags and the surroundings give; all that is missing in one failure.
pub(super) fn from_flags(folder: &Path, init: &Init) -> Result<Answers, Failure> {
    let mut missing = Missing::default();
    let name = init.name.clone().or_else(|| folder_name(folder));
    let name = missing.unless("--name NAME", name);
    let repository = init.repository.clone().or_else(|| remote(folder));
    let zone = missing.unless("--zone ZONE", init.zone.clone());
    let answers = Answers {
        repository: missing.unless("--repository URL", repository),
        region: init.region.clone().unwrap_or_else(|| REGION.to_owned()),
        size: init.size.clone().unwrap_or_else(|| SIZE.to_owned()),
        domain: init
            .domain
            .clone()
            .unwrap_or_else(|| format!("{name}.{zone}")),
        ssh_keys: ssh_keys(&init.ssh_keys)?,
        command: missing.unless("--command COMMAND", init.command.clone()),
        port: init.port.unwrap_or(PORT),
        packages: init.packages.clone(),
        name,
        zone,
    };
    if answers.ssh_keys.is_empty() {
        missing.flags.push("--ssh-key FILE");
    }
    missing.refuse()?;
    check(&answers)?;
    Ok(answers)
}

/// Flags that have no default here.
#[derive(Debug, Default)]
struct Missing {
    flags: Vec<&'static str>,
}

impl Missing {
    fn unless(&mut self, flag: &'static str, value: Option<String>) -> String {
        value.unwrap_or_else(|| {
            self.flags.push(flag);
            String::new()
        })
    }

    fn refuse(&self) -> Result<(), Failure> {
        if self.flags.is_empty() {
            return Ok(());
        }
        Err(Failure::new(
            Exit::Usage,
            format!(
                "`seance init` asks nothing here, so it also needs {}",
                self.flags.join(", ")
            ),
            "add these flags, or run `seance init` at a terminal and without `--yes`",
        ))
    }
}

/// Every answer through the type that the manifest will put it in.
fn check(answers: &Answers) -> Result<(), Failure> {
    let refused = |flag: &str, refusal: Refusal| {
        Failure::new(
            Exit::Usage,
            format!("{flag}: {}", refusal.message),
            refusal.help,
        )
    };
    name(&answers.name).map_err(|refusal| refused("--name", refusal))?;
    repository(&answers.repository).map_err(|refusal| refused("--repository", refusal))?;
    catalog::find_region(&answers.region).map_err(|refusal| refused("--region", refusal))?;
    catalog::find_size(&answers.size).map_err(|refusal| refused("--size", refusal))?;
    domain(&answers.zone).map_err(|refusal| refused("--zone", refusal))?;
    domain(&answers.domain).map_err(|refusal| refused("--domain", refusal))?;
    command(&answers.command).map_err(|refusal| refused("--command", refusal))?;
    Port::try_from(i64::from(answers.port)).map_err(|refusal| refused("--port", refusal))?;
    for package in &answers.packages {
        PackageName::try_from(package.as_str()).map_err(|refusal| refused("--package", refusal))?;
    }
    for key in &answers.ssh_keys {
        SshPublicKey::try_from(key.as_str()).map_err(|refusal| refused("--ssh-key", refusal))?;
    }
    Ok(())
}

pub(super) fn name(text: &str) -> Result<(), Refusal> {
    ProjectName::try_from(text).map(drop)
}

pub(super) fn repository(text: &str) -> Result<(), Refusal> {
    GitUrl::try_from(text).map(drop)
}

pub(super) fn domain(text: &str) -> Result<(), Refusal> {
    DomainName::try_from(text).map(drop)
}

pub(super) fn command(text: &str) -> Result<(), Refusal> {
    ShellCommand::try_from(text).map(drop)
}

/// Keys named by flags, or else all that are lying at hand.
fn ssh_keys(flags: &[String]) -> Result<Vec<String>, Failure> {
    if flags.is_empty() {
        return Ok(keys::at_hand());
    }
    flags.iter().map(|flag| keys::read(flag)).collect()
}

/// The folder's name as a project name, when it can be one.
pub(super) fn folder_name(folder: &Path) -> Option<String> {
    let folder = folder.canonicalize().ok()?;
    let name = folder
        .file_name()?
        .to_string_lossy()
        .to_lowercase()
        .replace(['_', '.', ' '], "-");
    self::name(&name).is_ok().then_some(name)
}

/// The URL of the repository's `origin`.
pub(super) fn remote(folder: &Path) -> Option<String> {
    let mut git = Command::new("git");
    git.arg("-C")
        .arg(folder)
        .args(["config", "--get", "remote.origin.url"]);
    let output = git.output().ok().filter(|output| output.status.success())?;
    let url = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    repository(&url).is_ok().then_some(url)
}
