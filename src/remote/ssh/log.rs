//! What OpenSSH's own log says about a login that failed.

use std::path::Path;
use std::time::Duration;

use super::stage::{KeyProblem, Stage};
use crate::remote::printable;

/// The log of one run of `ssh` at the level DEBUG1, apart from what the remote side wrote.
pub(super) struct Log<'a>(pub(super) &'a str);

impl<'a> Log<'a> {
    fn lines(&self) -> impl Iterator<Item = &'a str> {
        self.0.lines().map(str::trim_end)
    }

    fn has(&self, words: &str) -> bool {
        self.0.contains(words)
    }

    /// What follows the last line's part `words`.
    fn after(&self, words: &str) -> Option<&'a str> {
        let rest = |line: &'a str| line.split_once(words).map(|(_, rest)| rest);
        self.lines().filter_map(rest).last()
    }

    /// Whether the machine let us in.
    pub(super) fn is_authenticated(&self) -> bool {
        self.lines()
            .any(|line| line.starts_with("Authenticated to "))
    }

    /// The exit status that the remote side reported, which ssh's own 255 is not. A command that
    /// was killed has -1; ssh writes the same when no status came at all.
    pub(super) fn exit_status(&self) -> Option<i32> {
        let status = |line: &str| line.strip_prefix("debug1: Exit status ")?.parse().ok();
        let status = self.lines().filter_map(status).last()?;
        (status >= 0 || self.has(" rtype exit-signal ")).then_some(status)
    }

    /// Whether ssh goes to the machine through another program or host.
    pub(super) fn is_proxied(&self) -> bool {
        self.has("debug1: Executing proxy ") || self.has("debug1: Setting implicit ProxyCommand")
    }

    /// Where a login that failed ended; nothing when the log does not say.
    pub(super) fn stage(&self) -> Option<Stage> {
        self.host_key()
            .or_else(|| self.key_refused())
            .or_else(|| self.connection())
            .or_else(|| self.greeting())
    }

    /// Where a login was that took longer than it might.
    pub(super) fn cut_off(&self, patience: Duration) -> Stage {
        if self.is_authenticated() {
            let seconds = patience.as_secs();
            Stage::TooSlow { seconds }
        } else if self.has("debug1: Connection established") {
            Stage::NotSsh(None)
        } else {
            Stage::TimedOut
        }
    }

    fn connection(&self) -> Option<Stage> {
        if self.has("ssh: Could not resolve hostname") {
            return Some(Stage::NoName);
        }
        let (_, why) = self.after("ssh: connect to host ")?.rsplit_once(": ")?;
        Some(match why {
            "Connection refused" => Stage::Refused,
            "Connection timed out" | "Operation timed out" => Stage::TimedOut,
            other => Stage::NoRoute(printable(&other.to_lowercase())),
        })
    }

    fn greeting(&self) -> Option<Stage> {
        if let Some(line) = self.after("kex_exchange_identification: banner line 0: ") {
            return Some(Stage::NotSsh(Some(printable(line))));
        }
        if self.has("timed out during banner exchange") {
            return Some(Stage::NotSsh(None));
        }
        let ended = ["Connection closed by", "Connection reset by"];
        ended
            .iter()
            .any(|words| self.has(words))
            .then_some(Stage::Closed)
    }

    fn host_key(&self) -> Option<Stage> {
        if !self.has("Host key verification failed") {
            return None;
        }
        let offered = self
            .after("debug1: Server host key: ")
            .and_then(|key| key.split_whitespace().nth(1))
            .map(printable);
        Some(if self.has("REMOTE HOST IDENTIFICATION HAS CHANGED") {
            Stage::HostKeyChanged {
                known: self.offending(),
                offered,
            }
        } else {
            Stage::HostKeyUnknown { offered }
        })
    }

    /// The fingerprint of the pinned key that the machine's key contradicts.
    fn offending(&self) -> Option<String> {
        let (file, line) = self
            .lines()
            .filter(|line| line.starts_with("Offending "))
            .find_map(|line| line.split_once(" key in ")?.1.rsplit_once(':'))?;
        let text = std::fs::read_to_string(Path::new(file)).ok()?;
        let number: usize = line.parse().ok()?;
        fingerprint(text.lines().nth(number.checked_sub(1)?)?)
    }

    fn key_refused(&self) -> Option<Stage> {
        let too_many = self.has("Too many authentication failures");
        let denied = self
            .lines()
            .find_map(|line| line.split_once("Permission denied (")?.1.strip_suffix(")."));
        if denied.is_none() && !too_many {
            return None;
        }
        let methods = denied.or_else(|| self.after("Authentications that can continue: "));
        let problem = if too_many {
            Some(KeyProblem::TooMany)
        } else if self.has("WARNING: UNPROTECTED PRIVATE KEY FILE") {
            Some(KeyProblem::Readable)
        } else if self.has("debug1: Server accepts key: ") {
            Some(KeyProblem::Locked)
        } else {
            None
        };
        let shown = |line: &&str| line.starts_with("debug1: Offering public key: ");
        Some(Stage::KeyRefused {
            methods: methods
                .map(|methods| methods.split(',').map(printable).collect())
                .unwrap_or_default(),
            shown: self.lines().filter(shown).count(),
            problem,
        })
    }

    /// ssh's last words that are meant for a person.
    pub(super) fn last_words(&self) -> Vec<String> {
        let words = self.lines().filter(|line| {
            !line.is_empty() && !line.starts_with("debug") && !line.starts_with("Authenticated to")
        });
        let mut last: Vec<String> = words.map(printable).collect();
        last.drain(..last.len().saturating_sub(3));
        last
    }
}

/// The SHA-256 fingerprint of the key in a line of `known_hosts`.
fn fingerprint(line: &str) -> Option<String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let pair = words.windows(2).find_map(|pair| {
        ssh_key::PublicKey::from_openssh(&format!("{} {}", pair[0], pair[1])).ok()
    })?;
    Some(pair.fingerprint(ssh_key::HashAlg::Sha256).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stage(log: &str) -> Option<Stage> {
        Log(log).stage()
    }

    #[test]
    fn connections_that_fail() {
        let connect = |why: &str| {
            stage(&format!(
                "ssh: connect to host 203.0.113.7 port 22: {why}\r\n"
            ))
        };
        assert_eq!(connect("Connection refused"), Some(Stage::Refused));
        assert_eq!(connect("Connection timed out"), Some(Stage::TimedOut));
        assert_eq!(connect("Operation timed out"), Some(Stage::TimedOut));
        assert_eq!(
            connect("No route to host"),
            Some(Stage::NoRoute("no route to host".into()))
        );
        assert_eq!(
            stage("ssh: Could not resolve hostname a.example: Name or service not known"),
            Some(Stage::NoName)
        );
    }

    #[test]
    fn greetings_that_fail() {
        assert_eq!(
            stage(
                "debug1: Connection established.\n\
                 debug1: kex_exchange_identification: banner line 0: HTTP/1.1 400 Bad Request\n\
                 kex_exchange_identification: read: Connection reset by peer\n"
            ),
            Some(Stage::NotSsh(Some("HTTP/1.1 400 Bad Request".into())))
        );
        assert_eq!(
            stage("Connection timed out during banner exchange\n"),
            Some(Stage::NotSsh(None))
        );
        assert_eq!(
            stage("kex_exchange_identification: Connection closed by remote host\n"),
            Some(Stage::Closed)
        );
        assert_eq!(stage("debug1: something\n"), None);
    }

    #[test]
    fn keys_that_are_refused() {
        let refused = |log: &str| match stage(log) {
            Some(Stage::KeyRefused {
                methods,
                shown,
                problem,
            }) => (methods.join("+"), shown, problem),
            other => panic!("{other:?}"),
        };
        assert_eq!(
            refused(
                "debug1: Offering public key: /home/a/.ssh/id_ed25519 ED25519 SHA256:x explicit\n\
                 root@203.0.113.7: Permission denied (publickey,password).\n"
            ),
            ("publickey+password".into(), 1, None)
        );
        assert_eq!(
            refused(
                "debug1: Authentications that can continue: publickey\n\
                 Received disconnect from 203.0.113.7 port 22:2: Too many authentication failures\n"
            ),
            ("publickey".into(), 0, Some(KeyProblem::TooMany))
        );
    }

    #[test]
    fn the_remote_status_is_told_from_the_own_one() {
        assert_eq!(Log("debug1: Exit status 255\n").exit_status(), Some(255));
        assert_eq!(Log("debug1: Exit status -1\n").exit_status(), None);
        assert_eq!(Log("Connection closed by peer\n").exit_status(), None);
    }

    #[test]
    fn a_hashed_line_has_a_fingerprint_too() {
        let key =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMbtiFrGAJ6xqUAAgasu6OK9cixH9uVQpAtLrQzUgjyJ";
        let plain = fingerprint(&format!("[203.0.113.7]:22 {key} comment")).unwrap();
        assert!(plain.starts_with("SHA256:"));
        let hashed = fingerprint(&format!("|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|x {key}"));
        assert_eq!(hashed.as_ref(), Some(&plain));
        assert_eq!(fingerprint("# nothing"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_log_is_too_strange(
            lines in proptest::collection::vec(
                "(Offending .* key in|debug1: (Exit status|Server host key:)|Permission denied \\(|\
                 ssh: connect to host|Host key verification failed|\
                 REMOTE HOST IDENTIFICATION HAS CHANGED)[ -~]{0,30}",
                0..8,
            ),
        ) {
            let text = lines.join("\n");
            let log = Log(&text);
            let _any = (log.stage(), log.exit_status(), log.last_words());
        }
    }
}
