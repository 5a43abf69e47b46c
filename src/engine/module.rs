//! One module in its folder, and the engine's commands on it.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io;
use std::path::Path;

use serde_json::Value;
use thiserror::Error;

use super::environment::Environment;
use super::events::{Diagnostic, Event};
use super::plan::{Plan, PlanError, State};
use super::program::{Engine, Kind};
use super::run::{Ended, Interrupts, Log, Run};

/// How long to wait for somebody else's lock on the state.
const LOCK_TIMEOUT: &str = "-lock-timeout=20s";

/// A module and all that is needed to run the engine on it.
#[derive(Debug, Clone, Copy)]
pub struct Module<'a> {
    /// The engine.
    pub engine: &'a Engine,
    /// The folder of the module.
    pub folder: &'a Path,
    /// What the engine sees of the environment.
    pub environment: &'a Environment,
}

/// Why a command of the engine did not do its work.
#[derive(Debug, Error)]
pub enum ModuleError {
    /// It did not start.
    #[error("`{program}` does not start: {error}")]
    Start {
        /// The program.
        program: String,
        /// Why.
        error: io::Error,
    },
    /// It ended with an error.
    #[error("{}", said(.0))]
    Failed(Failed),
    /// The plan is not one.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The person stopped it.
    #[error("`{0}` was interrupted")]
    Interrupted(String),
}

/// A command that ended with an error.
#[derive(Debug, Clone, Default)]
pub struct Failed {
    /// The command, such as `tofu plan`.
    pub command: String,
    /// Its exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// Its errors, in the order of the stream.
    pub errors: Vec<Diagnostic>,
    /// The last of what it said otherwise.
    pub messages: Vec<String>,
}

impl Failed {
    /// Whether an error's summary or detail holds the words.
    pub fn mentions(&self, words: &str) -> bool {
        let errors = &mut self.errors.iter();
        errors.any(|error| error.summary.contains(words) || error.detail.contains(words))
            || self.messages.iter().any(|message| message.contains(words))
    }
}

/// How a failed command is told: its errors, else its last words.
fn said(failed: &Failed) -> String {
    let mut text = format!("`{}` failed", failed.command);
    match failed.code {
        Some(1) => {}
        Some(code) => {
            let _ = write!(text, " with code {code}");
        }
        None => text.push_str(": a signal ended it"),
    }
    for error in &failed.errors {
        let _ = write!(text, "\n  {}", error.summary);
        if let Some(range) = &error.range {
            let _ = write!(text, " ({}:{})", range.filename, range.start.line);
        }
        if let Some(address) = &error.address {
            let _ = write!(text, " [{address}]");
        }
        for line in detail(error).lines().filter(|line| !line.trim().is_empty()) {
            let _ = write!(text, "\n    {}", line.trim_end());
        }
    }
    if failed.errors.is_empty() {
        for message in &failed.messages {
            let _ = write!(text, "\n  {message}");
        }
    }
    text
}

/// The detail of an error. A provisioner's holds its whole script and all that it printed, which
/// was shown while it ran.
fn detail(error: &Diagnostic) -> String {
    let is_provisioner = error.detail.starts_with("Error running command '");
    let end = error
        .detail
        .rfind("': exit status ")
        .filter(|_| is_provisioner);
    let Some(end) = end else {
        return error.detail.clone();
    };
    let status = &error.detail[end + "': ".len()..];
    let status = status
        .split_once(". Output:")
        .map_or(status, |(status, _)| status);
    format!("its command ended with {status}")
}

/// What planning came to.
#[derive(Debug)]
pub struct Planned {
    /// The plan, as far as it was made.
    pub plan: Plan,
    /// What kept it from being whole, such as a protected resource that would be destroyed.
    pub failed: Option<Failed>,
}

impl Module<'_> {
    /// The command as a person would type it.
    fn command(&self, verb: &str) -> String {
        format!("{} {verb}", self.engine.kind.program())
    }

    /// Gets providers and modules and prepares the backend.
    pub async fn init(&self, interrupts: &mut Interrupts) -> Result<(), ModuleError> {
        let arguments = ["init", "-input=false", "-no-color"];
        let (ended, output, error) = self.capture(&arguments, interrupts).await?;
        self.expect("init", ended, || plain(&output, &error))
    }

    /// Plans into a file and reads the plan. `options` are further arguments, such as `-destroy`.
    pub async fn plan(
        &self,
        file: &Path,
        options: &[&str],
        interrupts: &mut Interrupts,
        mut on_event: impl FnMut(&Event),
    ) -> Result<Planned, ModuleError> {
        let mut out = OsString::from("-out=");
        out.push(file);
        let mut arguments: Vec<OsString> = ["plan", "-input=false", "-json", LOCK_TIMEOUT]
            .map(OsString::from)
            .to_vec();
        arguments.push(out);
        arguments.extend(options.iter().map(OsString::from));
        let mut said = Said::default();
        let on_line = |_, line: &str| {
            let event = Event::read(line);
            said.hear(&event);
            on_event(&event);
        };
        let run = self.run(&arguments);
        let ended = run.lines(interrupts, on_line, |_| ()).await;
        let ended = self.started(ended)?;
        let result = self.expect("plan", ended, || said.failed());
        match result {
            Ok(()) => Ok(Planned {
                plan: self.show(file, interrupts).await?,
                failed: None,
            }),
            // What is forbidden is written into the plan all the same, so that it can be told.
            Err(ModuleError::Failed(failed)) if file.exists() => {
                match self.show(file, interrupts).await {
                    Ok(plan) => Ok(Planned {
                        plan,
                        failed: Some(failed),
                    }),
                    Err(_) => Err(ModuleError::Failed(failed)),
                }
            }
            Err(error) => Err(error),
        }
    }

    /// Reads a plan from its file.
    pub async fn show(
        &self,
        file: &Path,
        interrupts: &mut Interrupts,
    ) -> Result<Plan, ModuleError> {
        let arguments: Vec<OsString> = ["show", "-json", "-no-color"]
            .into_iter()
            .map(OsString::from)
            .chain([file.as_os_str().to_owned()])
            .collect();
        let result = self.run(&arguments).capture(interrupts).await;
        let (ended, output, error) = self.started(result)?;
        self.expect("show", ended, || plain("", &error))?;
        Ok(Plan::read(output.as_bytes())?)
    }

    /// Carries a plan out, writing what the engine says into a log. `options` are those that it
    /// was planned with.
    pub async fn apply(
        &self,
        file: &Path,
        options: &[String],
        log: Log,
        interrupts: &mut Interrupts,
        mut on_event: impl FnMut(&Event),
        on_interrupt: impl FnMut(u32),
    ) -> Result<(), ModuleError> {
        let fixed = ["apply", "-input=false", "-json", LOCK_TIMEOUT];
        // OpenTofu wants to hear the variables of the plan again, Terraform must not.
        let repeats = self.engine.kind == Kind::Tofu;
        let repeated = options
            .iter()
            .filter(|option| repeats && option.starts_with("-var="));
        let arguments: Vec<OsString> = fixed
            .into_iter()
            .map(OsString::from)
            .chain(repeated.map(OsString::from))
            .chain([file.as_os_str().to_owned()])
            .collect();
        let mut said = Said::default();
        let on_line = |_, line: &str| {
            let event = Event::read(line);
            said.hear(&event);
            on_event(&event);
        };
        let run = self.run(&arguments);
        let ended = run.logged(log, interrupts, on_line, on_interrupt).await;
        let ended = self.started(ended)?;
        self.expect("apply", ended, || said.failed())
    }

    /// The outputs of the state; values that must not be shown are left out.
    pub async fn outputs(
        &self,
        interrupts: &mut Interrupts,
    ) -> Result<std::collections::BTreeMap<String, Value>, ModuleError> {
        let (ended, output, error) = self
            .capture(&["output", "-json", "-no-color"], interrupts)
            .await?;
        self.expect("output", ended, || plain("", &error))?;
        let read: Value = serde_json::from_str(&output).map_err(PlanError::Unreadable)?;
        let outputs = read.as_object().into_iter().flatten();
        let shown = outputs.filter(|(_, output)| output["sensitive"] != true);
        Ok(shown
            .map(|(name, output)| (name.clone(), output["value"].clone()))
            .collect())
    }

    /// Takes something that exists over into the state.
    pub async fn import(
        &self,
        address: &str,
        id: &str,
        interrupts: &mut Interrupts,
    ) -> Result<(), ModuleError> {
        let arguments = [
            "import",
            "-input=false",
            "-no-color",
            LOCK_TIMEOUT,
            address,
            id,
        ];
        let (ended, output, error) = self.capture(&arguments, interrupts).await?;
        self.expect("import", ended, || plain(&output, &error))
    }

    /// What the state knows.
    pub async fn state(&self, interrupts: &mut Interrupts) -> Result<State, ModuleError> {
        let (ended, output, error) = self
            .capture(&["show", "-json", "-no-color"], interrupts)
            .await?;
        self.expect("show", ended, || plain("", &error))?;
        Ok(serde_json::from_str(&output).map_err(PlanError::Unreadable)?)
    }

    fn run<'a>(&'a self, arguments: &'a [OsString]) -> Run<'a> {
        Run {
            program: &self.engine.path,
            arguments,
            folder: self.folder,
            environment: self.environment,
        }
    }

    async fn capture(
        &self,
        arguments: &[&str],
        interrupts: &mut Interrupts,
    ) -> Result<(Ended, String, String), ModuleError> {
        let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
        self.started(self.run(&arguments).capture(interrupts).await)
    }

    fn started<T>(&self, result: io::Result<T>) -> Result<T, ModuleError> {
        result.map_err(|error| ModuleError::Start {
            program: self.engine.path.display().to_string(),
            error,
        })
    }

    /// Turns the end of a command into an answer.
    fn expect(
        &self,
        verb: &str,
        ended: Ended,
        failed: impl FnOnce() -> Failed,
    ) -> Result<(), ModuleError> {
        if ended.is_fine() {
            return Ok(());
        }
        if ended.interrupts > 0 {
            return Err(ModuleError::Interrupted(self.command(verb)));
        }
        Err(ModuleError::Failed(Failed {
            command: self.command(verb),
            code: ended.code,
            ..failed()
        }))
    }
}

/// How many of the last messages are kept.
const KEPT: usize = 20;

/// What was said on the way.
#[derive(Debug, Default)]
struct Said {
    errors: Vec<Diagnostic>,
    messages: Vec<String>,
}

impl Said {
    fn hear(&mut self, event: &Event) {
        match event {
            Event::Diagnostic(diagnostic) if diagnostic.is_error() => {
                self.errors.push(diagnostic.clone());
            }
            Event::Message(message) => {
                if self.messages.len() == KEPT {
                    self.messages.remove(0);
                }
                self.messages.push(message.clone());
            }
            _ => {}
        }
    }

    fn failed(self) -> Failed {
        Failed {
            errors: self.errors,
            messages: self.messages,
            ..Failed::default()
        }
    }
}

/// What a command without a stream of events printed when it failed.
fn plain(output: &str, error: &str) -> Failed {
    let text = if error.trim().is_empty() {
        output
    } else {
        error
    };
    let lines: Vec<&str> = text
        .lines()
        .map(|line| line.trim_start_matches(['╷', '│', '╵']).trim_end())
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .filter(|line| !line.is_empty())
        .collect();
    let first = lines.len().saturating_sub(KEPT);
    Failed {
        messages: lines[first..]
            .iter()
            .map(|line| (*line).to_owned())
            .collect(),
        ..Failed::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provisioner_that_fails_is_told_without_its_script() {
        let error = Diagnostic {
            severity: "error".to_owned(),
            summary: "local-exec provisioner error".to_owned(),
            detail: "Error running command 'set -eu\nexit 1\n': exit status 1. Output: canary\n"
                .to_owned(),
            address: Some("terraform_data.install".to_owned()),
            ..Diagnostic::default()
        };
        let failed = Failed {
            command: "tofu apply".to_owned(),
            code: Some(1),
            errors: vec![error],
            messages: vec!["not told".to_owned()],
        };
        assert_eq!(
            said(&failed),
            "`tofu apply` failed\n  local-exec provisioner error [terraform_data.install]\n    its \
             command ended with exit status 1"
        );
    }

    #[test]
    fn boxes_around_messages_are_taken_off() {
        let failed = plain("", "╷\n│ Error: No\n│ \n│   because\n╵\n");
        assert_eq!(failed.messages, ["Error: No", "  because"]);
    }
}
