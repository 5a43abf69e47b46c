//! What goes on while the engine works, as few lines as tell it.

use std::collections::{BTreeMap, VecDeque};

use crate::engine::events::{Event, Hook};

/// How many lines of a provisioner are kept for the case that it fails.
const KEPT: usize = 20;
/// Seconds between two lines about the same resource where lines cannot be replaced.
const PATIENCE: u64 = 60;

/// Something to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Update {
    /// Work on a resource begins.
    Begun {
        /// Its address.
        address: String,
        /// `creating`, `changing` and so on.
        doing: &'static str,
    },
    /// Work on a resource takes its time.
    Still {
        /// Its address.
        address: String,
        /// `creating`, `changing` and so on.
        doing: &'static str,
        /// Seconds since it began.
        elapsed: u64,
        /// Whether it is time to say so where lines cannot be replaced.
        is_due: bool,
    },
    /// Work on a resource is done.
    Done {
        /// Its address.
        address: String,
        /// `created`, `changed` and so on.
        done: &'static str,
        /// Seconds that it took.
        elapsed: u64,
    },
    /// Work on a resource failed.
    Failed {
        /// Its address.
        address: String,
        /// Seconds that it took.
        elapsed: u64,
        /// The last lines of its provisioner.
        last: Vec<String>,
    },
    /// A provisioner printed a line.
    Output {
        /// The resource that it belongs to.
        address: String,
        /// The line.
        text: String,
    },
}

/// Follows the stream of events.
#[derive(Debug, Default)]
pub struct Progress {
    output: BTreeMap<String, VecDeque<String>>,
    said: BTreeMap<String, u64>,
    done: Vec<String>,
    failed: Option<String>,
}

impl Progress {
    /// What an event gives to show.
    pub fn update(&mut self, event: &Event) -> Option<Update> {
        match event {
            Event::Started(hook) => {
                let (doing, _) = words(&hook.action)?;
                Some(Update::Begun {
                    address: hook.address.clone(),
                    doing,
                })
            }
            Event::Progress(hook) => {
                let (doing, _) = words(&hook.action)?;
                Some(Update::Still {
                    address: hook.address.clone(),
                    doing,
                    elapsed: hook.elapsed,
                    is_due: self.is_due(hook),
                })
            }
            Event::Completed(hook) => {
                let (_, done) = words(&hook.action)?;
                self.done.push(hook.address.clone());
                Some(Update::Done {
                    address: hook.address.clone(),
                    done,
                    elapsed: hook.elapsed,
                })
            }
            Event::Failed(hook) => {
                self.failed.get_or_insert_with(|| hook.address.clone());
                Some(Update::Failed {
                    address: hook.address.clone(),
                    elapsed: hook.elapsed,
                    last: self.last_lines(&hook.address),
                })
            }
            Event::Output { address, text } => {
                self.keep(address, text);
                Some(Update::Output {
                    address: address.clone(),
                    text: text.clone(),
                })
            }
            _ => None,
        }
    }

    /// What is done so far, in the order in which it was.
    pub fn done(&self) -> &[String] {
        &self.done
    }

    /// The first resource that failed.
    pub fn failed(&self) -> Option<&str> {
        self.failed.as_deref()
    }

    /// The last lines that a resource's provisioner printed.
    pub fn last_lines(&self, address: &str) -> Vec<String> {
        let lines = self.output.get(address);
        lines.map_or_else(Vec::new, |lines| lines.iter().cloned().collect())
    }

    fn keep(&mut self, address: &str, text: &str) {
        let lines = self.output.entry(address.to_owned()).or_default();
        if lines.len() == KEPT {
            lines.pop_front();
        }
        lines.push_back(text.to_owned());
    }

    fn is_due(&mut self, hook: &Hook) -> bool {
        let last = self.said.entry(hook.address.clone()).or_default();
        let is_due = hook.elapsed >= *last + PATIENCE;
        if is_due {
            *last = hook.elapsed;
        }
        is_due
    }
}

/// What is done with a resource, and what was; nothing for actions that nobody waits for.
fn words(action: &str) -> Option<(&'static str, &'static str)> {
    match action {
        "create" => Some(("creating", "created")),
        "update" => Some(("changing", "changed")),
        "delete" => Some(("destroying", "destroyed")),
        "replace" => Some(("replacing", "replaced")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hook(elapsed: u64) -> Hook {
        Hook {
            address: "a.b".to_owned(),
            action: "create".to_owned(),
            elapsed,
        }
    }

    #[test]
    fn a_failure_brings_the_last_lines_of_its_provisioner() {
        let mut progress = Progress::default();
        for line in 0..25 {
            let event = Event::Output {
                address: "a.b".to_owned(),
                text: format!("line {line}"),
            };
            progress.update(&event);
        }
        let Some(Update::Failed { last, .. }) = progress.update(&Event::Failed(hook(3))) else {
            panic!("no failure");
        };
        assert_eq!(last.len(), KEPT);
        assert_eq!(last[0], "line 5");
    }

    #[test]
    fn a_slow_resource_is_mentioned_once_a_minute() {
        let mut progress = Progress::default();
        let due: Vec<u64> = (1..=13)
            .map(|tens| tens * 10)
            .filter(|elapsed| {
                let update = progress.update(&Event::Progress(hook(*elapsed)));
                matches!(update, Some(Update::Still { is_due: true, .. }))
            })
            .collect();
        assert_eq!(due, [60, 120]);
    }

    #[test]
    fn reading_is_nothing_to_wait_for() {
        let mut progress = Progress::default();
        let read = Hook {
            action: "read".to_owned(),
            ..hook(0)
        };
        assert_eq!(progress.update(&Event::Started(read)), None);
        progress.update(&Event::Completed(hook(1)));
        assert_eq!(progress.done(), ["a.b"]);
    }
}
