//! Waiting, within bounds, for a machine that boots, is installed or starts its application.

use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};

use super::{Check, Expectation, Report, verify};
use crate::remote::Advice;
use crate::remote::ssh::{Failure, Ssh, Stage};
use crate::remote::system::{Kind, Question, System, inspect_kind};

/// A moment in which what is waited for was not there.
#[derive(Debug)]
pub struct Waiting<'a, E> {
    /// Since the waiting began.
    pub elapsed: Duration,
    /// Until it ends.
    pub left: Duration,
    /// What was seen instead.
    pub seen: &'a E,
    /// Whether that is the same as the time before.
    pub is_same: bool,
}

/// The end of waiting in vain.
#[derive(Debug, Clone, PartialEq)]
pub struct Expired<E> {
    /// Everything that was seen, each with the time since the beginning; what stayed is there once.
    pub history: Vec<(Duration, E)>,
    /// Whether it ended early, since waiting could not help.
    pub is_hopeless: bool,
}

const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Tries until it succeeds, until `may_pass` says that it never will, or until the time is over.
pub async fn wait_until<T, E: PartialEq>(
    patience: Duration,
    mut attempt: impl AsyncFnMut() -> Result<T, E>,
    may_pass: impl Fn(&E) -> bool,
    mut waiting: impl FnMut(&Waiting<'_, E>),
) -> Result<T, Expired<E>> {
    let start = Instant::now();
    let deadline = start + patience;
    let mut pause = FIRST_PAUSE.min(patience / 10);
    let mut history: Vec<(Duration, E)> = Vec::new();
    let mut is_hopeless = false;
    // An attempt that is still going on at the deadline saw nothing new.
    while let Ok(tried) = timeout_at(deadline, attempt()).await {
        let seen = match tried {
            Ok(success) => return Ok(success),
            Err(seen) => seen,
        };
        let is_same = history.last().is_some_and(|(_, last)| *last == seen);
        waiting(&Waiting {
            elapsed: start.elapsed(),
            left: deadline.saturating_duration_since(Instant::now()),
            seen: &seen,
            is_same,
        });
        is_hopeless = !may_pass(&seen);
        if !is_same {
            history.push((start.elapsed(), seen));
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if is_hopeless || left < patience / 50 {
            break;
        }
        // Toward the end more often, so that the last look is not long before the deadline.
        sleep_until(Instant::now() + pause.min(left / 2)).await;
        pause = (pause * 3 / 2).min(LONGEST_PAUSE);
    }
    Err(Expired {
        history,
        is_hopeless,
    })
}

/// Waits until a login works and meets this kind of system.
pub async fn wait_for_login(
    ssh: &Ssh,
    question: &Question,
    kind: &Kind,
    patience: Duration,
    waiting: impl FnMut(&Waiting<'_, Failure>),
) -> Result<System, Expired<Failure>> {
    const ONE_LOOK: Duration = Duration::from_secs(30);
    let attempt = async || Box::pin(inspect_kind(ssh, question, kind, ONE_LOOK)).await;
    wait_until(
        patience,
        attempt,
        |seen: &Failure| seen.stage.may_pass(),
        waiting,
    )
    .await
}

/// Waits until everything is healthy. What is seen meanwhile are the checks that fail.
pub async fn wait_for_health(
    expectation: &Expectation,
    patience: Duration,
    waiting: impl FnMut(&Waiting<'_, Vec<Check>>),
) -> Result<Report, Expired<Vec<Check>>> {
    let attempt = async || {
        let report = verify(expectation).await;
        if report.is_healthy() {
            Ok(report)
        } else {
            Err(report.failures().cloned().collect())
        }
    };
    wait_until(patience, attempt, |_| true, waiting).await
}

impl Expired<Vec<Check>> {
    /// What most likely keeps the machine from being healthy: the cheapest check that fails.
    pub fn advice(&self) -> Advice {
        let first = self.history.last().and_then(|(_, failed)| failed.first());
        match first {
            Some(check) => Advice {
                what: format!("{}: {}", check.name, check.detail),
                cause: check.cause.clone().unwrap_or_default(),
                next: check.next.clone().unwrap_or_default(),
            },
            None => no_time(),
        }
    }
}

impl Expired<Failure> {
    /// What most likely happened, by the last thing seen and by what was there before.
    pub fn advice(&self) -> Advice {
        let Some((_, last)) = self.history.last() else {
            return no_time();
        };
        let mut advice = last.advice();
        let before = self.history.iter().rev().skip(1);
        let farther = before
            .map(|(_, failure)| &failure.stage)
            .filter(|stage| stage.rank() > last.stage.rank())
            .max_by_key(|stage| stage.rank());
        if let Some(cause) = farther.and_then(|farther| gone(farther, &last.stage)) {
            cause.clone_into(&mut advice.cause);
            if matches!(last.stage, Stage::TimedOut | Stage::NoRoute(_)) {
                "look at the droplet's recovery console".clone_into(&mut advice.next);
            }
        }
        advice
    }
}

fn no_time() -> Advice {
    Advice::new(
        "the time was over before the first look was",
        "the line is slow, or the time given is too short",
        "run `seance status`",
    )
}

/// Why a machine that had come farther is not there any more.
fn gone(farther: &Stage, last: &Stage) -> Option<&'static str> {
    Some(match (farther, last) {
        (Stage::WrongSystem(Kind::Installer), Stage::TimedOut | Stage::NoRoute(_)) => {
            "the installer ended and the new system has not come up: it does not boot, or it has no \
             address on the public interface"
        }
        (Stage::WrongSystem(Kind::Installer), Stage::Refused | Stage::Closed) => {
            "the new system has come up and its sshd has not: it is still booting, or its \
             configuration of ssh is wrong"
        }
        (Stage::WrongSystem(Kind::Installer), Stage::KeyRefused { .. }) => {
            "the new system has come up and lets in other keys than the installer did: \
             `server.ssh_keys` lacks the key that you log in with"
        }
        (Stage::WrongSystem(Kind::Other(_)), Stage::TimedOut | Stage::NoRoute(_)) => {
            "the stock system ended and the installer has not come up: it got no address, or the \
             memory is too small for it"
        }
        (Stage::TooSlow { .. } | Stage::Lost, Stage::TimedOut | Stage::NotSsh(None)) => {
            "the machine was there and has stopped answering: it ran out of memory, or restarts"
        }
        (_, Stage::TimedOut | Stage::NoRoute(_)) => {
            "the machine was there and has stopped answering: it restarts, or a change of network or \
             firewall has shut you out"
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remote::ssh::Host;

    #[tokio::test]
    async fn it_waits_until_it_is_there() {
        let (mut tries, mut told) = (0, Vec::new());
        let found = wait_until(
            Duration::from_secs(20),
            async || {
                tries += 1;
                if tries < 4 {
                    Err(tries / 2)
                } else {
                    Ok("there")
                }
            },
            |_| true,
            |waiting| told.push((*waiting.seen, waiting.is_same)),
        );
        // The first pause is a second; time is what this test is about.
        assert_eq!(found.await, Ok("there"));
        assert_eq!(told, [(0, false), (1, false), (1, true)]);
    }

    #[tokio::test]
    async fn it_gives_up_in_time() {
        let start = Instant::now();
        let patience = Duration::from_millis(500);
        let expired = wait_until(patience, async || Err::<(), _>("no"), |_| true, |_| ()).await;
        let expired = expired.unwrap_err();
        assert!(!expired.is_hopeless);
        assert_eq!(expired.history.len(), 1);
        assert!(start.elapsed() <= patience + Duration::from_secs(2));

        let hangs = async || std::future::pending::<Result<(), &str>>().await;
        let expired = wait_until(patience, hangs, |_| true, |_| ())
            .await
            .unwrap_err();
        assert!(expired.history.is_empty());
        let hopeless = async || Err::<(), _>("never");
        let expired = wait_until(patience, hopeless, |_| false, |_| ())
            .await
            .unwrap_err();
        assert!(expired.is_hopeless && expired.history.len() == 1);
    }

    #[test]
    fn the_likeliest_cause_follows_from_what_was_seen() {
        let host = Host {
            address: "203.0.113.7".into(),
            port: 22,
            user: "root".into(),
            known_hosts: ".seance/known_hosts".into(),
            identity: None,
        };
        let refused = || Stage::KeyRefused {
            methods: vec!["publickey".into()],
            shown: 1,
            problem: None,
        };
        let ubuntu = || Stage::WrongSystem(Kind::Other("Ubuntu 24.04.3 LTS".into()));
        let installer = || Stage::WrongSystem(Kind::Installer);
        let histories = [
            vec![Stage::TimedOut],
            vec![Stage::TimedOut, Stage::Refused, ubuntu()],
            vec![ubuntu(), Stage::TimedOut],
            vec![ubuntu(), installer(), Stage::Refused, Stage::TimedOut],
            vec![installer(), Stage::TimedOut, Stage::Refused],
            vec![installer(), refused()],
            vec![Stage::TooSlow { seconds: 30 }, Stage::NotSsh(None)],
            vec![refused(), Stage::TimedOut],
            vec![],
        ];
        let mut page = String::new();
        for stages in histories {
            let words: Vec<String> = stages.iter().map(|stage| format!("{stage:?}")).collect();
            let history = stages
                .into_iter()
                .map(|stage| (Duration::ZERO, Failure::new(stage, &host)))
                .collect();
            let expired = Expired {
                history,
                is_hopeless: false,
            };
            let Advice { what, cause, next } = expired.advice();
            let words = words.join(" > ");
            page.push_str(&format!(
                "{words}\n  {what}\n  because: {cause}\n  next: {next}\n"
            ));
        }
        insta::assert_snapshot!(page);
    }
}
