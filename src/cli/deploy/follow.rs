//! Showing what the engine does: live lines on a terminal, plain ones elsewhere.

use std::collections::BTreeMap;
use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::super::console::Console;
use crate::deploy::progress::{Progress, Update};
use crate::engine::events::Event;
use crate::report::terminal::sanitize;

/// How often a spinner turns.
const TURN: Duration = Duration::from_millis(120);

/// Shows events as they come.
pub(super) struct Follow<'a> {
    console: &'a Console,
    progress: Progress,
    live: Option<Live>,
}

/// Lines of a terminal that are replaced.
struct Live {
    all: MultiProgress,
    bars: BTreeMap<String, ProgressBar>,
}

impl<'a> Follow<'a> {
    pub(super) fn new(console: &'a Console) -> Self {
        let is_terminal = std::io::stderr().is_terminal() && !console.quiet;
        Self {
            console,
            progress: Progress::default(),
            live: is_terminal.then(|| Live {
                all: MultiProgress::new(),
                bars: BTreeMap::new(),
            }),
        }
    }

    /// What was done, in the order in which it was.
    pub(super) fn done(&self) -> &[String] {
        self.progress.done()
    }

    /// The resource that failed, if one did.
    pub(super) fn failed(&self) -> Option<&str> {
        self.progress.failed()
    }

    /// The last lines that a resource's provisioner printed.
    pub(super) fn last_lines(&self, address: &str) -> Vec<String> {
        self.progress.last_lines(address)
    }

    pub(super) fn event(&mut self, event: &Event) {
        let Some(update) = self.progress.update(event) else {
            return;
        };
        match &mut self.live {
            Some(live) => live.show(&update),
            None => self.plain(&update),
        }
    }

    fn plain(&self, update: &Update) {
        match update {
            Update::Begun { address, doing } => self.console.note(&format!("{doing} {address}")),
            Update::Still {
                address,
                doing,
                elapsed,
                is_due: true,
            } => self
                .console
                .note(&format!("still {doing} {address} ({})", seconds(*elapsed))),
            Update::Still { .. } => {}
            Update::Output { text, .. } => self.console.note(&format!("  | {}", sanitize(text))),
            Update::Done { .. } | Update::Failed { .. } => self.console.note(&last_line(update)),
        }
    }
}

impl Live {
    fn line(&self, text: &str) {
        // Nothing is left to tell a person whose terminal is gone.
        let _ = self.all.println(text);
    }

    fn show(&mut self, update: &Update) {
        match update {
            Update::Begun { address, doing } => {
                let bar = self.all.add(ProgressBar::new_spinner());
                bar.set_style(style());
                bar.set_prefix(format!("{doing} {address}"));
                bar.enable_steady_tick(TURN);
                self.bars.insert(address.clone(), bar);
            }
            Update::Still { .. } => {}
            Update::Output { address, text } => {
                if let Some(bar) = self.bars.get(address) {
                    bar.set_message(sanitize(text));
                }
            }
            Update::Done { address, .. } | Update::Failed { address, .. } => {
                if let Some(bar) = self.bars.remove(address) {
                    bar.finish_and_clear();
                }
                self.line(&last_line(update));
                if let Update::Failed { last, .. } = update {
                    for line in last {
                        self.line(&format!("  | {}", sanitize(line)));
                    }
                }
            }
        }
    }
}

/// One line for the resource, and one below it for what its provisioner says.
fn style() -> ProgressStyle {
    ProgressStyle::with_template("{spinner} {prefix} ({elapsed})  {wide_msg:.dim}")
        .unwrap_or_else(|_| ProgressStyle::default_spinner())
}

fn last_line(update: &Update) -> String {
    match update {
        Update::Done {
            address,
            done,
            elapsed,
        } => format!("{done} {address} ({})", seconds(*elapsed)),
        Update::Failed {
            address, elapsed, ..
        } => format!("failed {address} ({})", seconds(*elapsed)),
        _ => String::new(),
    }
}

/// `75` as `1 min 15 s`.
fn seconds(elapsed: u64) -> String {
    match elapsed {
        0..=59 => format!("{elapsed} s"),
        _ => format!("{} min {} s", elapsed / 60, elapsed % 60),
    }
}
