//! Looking at the machine from outside: ssh, ports, the system behind them, HTTP, certificates and
//! name servers.
//!
//! Everything here is bounded in time, takes plain values, and says of each failure what it is,
//! what most likely causes it and the one next step.

pub mod api;
pub mod certificate;
pub mod dns;
pub mod http;
pub mod port;
pub mod ssh;
pub mod system;
mod tls;
pub mod verify;

use std::collections::BTreeMap;

use tokio::task::JoinSet;

/// What is wrong, what most likely causes it, and the one step that comes next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// One sentence about what was seen.
    pub what: String,
    /// What most likely causes it.
    pub cause: String,
    /// One command or edit.
    pub next: String,
}

impl Advice {
    fn new(what: impl Into<String>, cause: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            cause: cause.into(),
            next: next.into(),
        }
    }
}

/// Runs tasks side by side and gives their results in the order of the tasks. Dropping it ends them.
async fn side_by_side<T, F>(tasks: impl IntoIterator<Item = F>) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let mut running = JoinSet::new();
    for (index, task) in tasks.into_iter().enumerate() {
        running.spawn(async move { (index, task.await) });
    }
    let mut results = BTreeMap::new();
    while let Some(ended) = running.join_next().await {
        match ended {
            Ok((index, result)) => {
                results.insert(index, result);
            }
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(_cancelled) => {}
        }
    }
    results.into_values().collect()
}

/// Text of a foreign machine, fit for a terminal: one line, no control characters, not too long.
fn printable(text: &str) -> String {
    const LONGEST: usize = 200;
    let plain = text
        .trim()
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c });
    let mut line: String = plain.take(LONGEST + 1).collect();
    if line.chars().count() > LONGEST {
        line.pop();
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn results_keep_the_order_of_the_tasks() {
        let tasks = [30, 0, 15].map(|pause| async move {
            tokio::time::sleep(std::time::Duration::from_millis(pause)).await;
            pause
        });
        assert_eq!(side_by_side(tasks).await, [30, 0, 15]);
    }

    #[test]
    fn foreign_text_stays_on_one_line() {
        assert_eq!(printable(" a\x1b[31m\r\nb "), "a [31m  b");
        assert_eq!(printable(&"x".repeat(300)).chars().count(), 201);
    }
}
