//! The questions that `init` asks at a terminal.

use std::io::IsTerminal;
use std::path::Path;

use inquire::validator::Validation;
use inquire::{InquireError, MultiSelect, Select, Text};

use super::super::arguments::Init;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::answers::{self, Answers};
use super::keys;
use crate::catalog::{self, RegionStatus};
use crate::deployment::{PackageName, Port, Refusal, SshPublicKey};

/// Whether there is anybody to ask.
pub(super) fn possible() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Asks for everything that no flag gives.
pub(super) fn ask(folder: &Path, init: &Init) -> Result<Answers, Failure> {
    let name = text(
        "Project name",
        "prefix of the server, its unit and its user",
        init.name.clone(),
        answers::folder_name(folder).as_deref(),
        answers::name,
    )?;
    let repository = text(
        "Repository",
        "git URL that the server clones the application from",
        init.repository.clone(),
        answers::remote(folder).as_deref(),
        answers::repository,
    )?;
    let region = region(init.region.clone())?;
    let size = size(init.size.clone())?;
    let zone = text(
        "DNS zone",
        "the zone at Cloudflare, such as example.org",
        init.zone.clone(),
        None,
        answers::domain,
    )?;
    let domain = text(
        "Domain",
        "where the application answers",
        init.domain.clone(),
        Some(&format!("{name}.{zone}")),
        answers::domain,
    )?;
    let command = text(
        "Command",
        "starts the application, in the checkout",
        init.command.clone(),
        None,
        answers::command,
    )?;
    let port = port(init.port)?;
    let packages = packages(&init.packages)?;
    let ssh_keys = ssh_keys(&init.ssh_keys)?;
    Ok(Answers {
        name,
        repository,
        region,
        size,
        zone,
        domain,
        ssh_keys,
        command,
        port,
        packages,
    })
}

fn text(
    question: &str,
    help: &str,
    flag: Option<String>,
    default: Option<&str>,
    check: fn(&str) -> Result<(), Refusal>,
) -> Result<String, Failure> {
    if let Some(value) = flag {
        check(&value).map_err(|refusal| {
            Failure::new(
                Exit::Usage,
                format!("{question}: {}", refusal.message),
                refusal.help,
            )
        })?;
        return Ok(value);
    }
    let validator = move |value: &str| {
        Ok(match check(value.trim()) {
            Ok(()) => Validation::Valid,
            Err(refusal) => {
                Validation::Invalid(format!("{}: {}", refusal.message, refusal.help).into())
            }
        })
    };
    let prompt = Text::new(question)
        .with_help_message(help)
        .with_validator(validator);
    let answer = match default {
        Some(default) => prompt.with_default(default).prompt(),
        None => prompt.prompt(),
    };
    answer.map(|value| value.trim().to_owned()).map_err(stopped)
}

fn region(flag: Option<String>) -> Result<String, Failure> {
    if let Some(region) = flag {
        return Ok(region);
    }
    let open = catalog::regions()
        .iter()
        .filter(|region| region.status == RegionStatus::Open);
    let choices: Vec<String> = open
        .map(|region| format!("{}  {}", region.slug, region.place))
        .collect();
    choose("Region", choices, answers::REGION)
}

fn size(flag: Option<String>) -> Result<String, Failure> {
    if let Some(size) = flag {
        return Ok(size);
    }
    let enough = catalog::sizes()
        .iter()
        .filter(|size| size.memory_mib >= crate::manifest::MINIMUM_MEMORY_MIB);
    let choices: Vec<String> = enough
        .map(|size| {
            let memory = size.memory_mib / 1024;
            let (cpus, disk, price) = (size.vcpus, size.disk_gib, size.price_monthly_usd);
            format!(
                "{}  {cpus} vCPU, {memory} GB, {disk} GB disk, ${price} a month",
                size.slug
            )
        })
        .collect();
    choose("Size", choices, answers::SIZE)
}

/// One of several lines whose first word is the answer.
fn choose(question: &str, choices: Vec<String>, first: &str) -> Result<String, Failure> {
    let start = choices
        .iter()
        .position(|choice| choice.starts_with(&format!("{first} ")));
    let prompt = Select::new(question, choices).with_starting_cursor(start.unwrap_or(0));
    let choice = prompt.prompt().map_err(stopped)?;
    Ok(choice
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .to_owned())
}

fn port(flag: Option<u16>) -> Result<u16, Failure> {
    fn check(text: &str) -> Result<(), Refusal> {
        let number: i64 = text.parse().map_err(|_| {
            Refusal::new(
                format!("`{text}` is not a number"),
                "write a port from 1 to 65535",
            )
        })?;
        Port::try_from(number).map(drop)
    }
    let default = answers::PORT.to_string();
    let flag = flag.map(|port| port.to_string());
    let answer = text(
        "Port",
        "where the application listens",
        flag,
        Some(&default),
        check,
    )?;
    // The check has read it as a port already.
    Ok(answer.parse().unwrap_or(answers::PORT))
}

fn packages(flags: &[String]) -> Result<Vec<String>, Failure> {
    fn check(text: &str) -> Result<(), Refusal> {
        text.split_whitespace()
            .try_for_each(|name| PackageName::try_from(name).map(drop))
    }
    if !flags.is_empty() {
        return Ok(flags.to_vec());
    }
    let help = "nixpkgs names that the command needs, such as nodejs_22; empty for none";
    let answer = text("Packages", help, None, Some(""), check)?;
    Ok(answer.split_whitespace().map(str::to_owned).collect())
}

fn ssh_keys(flags: &[String]) -> Result<Vec<String>, Failure> {
    if !flags.is_empty() {
        return flags.iter().map(|flag| keys::read(flag)).collect();
    }
    let found = keys::at_hand();
    if found.is_empty() {
        let check = |text: &str| SshPublicKey::try_from(text).map(drop);
        let help = "the line of your .pub file; only its owner will get in";
        return Ok(vec![text("SSH public key", help, None, None, check)?]);
    }
    let all: Vec<usize> = (0..found.len()).collect();
    let prompt = MultiSelect::new("Keys that may log in", found)
        .with_default(&all)
        .with_validator(inquire::min_length!(1, "without a key nobody gets in"));
    prompt.prompt().map_err(stopped)
}

fn stopped(error: InquireError) -> Failure {
    match error {
        InquireError::OperationCanceled | InquireError::OperationInterrupted => Failure::new(
            Exit::Interrupted,
            "stopped; nothing was written",
            String::new(),
        ),
        other => Failure::new(
            Exit::Failed,
            format!("the question could not be asked: {other}"),
            "give the answers as flags: `seance init --help`",
        ),
    }
}
