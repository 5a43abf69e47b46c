//! The stream of events that the engine prints with `-json`, one JSON object a line.
//!
//! Lines that are no event (a provider's stray output, a wrapper's greeting) are messages. What a
//! plan would do is never decided from here: some actions have no name in the stream.

use serde::Deserialize;
use serde_json::Value;

/// One line of the stream.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Work on a resource begins.
    Started(Hook),
    /// Work on a resource goes on.
    Progress(Hook),
    /// Work on a resource is done.
    Completed(Hook),
    /// Work on a resource failed; a diagnostic with the reason follows.
    Failed(Hook),
    /// A provisioner printed something.
    Output {
        /// The resource that it belongs to.
        address: String,
        /// What it printed, without the line's end.
        text: String,
    },
    /// Reading the state of a resource begins.
    Refreshing {
        /// Which one.
        address: String,
    },
    /// An error or a warning.
    Diagnostic(Diagnostic),
    /// Everything else, as text for a person.
    Message(String),
    /// Nothing that anyone needs to see.
    Silent,
}

/// Where a resource is in its change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hook {
    /// Its address.
    pub address: String,
    /// `create`, `update`, `delete`, `read` and so on.
    pub action: String,
    /// Seconds since it began.
    pub elapsed: u64,
}

/// An error or a warning of the engine or of a provider.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Diagnostic {
    /// `error` or `warning`.
    pub severity: String,
    /// One sentence.
    pub summary: String,
    /// More of it; may hold several lines.
    #[serde(default)]
    pub detail: String,
    /// The resource that it is about.
    #[serde(default)]
    pub address: Option<String>,
    /// Where in the module.
    #[serde(default)]
    pub range: Option<Range>,
}

/// A place in the module.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Range {
    /// The file.
    pub filename: String,
    /// Its beginning.
    pub start: Start,
}

/// The beginning of a place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Start {
    /// Counted from 1.
    pub line: u32,
    /// Counted from 1.
    pub column: u32,
}

impl Diagnostic {
    /// Whether it is an error.
    pub fn is_error(&self) -> bool {
        self.severity == "error"
    }
}

#[derive(Deserialize)]
struct Line {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(rename = "@message", default)]
    message: String,
    #[serde(default)]
    hook: Option<RawHook>,
    #[serde(default)]
    diagnostic: Option<Diagnostic>,
}

#[derive(Deserialize)]
struct RawHook {
    resource: RawResource,
    #[serde(default)]
    action: String,
    #[serde(default)]
    elapsed_seconds: Value,
    #[serde(default)]
    output: String,
}

#[derive(Deserialize)]
struct RawResource {
    addr: String,
}

impl Event {
    /// Reads one line.
    pub fn read(line: &str) -> Self {
        let line = line.trim_end();
        if line.is_empty() {
            return Self::Silent;
        }
        let Ok(read) = serde_json::from_str::<Line>(line) else {
            return Self::Message(line.to_owned());
        };
        if let Some(diagnostic) = read.diagnostic {
            return Self::Diagnostic(diagnostic);
        }
        match read.hook {
            Some(hook) => of_hook(&read.kind, hook).unwrap_or(Self::Silent),
            None => of_kind(&read.kind, read.message),
        }
    }
}

fn of_hook(kind: &str, raw: RawHook) -> Option<Event> {
    let address = raw.resource.addr;
    if kind == "provision_progress" {
        let text = raw.output.trim_end().to_owned();
        // What it runs stands in the module; some versions repeat it all the same.
        let repeats = ["Executing: ", "local-exec: Executing: "];
        if repeats.iter().any(|start| text.starts_with(start)) {
            return None;
        }
        return Some(Event::Output { address, text });
    }
    if kind == "refresh_start" {
        return Some(Event::Refreshing { address });
    }
    // Some versions write the seconds as a fraction.
    let seconds = raw.elapsed_seconds.as_f64().unwrap_or_default();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a float to integer cast saturates, and a wrong number of seconds harms nobody"
    )]
    let elapsed = seconds as u64;
    let hook = Hook {
        address,
        action: raw.action,
        elapsed,
    };
    match kind {
        "apply_start" => Some(Event::Started(hook)),
        "apply_progress" => Some(Event::Progress(hook)),
        "apply_complete" => Some(Event::Completed(hook)),
        "apply_errored" => Some(Event::Failed(hook)),
        _ => None,
    }
}

fn of_kind(kind: &str, message: String) -> Event {
    match kind {
        // The plan itself is read from `show -json`.
        "version" | "planned_change" | "resource_drift" | "change_summary" | "outputs" => {
            Event::Silent
        }
        _ if message.is_empty() => Event::Silent,
        _ => Event::Message(message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hooks_are_read() {
        let started = r#"{"@level":"info","@message":"digitalocean_droplet.server: Creating...","@module":"tofu.ui","type":"apply_start","hook":{"resource":{"addr":"digitalocean_droplet.server","module":"","resource":"digitalocean_droplet.server","implied_provider":"digitalocean","resource_type":"digitalocean_droplet","resource_name":"server","resource_key":null},"action":"create"}}"#;
        let expected = Hook {
            address: "digitalocean_droplet.server".to_owned(),
            action: "create".to_owned(),
            elapsed: 0,
        };
        assert_eq!(Event::read(started), Event::Started(expected.clone()));
        let progress = started.replace("apply_start", "apply_progress");
        let progress = progress.replace(
            r#""action":"create""#,
            r#""action":"create","elapsed_seconds":10"#,
        );
        let elapsed = Hook {
            elapsed: 10,
            ..expected
        };
        assert_eq!(Event::read(&progress), Event::Progress(elapsed));
    }

    #[test]
    fn a_provisioner_keeps_its_words() {
        let line = r#"{"@message":"terraform_data.install: (local-exec): hello","type":"provision_progress","hook":{"resource":{"addr":"terraform_data.install"},"provisioner":"local-exec","output":"hello\r\n"}}"#;
        let expected = Event::Output {
            address: "terraform_data.install".to_owned(),
            text: "hello".to_owned(),
        };
        assert_eq!(Event::read(line), expected);
    }

    #[test]
    fn diagnostics_are_read_with_their_place() {
        let line = r#"{"@level":"error","@message":"Error: x","type":"diagnostic","diagnostic":{"severity":"error","summary":"Instance cannot be destroyed","detail":"Resource ...","range":{"filename":"main.tf","start":{"line":36,"column":1,"byte":5},"end":{"line":36,"column":40,"byte":9}}}}"#;
        let Event::Diagnostic(diagnostic) = Event::read(line) else {
            panic!("no diagnostic");
        };
        assert!(diagnostic.is_error());
        assert_eq!(diagnostic.range.unwrap().start.line, 36);
    }

    #[test]
    fn whatever_else_is_printed_is_a_message_or_nothing() {
        assert_eq!(
            Event::read("plain text"),
            Event::Message("plain text".to_owned())
        );
        assert_eq!(Event::read(""), Event::Silent);
        assert_eq!(
            Event::read(r#"{"type":"version","@message":"OpenTofu 1.12.6"}"#),
            Event::Silent
        );
        let news = r#"{"type":"something_new","@message":"news"}"#;
        assert_eq!(Event::read(news), Event::Message("news".to_owned()));
        assert_eq!(Event::read("[1,2]"), Event::Message("[1,2]".to_owned()));
        assert_eq!(
            Event::read(r#"{"hook":{"resource":{"addr":"a"}},"type":"new"}"#),
            Event::Silent
        );
    }
}
