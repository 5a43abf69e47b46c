//! Running the engine: its lines as they come, a first interrupt that asks and a second that
//! forces, no process left behind.

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::{mpsc, watch};

use super::environment::Environment;

/// How long a child that was told to stop at once may take before it is killed.
const GRACE: Duration = Duration::from_secs(10);
/// How long a child may take to stop once its time is over.
const SECOND_NOTICE: Duration = Duration::from_mins(1);
/// How often a growing log is looked at.
const LOOK: Duration = Duration::from_millis(50);

/// Which stream a line came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Output,
    /// Standard error.
    Error,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// The exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// How often the person interrupted.
    pub interrupts: u32,
}

impl Ended {
    /// Whether it did what it was asked to do.
    pub fn is_fine(self) -> bool {
        self.code == Some(0)
    }
}

/// What a person's Ctrl-C does: it is counted here, and never ends seance itself.
#[derive(Debug)]
pub struct Interrupts {
    receiver: mpsc::UnboundedReceiver<()>,
    deadline: Option<tokio::time::Instant>,
    is_expired: bool,
}

impl Interrupts {
    /// Listens for Ctrl-C and for the signal that asks a process to end, from now on.
    pub fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let (sender, receiver) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                }
                if sender.send(()).is_err() {
                    return;
                }
            }
        });
        Ok(Self::from(receiver))
    }

    /// Never interrupted; for short runs and tests.
    pub fn none() -> (mpsc::UnboundedSender<()>, Self) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (sender, Self::from(receiver))
    }

    fn from(receiver: mpsc::UnboundedReceiver<()>) -> Self {
        Self {
            receiver,
            deadline: None,
            is_expired: false,
        }
    }

    /// Interrupts by itself when the time is over, until [`Interrupts::unbound`].
    pub fn bound(&mut self, patience: Duration) {
        self.deadline = Some(tokio::time::Instant::now() + patience);
        self.is_expired = false;
    }

    /// Waits for people alone again; whether the time was over before.
    pub fn unbound(&mut self) -> bool {
        self.deadline = None;
        std::mem::take(&mut self.is_expired)
    }

    /// Waits for the next interrupt, or for the end of the time; for ever when there is neither.
    pub async fn next(&mut self) {
        let over = async {
            match self.deadline {
                Some(deadline) => tokio::time::sleep_until(deadline).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            Some(()) = self.receiver.recv() => {}
            () = over => {
                self.is_expired = true;
                // Whoever does not stop when asked is told again.
                self.deadline = Some(tokio::time::Instant::now() + SECOND_NOTICE);
            }
        }
    }
}

/// A program to be run.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    /// The program.
    pub program: &'a Path,
    /// Its arguments, none of them secret: everybody on the machine can read them.
    pub arguments: &'a [OsString],
    /// The folder it runs in.
    pub folder: &'a Path,
    /// Everything that it sees of the environment.
    pub environment: &'a Environment,
}

impl Run<'_> {
    /// Hands on its lines as they come.
    ///
    /// It runs in a process group of its own: a Ctrl-C on the terminal reaches seance alone, which
    /// passes exactly one on. The second one asks the whole group to end, and after a grace it is
    /// killed.
    pub async fn lines(
        &self,
        interrupts: &mut Interrupts,
        on_line: impl FnMut(Stream, &str),
        on_interrupt: impl FnMut(u32),
    ) -> io::Result<Ended> {
        let mut child = self.spawn(Stdio::piped(), Stdio::piped())?;
        let (sender, receiver) = mpsc::channel(64);
        if let Some(stdout) = child.stdout.take() {
            tokio::spawn(forward(Stream::Output, stdout, sender.clone()));
        }
        if let Some(stderr) = child.stderr.take() {
            tokio::spawn(forward(Stream::Error, stderr, sender));
        }
        attend(child, receiver, None, interrupts, on_line, on_interrupt).await
    }

    /// As [`Run::lines`], but the program writes into a file, which is read along.
    ///
    /// So it goes on to its end even when seance itself is killed: a broken pipe would stop it in
    /// the middle of making something that its state does not know yet. The file is locked for as
    /// long as the program, or a child of it, lives.
    pub async fn logged(
        &self,
        log: Log,
        interrupts: &mut Interrupts,
        on_line: impl FnMut(Stream, &str),
        on_interrupt: impl FnMut(u32),
    ) -> io::Result<Ended> {
        let child = self.spawn(log.writer.try_clone()?.into(), log.writer.into())?;
        let (sender, receiver) = mpsc::channel(64);
        let (ended, is_over) = watch::channel(false);
        tokio::spawn(follow(
            tokio::fs::File::from_std(log.reader),
            is_over,
            sender,
        ));
        attend(
            child,
            receiver,
            Some(ended),
            interrupts,
            on_line,
            on_interrupt,
        )
        .await
    }

    /// Gives back what it printed on standard output and standard error.
    pub async fn capture(
        &self,
        interrupts: &mut Interrupts,
    ) -> io::Result<(Ended, String, String)> {
        let (mut output, mut error) = (String::new(), String::new());
        let on_line = |stream, line: &str| {
            let text = match stream {
                Stream::Output => &mut output,
                Stream::Error => &mut error,
            };
            text.push_str(line);
            text.push('\n');
        };
        let ended = self.lines(interrupts, on_line, |_| ()).await?;
        Ok((ended, output, error))
    }

    fn spawn(&self, output: Stdio, error: Stdio) -> io::Result<Child> {
        Command::new(self.program)
            .args(self.arguments)
            .current_dir(self.folder)
            .env_clear()
            .envs(self.environment.variables())
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(error)
            .process_group(0)
            .spawn()
    }
}

/// A file that a program writes into while it is read.
#[derive(Debug)]
pub struct Log {
    writer: std::fs::File,
    reader: std::fs::File,
}

impl Log {
    /// Opens a log, empty and locked; `None` while a program still writes into it.
    pub fn open(path: &Path) -> io::Result<Option<Self>> {
        use std::os::unix::fs::OpenOptionsExt as _;
        let mut options = std::fs::OpenOptions::new();
        options.append(true).create(true).mode(0o600);
        let writer = options.open(path)?;
        match writer.try_lock() {
            Ok(()) => {}
            Err(std::fs::TryLockError::WouldBlock) => return Ok(None),
            Err(std::fs::TryLockError::Error(error)) => return Err(error),
        }
        writer.set_len(0)?;
        let reader = std::fs::File::open(path)?;
        Ok(Some(Self { writer, reader }))
    }
}

/// Waits for a child, handing its lines and a person's interrupts on.
async fn attend(
    mut child: Child,
    mut receiver: mpsc::Receiver<(Stream, String)>,
    ended: Option<watch::Sender<bool>>,
    interrupts: &mut Interrupts,
    mut on_line: impl FnMut(Stream, &str),
    mut on_interrupt: impl FnMut(u32),
) -> io::Result<Ended> {
    let mut count = 0;
    let mut deadline = None;
    let status = loop {
        let grace = async {
            match deadline {
                Some(deadline) => tokio::time::sleep_until(deadline).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            // Lines first, so that what a child says last is never lost.
            biased;
            Some((stream, line)) = receiver.recv() => on_line(stream, &line),
            status = child.wait() => break status?,
            () = interrupts.next() => {
                count += 1;
                on_interrupt(count);
                if stop(&child, count) {
                    deadline = Some(tokio::time::Instant::now() + GRACE);
                }
            }
            () = grace => {
                deadline = None;
                end_group(&child, rustix::process::Signal::KILL);
            }
        }
    };
    if let Some(ended) = ended {
        ended.send_replace(true);
    }
    // A grandchild may hold a pipe open for ever: what is written by now is what counts.
    let rest = async {
        while let Some((stream, line)) = receiver.recv().await {
            on_line(stream, &line);
        }
    };
    let _ = tokio::time::timeout(Duration::from_millis(500), rest).await;
    Ok(Ended {
        code: status.code(),
        interrupts: count,
    })
}

/// Reads a growing file until the program that writes it is over.
async fn follow(
    file: tokio::fs::File,
    is_over: watch::Receiver<bool>,
    sender: mpsc::Sender<(Stream, String)>,
) {
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    loop {
        let was_over = *is_over.borrow();
        match reader.read_until(b'\n', &mut line).await {
            Err(_) => return,
            Ok(_) if line.ends_with(b"\n") || (was_over && !line.is_empty()) => {
                if sender
                    .send((Stream::Output, text(&mut line)))
                    .await
                    .is_err()
                {
                    return;
                }
            }
            Ok(_) if was_over => return,
            // The rest of the line is still to be written.
            Ok(_) => tokio::time::sleep(LOOK).await,
        }
    }
}

async fn forward(
    stream: Stream,
    source: impl AsyncRead + Unpin,
    sender: mpsc::Sender<(Stream, String)>,
) {
    let mut reader = BufReader::new(source);
    let mut line = Vec::new();
    loop {
        line.clear();
        match reader.read_until(b'\n', &mut line).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        if sender.send((stream, text(&mut line))).await.is_err() {
            return;
        }
    }
}

/// Takes a line out of its buffer, without its end.
fn text(line: &mut Vec<u8>) -> String {
    while matches!(line.last(), Some(b'\n' | b'\r')) {
        line.pop();
    }
    let text = String::from_utf8_lossy(line).into_owned();
    line.clear();
    text
}

/// Passes an interrupt on; whether it was one that forces.
fn stop(child: &Child, count: u32) -> bool {
    if count == 1 {
        if let Some(pid) = pid(child) {
            // The engine alone: it stops its providers and provisioners itself, and saves.
            // Not the signal of Ctrl-C: a shell's background job ignores that, children and all.
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        }
        return false;
    }
    end_group(child, rustix::process::Signal::TERM);
    true
}

fn end_group(child: &Child, signal: rustix::process::Signal) {
    if let Some(pid) = pid(child) {
        let _ = rustix::process::kill_process_group(pid, signal);
    }
}

/// `None` once it has ended, so that no number of another process is ever signalled.
fn pid(child: &Child) -> Option<rustix::process::Pid> {
    let id = i32::try_from(child.id()?).ok()?;
    rustix::process::Pid::from_raw(id)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn script(text: &str) -> (PathBuf, Vec<OsString>) {
        ("/bin/sh".into(), vec!["-c".into(), text.into()])
    }

    fn environment() -> Environment {
        let mut environment = Environment::default();
        environment.set("PATH", "/usr/local/bin:/usr/bin:/bin");
        environment.set("MARK", "42");
        environment
    }

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.unwrap().block_on(future)
    }

    fn run_in<'a>(program: &'a (PathBuf, Vec<OsString>), environment: &'a Environment) -> Run<'a> {
        Run {
            program: &program.0,
            arguments: &program.1,
            folder: Path::new("/"),
            environment,
        }
    }

    #[test]
    fn lines_arrive_with_their_stream_and_the_environment_is_ours() {
        let program = script("echo $MARK; echo problem >&2; printf 'no end'; exit 3");
        let environment = environment();
        let (_sender, mut interrupts) = Interrupts::none();
        let run = run_in(&program, &environment);
        let (ended, output, error) = block_on(run.capture(&mut interrupts)).unwrap();
        assert_eq!(ended.code, Some(3));
        assert_eq!(output, "42\nno end\n");
        assert_eq!(error, "problem\n");
    }

    #[test]
    fn a_log_is_read_along_and_locked_while_anybody_writes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        std::fs::write(&path, "old\n").unwrap();
        let program =
            script("echo one; sleep 0.2; printf 'tw'; sleep 0.2; echo o >&2; printf three");
        let environment = environment();
        let (_sender, mut interrupts) = Interrupts::none();
        let log = Log::open(&path).unwrap().unwrap();
        let mut seen = Vec::new();
        let ended = block_on(run_in(&program, &environment).logged(
            log,
            &mut interrupts,
            |_, line| {
                assert!(
                    line != "one" || Log::open(&path).unwrap().is_none(),
                    "locked"
                );
                seen.push(line.to_owned());
            },
            |_| (),
        ));
        assert!(ended.unwrap().is_fine());
        assert_eq!(seen, ["one", "two", "three"]);
        assert!(Log::open(&path).unwrap().is_some(), "free again");
    }

    #[test]
    fn the_first_interrupt_asks_and_is_passed_on_once() {
        let program =
            script("trap 'echo asked; exit 1' TERM; echo ready; while :; do sleep 0.05; done");
        let environment = environment();
        let (sender, mut interrupts) = Interrupts::none();
        let mut seen = Vec::new();
        let on_line = |_, line: &str| {
            if line == "ready" {
                sender.send(()).unwrap();
            }
            seen.push(line.to_owned());
        };
        let run = run_in(&program, &environment);
        let ended = block_on(run.lines(&mut interrupts, on_line, |_| ())).unwrap();
        assert_eq!(seen, ["ready", "asked"]);
        assert_eq!((ended.code, ended.interrupts), (Some(1), 1));
    }

    #[test]
    fn the_second_interrupt_ends_the_whole_group() {
        let program = script("trap 'echo asked' TERM; echo ready; sleep 60 & wait; wait; exit 7");
        let environment = environment();
        let (sender, mut interrupts) = Interrupts::none();
        let started = std::time::Instant::now();
        let on_line = |_, line: &str| {
            // Once when it is ready, and once more when it only said that it was asked.
            if ["ready", "asked"].contains(&line) {
                let _ = sender.send(());
            }
        };
        let run = run_in(&program, &environment);
        let ended = block_on(run.lines(&mut interrupts, on_line, |_| ())).unwrap();
        assert_eq!(ended.code, Some(7));
        assert!(ended.interrupts >= 2, "{}", ended.interrupts);
        assert!(started.elapsed() < GRACE, "it had to be killed");
    }

    #[test]
    fn the_end_of_the_time_asks_like_a_person() {
        let program = script("trap 'exit 1' TERM; while :; do sleep 0.05; done");
        let environment = environment();
        let (_sender, mut interrupts) = Interrupts::none();
        let run = run_in(&program, &environment);
        let ended = block_on(async {
            interrupts.bound(Duration::from_millis(200));
            run.lines(&mut interrupts, |_, _| (), |_| ()).await.unwrap()
        });
        assert_eq!((ended.code, ended.interrupts), (Some(1), 1));
        assert!(interrupts.unbound(), "the time was over");
        assert!(!interrupts.unbound(), "and that is told once");
    }

    #[test]
    fn a_program_that_is_not_there_is_an_error() {
        let program = (PathBuf::from("/nowhere"), Vec::new());
        let environment = environment();
        let (_sender, mut interrupts) = Interrupts::none();
        let run = run_in(&program, &environment);
        let error = block_on(run.capture(&mut interrupts)).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }
}
