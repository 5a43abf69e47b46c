//! One child process with everything that it starts, bounded in time and in what it may say.

use std::io;
use std::process::{ExitStatus, Stdio};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};

/// Which of the two streams a line came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// The data.
    Stdout,
    /// Everything else.
    Stderr,
}

/// A child that leads a process group of its own; dropping it ends the whole group.
struct Group(Child);

impl Drop for Group {
    fn drop(&mut self) {
        // `id` is there as long as the child has not been waited for, so the number is still its own.
        let id = self.0.id().and_then(|id| i32::try_from(id).ok());
        if let Some(pid) = id.and_then(Pid::from_raw) {
            // A group that is gone already is what was wanted.
            let _gone = kill_process_group(pid, Signal::KILL);
        }
    }
}

/// Runs to the end, writing `input` and handing over each piece of output as it comes.
///
/// Dropping the future (a deadline, an interruption) kills the child and whatever it started.
pub(super) async fn run(
    mut command: Command,
    input: &[u8],
    mut heard: impl FnMut(Stream, &[u8]),
) -> io::Result<ExitStatus> {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true);
    let mut group = Group(command.spawn()?);
    let (stdin, stdout, stderr) = (
        group.0.stdin.take(),
        group.0.stdout.take(),
        group.0.stderr.take(),
    );
    let writing = async {
        if let Some(mut stdin) = stdin {
            // A child that ends early does not read all; its exit status says why.
            let _unread = stdin.write_all(input).await;
        }
    };
    let reading = async {
        let (Some(mut stdout), Some(mut stderr)) = (stdout, stderr) else {
            return;
        };
        let (mut out, mut err) = (vec![0; 8192], vec![0; 8192]);
        let (mut out_open, mut err_open) = (true, true);
        while out_open || err_open {
            let (stream, part) = tokio::select! {
                length = stdout.read(&mut out), if out_open => {
                    let length = length.unwrap_or(0);
                    out_open = length > 0;
                    (Stream::Stdout, &out[..length])
                }
                length = stderr.read(&mut err), if err_open => {
                    let length = length.unwrap_or(0);
                    err_open = length > 0;
                    (Stream::Stderr, &err[..length])
                }
            };
            heard(stream, part);
        }
    };
    tokio::join!(writing, reading);
    group.0.wait().await
}

/// Cuts pieces of output into lines. An endless line is handed over in parts.
#[derive(Default)]
pub(super) struct Lines {
    unfinished: Vec<u8>,
}

impl Lines {
    const LONGEST: usize = 16 * 1024;

    /// Takes a piece, and gives each line that it ends; an empty piece is the end of the stream.
    pub(super) fn take(&mut self, part: &[u8], mut line: impl FnMut(&str)) {
        for &byte in part {
            if byte == b'\n' || self.unfinished.len() >= Self::LONGEST {
                self.give(&mut line);
            }
            if byte != b'\n' {
                self.unfinished.push(byte);
            }
        }
        if part.is_empty() && !self.unfinished.is_empty() {
            self.give(&mut line);
        }
    }

    fn give(&mut self, line: &mut impl FnMut(&str)) {
        let text = String::from_utf8_lossy(&self.unfinished);
        line(text.strip_suffix('\r').unwrap_or(&text));
        self.unfinished.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[tokio::test]
    async fn both_streams_arrive_and_more_input_than_a_pipe_holds() {
        let input = vec![b'x'; 300_000];
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let status = run(
            shell("cat; echo bad >&2; exit 3"),
            &input,
            |stream, part| match stream {
                Stream::Stdout => out.extend_from_slice(part),
                Stream::Stderr => err.extend_from_slice(part),
            },
        )
        .await
        .unwrap();
        assert_eq!(status.code(), Some(3));
        assert_eq!(out.len(), input.len());
        assert_eq!(err, b"bad\n");
    }

    #[tokio::test]
    async fn a_child_that_does_not_read_is_no_error() {
        let status = run(shell("exit 0"), &vec![b'x'; 300_000], |_, _| ()).await;
        assert!(status.unwrap().success());
    }

    #[tokio::test]
    async fn a_deadline_ends_the_grandchildren_too() {
        let start = Instant::now();
        let mut said = Vec::new();
        let running = run(shell("sleep 30 & echo $!; wait"), b"", |_, part| {
            said.extend_from_slice(part);
        });
        let ended = tokio::time::timeout(Duration::from_millis(500), running).await;
        assert!(ended.is_err());
        let grandchild: i32 = String::from_utf8(said).unwrap().trim().parse().unwrap();
        let file = format!("/proc/{grandchild}/stat");
        let alive = || std::fs::read_to_string(&file).is_ok_and(|text| !text.contains(") Z"));
        while alive() && start.elapsed() < Duration::from_secs(5) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert!(!alive(), "the grandchild outlived the deadline");
    }

    #[test]
    fn lines_come_whole() {
        let mut lines = Lines::default();
        let mut seen = Vec::new();
        for part in [&b"on"[..], b"e\r\ntwo\nth", b"ree", b""] {
            lines.take(part, |line| seen.push(line.to_owned()));
        }
        assert_eq!(seen, ["one", "two", "three"]);
        let mut longest = 0;
        lines.take(&vec![b'x'; 100_000], |line| {
            longest = longest.max(line.len());
        });
        assert_eq!(longest, Lines::LONGEST);
    }
}
