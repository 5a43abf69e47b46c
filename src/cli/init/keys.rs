//! The public keys of the person at the keyboard.

use std::path::PathBuf;
use std::time::Duration;

use super::super::exit::Exit;
use super::super::failure::Failure;
use crate::deployment::SshPublicKey;

/// How long an agent may take; one that is forwarded over a dead connection never answers.
const AGENT_PATIENCE: Duration = Duration::from_secs(2);

/// Every usable key of `~/.ssh` and of the agent, without repetitions.
pub(super) fn at_hand() -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for text in files().into_iter().chain(agent()) {
        let known = |line: &str| {
            let body = line.split_whitespace().nth(1);
            keys.iter().any(|key| key.split_whitespace().nth(1) == body)
        };
        let new: Vec<String> = text
            .lines()
            .map(str::trim)
            .filter(|line| SshPublicKey::try_from(*line).is_ok() && !known(line))
            .map(str::to_owned)
            .collect();
        keys.extend(new);
    }
    keys
}

/// A key given as a line or as the path of a `.pub` file.
pub(super) fn read(argument: &str) -> Result<String, Failure> {
    let looks_like_a_key = argument.starts_with("ssh-")
        || argument.starts_with("ecdsa-")
        || argument.starts_with("sk-");
    if looks_like_a_key && argument.contains(' ') {
        return Ok(argument.trim().to_owned());
    }
    let path = match argument.strip_prefix("~/") {
        Some(rest) => std::env::home_dir().unwrap_or_default().join(rest),
        None => PathBuf::from(argument),
    };
    let text = std::fs::read_to_string(&path).map_err(|error| {
        Failure::new(
            Exit::Usage,
            format!("--ssh-key: `{}` cannot be read: {error}", path.display()),
            "name a public key file such as `~/.ssh/id_ed25519.pub`",
        )
    })?;
    Ok(text.trim().to_owned())
}

fn files() -> Vec<String> {
    let folder = std::env::home_dir().unwrap_or_default().join(".ssh");
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "pub"));
    paths.sort();
    paths
        .into_iter()
        .filter_map(|path| std::fs::read_to_string(path).ok())
        .collect()
}

/// What `ssh-add -L` prints; nothing without an agent.
fn agent() -> Option<String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .ok()?;
    runtime.block_on(async {
        let program = which::which("ssh-add").ok()?;
        let mut command = tokio::process::Command::new(program);
        command
            .arg("-L")
            .stdin(std::process::Stdio::null())
            .kill_on_drop(true);
        let output = tokio::time::timeout(AGENT_PATIENCE, command.output())
            .await
            .ok()?
            .ok()?;
        output
            .status
            .success()
            .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    })
}
