//! Asking Nix before anything costs money: does the system evaluate, does it build.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::engine::environment::Environment;
use crate::engine::run::{Interrupts, Run, Stream};

/// A flake's system, and the program that builds it.
#[derive(Debug, Clone)]
pub struct Flake<'a> {
    /// The `nix` program.
    pub program: PathBuf,
    /// The folder of the flake.
    pub folder: &'a Path,
    /// The name of its system.
    pub server: &'a str,
    /// What `nix` sees of the environment.
    pub environment: &'a Environment,
}

/// What was built, as store paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    /// The system.
    pub system: String,
    /// The script that partitions the disk.
    pub partitioner: String,
}

/// Why there is no system.
#[derive(Debug, Error)]
pub enum NixError {
    /// It did not start.
    #[error("`{program}` does not start: {error}")]
    Start {
        /// The program.
        program: String,
        /// Why.
        error: std::io::Error,
    },
    /// Nix refused, with its last lines.
    #[error("`nix {verb}` failed\n{}", said.join("\n"))]
    Failed {
        /// `eval` or `build`.
        verb: &'static str,
        /// What it said last.
        said: Vec<String>,
    },
    /// It answered something that is no store path.
    #[error("`nix {verb}` answers `{answer}`, which is no store path")]
    Strange {
        /// `eval` or `build`.
        verb: &'static str,
        /// What it answered.
        answer: String,
    },
    /// The person stopped it.
    #[error("`nix {0}` was interrupted")]
    Interrupted(&'static str),
}

/// How many of the last lines of an error are told.
const KEPT: usize = 20;

impl Flake<'_> {
    /// Finds `nix` on the search path.
    pub fn find<'a>(
        folder: &'a Path,
        server: &'a str,
        environment: &'a Environment,
    ) -> Option<Flake<'a>> {
        let here = std::env::current_dir().ok()?;
        let program = which::which_in("nix", environment.get("PATH"), here).ok()?;
        Some(Flake {
            program,
            folder,
            server,
            environment,
        })
    }

    /// Evaluates the system down to its derivation; whatever is wrong in the configuration shows.
    pub async fn evaluate(
        &self,
        interrupts: &mut Interrupts,
        on_line: impl FnMut(&str),
    ) -> Result<String, NixError> {
        let attribute = self.attribute("toplevel.drvPath");
        let arguments = ["eval", "--raw", &attribute];
        let answer = self.ask("eval", &arguments, interrupts, on_line).await?;
        store_path("eval", answer.trim())
    }

    /// Builds the system and the script that partitions its disk.
    pub async fn build(
        &self,
        interrupts: &mut Interrupts,
        mut on_line: impl FnMut(&str),
    ) -> Result<Built, NixError> {
        // One after the other: a single call would give the paths in an order of its own.
        let mut paths = Vec::new();
        for output in ["toplevel", "diskoScriptNoDeps"] {
            let attribute = self.attribute(output);
            let arguments = ["build", "--no-link", "--print-out-paths", &attribute];
            let answer = self
                .ask("build", &arguments, interrupts, &mut on_line)
                .await?;
            paths.push(store_path("build", answer.trim())?);
        }
        let partitioner = paths.pop().unwrap_or_default();
        let system = paths.pop().unwrap_or_default();
        Ok(Built {
            system,
            partitioner,
        })
    }

    fn attribute(&self, output: &str) -> String {
        let folder = self.folder.display();
        let server = self.server;
        format!("{folder}#nixosConfigurations.{server}.config.system.build.{output}")
    }

    async fn ask(
        &self,
        verb: &'static str,
        arguments: &[&str],
        interrupts: &mut Interrupts,
        mut on_line: impl FnMut(&str),
    ) -> Result<String, NixError> {
        let features = ["--extra-experimental-features", "nix-command flakes"];
        let all = features.iter().chain(arguments);
        let arguments: Vec<OsString> = all.map(OsString::from).collect();
        let mut answer = String::new();
        let mut said: Vec<String> = Vec::new();
        let run = Run {
            program: &self.program,
            arguments: &arguments,
            folder: self.folder,
            environment: self.environment,
        };
        let lines = |stream, line: &str| {
            if stream == Stream::Output {
                answer.push_str(line);
                answer.push('\n');
                return;
            }
            on_line(line);
            if said.len() == KEPT {
                said.remove(0);
            }
            said.push(line.to_owned());
        };
        let ended = run.lines(interrupts, lines, |_| ()).await;
        let ended = ended.map_err(|error| NixError::Start {
            program: self.program.display().to_string(),
            error,
        })?;
        match ended.code {
            Some(0) => Ok(answer),
            _ if ended.interrupts > 0 => Err(NixError::Interrupted(verb)),
            _ => Err(NixError::Failed { verb, said }),
        }
    }
}

fn store_path(verb: &'static str, answer: &str) -> Result<String, NixError> {
    let is_plain = answer.starts_with('/') && !answer.contains(char::is_whitespace);
    if is_plain {
        return Ok(answer.to_owned());
    }
    let answer = answer.chars().take(200).collect();
    Err(NixError::Strange { verb, answer })
}
