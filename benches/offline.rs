//! How fast and how small the offline verbs are, as whole processes of the release build.
//!
//! `cargo bench` prints a table for the example deployment, with ratios against
//! `nix-instantiate --parse` over the same Nix files and against `cat` of the same files, and the
//! growth from 10 to 1,000 services and domains. With `SEANCE_BENCH_ASSERT=1` it fails when a
//! ratio, the memory or the number of processes breaks a promise; never on wall time.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints, and stops at the first surprise"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Set for the copy of this program that runs one command and says how much memory it took.
const MEASURE: &str = "SEANCE_BENCH_MEASURE";
const RUNS: usize = 41;
const VERBS: [&str; 3] = ["check", "diff", "gen"];
/// How many times faster than `nix-instantiate --parse` each verb is meant to be.
const PROMISED_RATIO: f64 = 8.0;
/// What is held on any machine, however long starting a process takes there.
const GUARDED_RATIO: f64 = 4.0;
/// The same for `check`, which judges what the files mean and not only whether they parse.
const GUARDED_RATIO_OF_CHECK: f64 = 1.5;
const PROMISED_MEMORY: u64 = 20 * 1024;
const PROMISED_MEMORY_OF_A_THOUSAND: u64 = 100 * 1024;
/// Ten times the services may take ten times as long; the rest is noise.
const PROMISED_GROWTH: f64 = 15.0;

fn main() {
    if std::env::var_os(MEASURE).is_some() {
        return say_memory();
    }
    let mut broken = Vec::new();
    example(&mut broken);
    scale(&mut broken);
    many_files(&mut broken);
    for promise in &broken {
        println!("broken promise: {promise}");
    }
    let assert = std::env::var_os("SEANCE_BENCH_ASSERT").is_some_and(|value| value == "1");
    assert!(
        !assert || broken.is_empty(),
        "{} broken promises",
        broken.len()
    );
}

/// How long the runs of one command took. Ratios are those of the fastest runs: whatever else the
/// machine does only ever adds to a run.
#[derive(Clone, Copy)]
struct Times {
    best: Duration,
    median: Duration,
}

/// A deployment in a git repository of its own, generated and committed.
struct Deployment {
    folder: tempfile::TempDir,
}

impl Deployment {
    fn new(manifest: &str) -> Self {
        let deployment = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        fs::write(deployment.path().join("seance.toml"), manifest).unwrap();
        deployment.run("git", &["init", "--quiet"]);
        deployment.run(seance(), &["gen", "-q"]);
        deployment.run("git", &["add", "--all"]);
        deployment
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(self.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    #[track_caller]
    fn run(&self, program: &str, arguments: &[&str]) {
        let mut command = self.command(program, arguments);
        let status = command.stderr(Stdio::inherit()).status().unwrap();
        assert!(status.success(), "{program} {arguments:?}: {status}");
    }

    /// Modules with options of their own, ten of which switch each other on.
    fn write_modules(&self, count: usize) {
        let folder = self.path().join("nix/modules");
        fs::create_dir(&folder).unwrap();
        let (mut imports, mut enabled) = (String::new(), String::new());
        for number in 0..count {
            writeln!(imports, "    ./modules/part-{number}.nix").unwrap();
            if number % 10 == 0 {
                writeln!(enabled, "  my.part{number}.enable = true;").unwrap();
            }
            let next = (number % 10 != 9).then(|| format!("my.part{}.enable = true;", number + 1));
            let text = format!(
                "{{ config, lib, pkgs, ... }}:\n\
                 let\n  cfg = config.my.part{number};\n  name = \"part-{number}\";\nin\n\
                 {{\n  options.my.part{number} = {{\n    \
                 enable = lib.mkEnableOption \"part {number}\";\n    \
                 port = lib.mkOption {{ type = lib.types.port; default = {}; }};\n  }};\n\
                   config = lib.mkIf cfg.enable {{\n    {}\n    \
                 environment.systemPackages = with pkgs; [ git curl ];\n    \
                 systemd.services.${{name}} = {{\n      \
                 description = \"Part ${{toString cfg.port}} of many\";\n      \
                 wantedBy = [ \"multi-user.target\" ];\n      \
                 serviceConfig = {{\n        ExecStart = \"${{pkgs.hello}}/bin/hello --port ${{toString cfg.port}}\";\n        \
                 DynamicUser = true;\n        Restart = \"on-failure\";\n      }};\n    }};\n  }};\n}}\n",
                20_000 + number,
                next.unwrap_or_default(),
            );
            fs::write(folder.join(format!("part-{number}.nix")), text).unwrap();
        }
        let extra = format!("{{\n  imports = [\n{imports}  ];\n{enabled}}}\n");
        fs::write(self.path().join("nix/extra.nix"), extra).unwrap();
        self.run("git", &["add", "--all"]);
    }

    /// The generated files, relative, without what git and seance keep for themselves.
    fn files(&self, wanted: fn(&Path) -> bool) -> Vec<String> {
        let mut files = Vec::new();
        let mut folders = vec![self.path().to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let hidden = path.ends_with(".git") || path.ends_with(".seance");
                if path.is_dir() && !hidden {
                    folders.push(path);
                } else if path.is_file() && wanted(&path) {
                    let relative = path.strip_prefix(self.path()).unwrap();
                    files.push(relative.to_str().unwrap().to_owned());
                }
            }
        }
        files.sort();
        files
    }

    /// The wall times of several commands, run in turn so that a busy moment of the
    /// machine touches all of them.
    fn times(&self, commands: &[(&str, Vec<String>)]) -> Vec<Times> {
        let mut times = vec![Vec::new(); commands.len()];
        for run in 0..RUNS + 3 {
            for (index, (program, arguments)) in commands.iter().enumerate() {
                let mut command = self.command(program, &borrowed(arguments));
                let start = Instant::now();
                let status = command.status().unwrap();
                let took = start.elapsed();
                assert!(status.success(), "{program} {arguments:?}: {status}");
                if run >= 3 {
                    times[index].push(took);
                }
            }
        }
        times
            .into_iter()
            .map(|mut times| {
                times.sort();
                Times {
                    best: times[0],
                    median: times[times.len() / 2],
                }
            })
            .collect()
    }

    /// The largest resident size of one run, in KiB.
    fn memory(&self, program: &str, arguments: &[String]) -> u64 {
        let this = std::env::current_exe().unwrap();
        let mut command = self.command(this.to_str().unwrap(), &[program]);
        command
            .args(arguments)
            .env(MEASURE, "1")
            .stdout(Stdio::piped());
        let output = command.output().unwrap();
        String::from_utf8(output.stdout)
            .unwrap()
            .trim()
            .parse()
            .unwrap()
    }

    /// How many programs a run starts besides itself, and how many threads, where strace is.
    fn processes(&self, verb: &str) -> Option<(usize, usize)> {
        let log = self.path().join(".git/strace");
        let strace = which::which("strace").ok()?;
        self.run(
            strace.to_str().unwrap(),
            &[
                "-f",
                "-qq",
                "-e",
                "trace=execve,clone,clone3",
                "-o",
                log.to_str().unwrap(),
                seance(),
                verb,
                "--quiet",
            ],
        );
        let log = fs::read_to_string(log).unwrap();
        // Also `<... execve resumed>`, which is how the end of a call looks between two processes.
        let started = log
            .lines()
            .filter(|line| line.contains("execve") && line.ends_with("= 0"));
        let threads = log.lines().filter(|line| line.contains("CLONE_THREAD"));
        Some((started.count().saturating_sub(1), threads.count()))
    }
}

fn seance() -> &'static str {
    env!("CARGO_BIN_EXE_seance")
}

fn borrowed(arguments: &[String]) -> Vec<&str> {
    arguments.iter().map(String::as_str).collect()
}

/// Runs the command line that follows and prints its largest resident size in KiB.
fn say_memory() {
    let mut arguments = std::env::args().skip(1);
    let status = Command::new(arguments.next().unwrap())
        .args(arguments)
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "{status}");
    let usage = nix::sys::resource::getrusage(nix::sys::resource::UsageWho::RUSAGE_CHILDREN);
    println!("{}", usage.unwrap().max_rss());
}

#[expect(clippy::cast_precision_loss, reason = "microseconds of a short run")]
fn milliseconds(time: Duration) -> f64 {
    time.as_micros() as f64 / 1000.0
}

fn ratio(of: Duration, to: Duration) -> f64 {
    of.as_secs_f64() / to.as_secs_f64()
}

fn example(broken: &mut Vec<String>) {
    let manifest = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("seance.toml");
    let deployment = Deployment::new(&fs::read_to_string(manifest).unwrap());
    let nix_files = deployment.files(|path| path.extension().is_some_and(|kind| kind == "nix"));
    let mut parse = vec!["--parse".to_owned()];
    parse.extend(nix_files.clone());

    let mut commands: Vec<(&str, Vec<String>)> = VERBS
        .iter()
        .map(|verb| (seance(), vec![(*verb).to_owned()]))
        .collect();
    commands.push(("cat", deployment.files(|_| true)));
    let has_nix = which::which("nix-instantiate").is_ok();
    if has_nix {
        commands.push(("nix-instantiate", parse));
    } else {
        broken.push("nix-instantiate is not installed, so nothing was compared with it".to_owned());
    }
    let times = deployment.times(&commands);
    let cat = times[VERBS.len()].best;
    let nix = has_nix.then(|| times[VERBS.len() + 1].best);

    println!(
        "the example deployment: {} Nix files, {RUNS} runs\n",
        nix_files.len()
    );
    println!(
        "{:<20} {:>9} {:>9} {:>7} {:>10} {:>10} {:>10} {:>8}",
        "", "best ms", "median ms", "MiB", "vs nix", "vs cat", "programs", "threads"
    );
    for (index, (program, arguments)) in commands.iter().enumerate() {
        let memory = deployment.memory(program, arguments);
        let verb = VERBS.get(index).copied();
        let faster = nix.map(|nix| ratio(nix, times[index].best));
        let processes = verb.and_then(|verb| deployment.processes(verb));
        let name = verb.map_or_else(|| (*program).to_owned(), |verb| format!("seance {verb}"));
        println!(
            "{name:<20} {:>9.2} {:>9.2} {:>7.1} {:>10} {:>10} {:>10} {:>8}",
            milliseconds(times[index].best),
            milliseconds(times[index].median),
            mebibytes(memory),
            faster.map_or_else(|| "-".to_owned(), |times| format!("{times:.1}x")),
            format!("{:.2}x", ratio(cat, times[index].best)),
            processes.map_or_else(|| "-".to_owned(), |(programs, _)| programs.to_string()),
            processes.map_or_else(|| "-".to_owned(), |(_, threads)| threads.to_string()),
        );
        if verb.is_some() {
            hold(&name, faster, memory, processes, broken);
        }
    }
    println!();
}

/// "vs nix" and "vs cat" say how many times faster than those the command is.
fn hold(
    name: &str,
    faster: Option<f64>,
    memory: u64,
    processes: Option<(usize, usize)>,
    broken: &mut Vec<String>,
) {
    let slower_than = |limit: f64| faster.is_some_and(|times| times < limit);
    let guarded = if name.ends_with("check") {
        GUARDED_RATIO_OF_CHECK
    } else {
        GUARDED_RATIO
    };
    if slower_than(guarded) {
        broken.push(format!(
            "`{name}` is less than {guarded} times faster than nix-instantiate --parse"
        ));
    } else if slower_than(PROMISED_RATIO) {
        println!("{:<20} short of the promised {PROMISED_RATIO}x", "");
    }
    if memory > PROMISED_MEMORY {
        broken.push(format!(
            "`{name}` takes {memory} KiB, promised are {PROMISED_MEMORY}"
        ));
    }
    // One thread with a large stack, for what recurses over hand-written files.
    if let Some((programs, threads)) = processes
        && (programs > 1 || threads > 1)
    {
        broken.push(format!(
            "`{name}` starts {programs} programs and {threads} threads"
        ));
    }
}

#[expect(clippy::cast_precision_loss, reason = "a size for people")]
fn mebibytes(kibibytes: u64) -> f64 {
    kibibytes as f64 / 1024.0
}

fn scale(broken: &mut Vec<String>) {
    println!("`seance check` with as many services as domains, {RUNS} runs\n");
    println!(
        "{:<12} {:>9} {:>9} {:>7} {:>8}",
        "services", "best ms", "median ms", "MiB", "growth"
    );
    let mut previous: Option<Duration> = None;
    for count in [10, 100, 1_000] {
        let deployment = Deployment::new(&manifest_of(count));
        let command = (seance(), vec!["check".to_owned()]);
        let memory = deployment.memory(command.0, &command.1);
        let times = deployment.times(&[command])[0];
        let growth = previous.map(|previous| ratio(times.best, previous));
        println!(
            "{count:<12} {:>9.2} {:>9.2} {:>7.1} {:>8}",
            milliseconds(times.best),
            milliseconds(times.median),
            mebibytes(memory),
            growth.map_or_else(|| "-".to_owned(), |times| format!("{times:.1}x")),
        );
        if growth.is_some_and(|times| times > PROMISED_GROWTH) {
            broken.push(format!(
                "{count} services take {PROMISED_GROWTH} times as long as a tenth of them"
            ));
        }
        if memory > PROMISED_MEMORY_OF_A_THOUSAND {
            broken.push(format!("{count} services take {memory} KiB"));
        }
        previous = Some(times.best);
    }
}

/// A manifest with this many services, each with a domain and a port of its own.
/// A deployment whose hand-written part is a tree of modules that depend on each other.
fn many_files(broken: &mut Vec<String>) {
    println!("\n`seance check` with many hand-written Nix files, {RUNS} runs\n");
    println!(
        "{:<12} {:>9} {:>9} {:>7} {:>8}",
        "Nix files", "best ms", "median ms", "MiB", "growth"
    );
    let manifest = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("seance.toml");
    let manifest = fs::read_to_string(manifest).unwrap();
    let mut previous: Option<Duration> = None;
    for count in [50, 500] {
        let deployment = Deployment::new(&manifest);
        deployment.write_modules(count);
        let command = (seance(), vec!["check".to_owned()]);
        let memory = deployment.memory(command.0, &command.1);
        let times = deployment.times(&[command])[0];
        let growth = previous.map(|previous| ratio(times.best, previous));
        println!(
            "{count:<12} {:>9.2} {:>9.2} {:>7.1} {:>8}",
            milliseconds(times.best),
            milliseconds(times.median),
            mebibytes(memory),
            growth.map_or_else(|| "-".to_owned(), |times| format!("{times:.1}x")),
        );
        if growth.is_some_and(|times| times > PROMISED_GROWTH) {
            broken.push(format!(
                "{count} files take {PROMISED_GROWTH} times as long as a tenth of them"
            ));
        }
        previous = Some(times.best);
    }
}

fn manifest_of(count: usize) -> String {
    let smallest = include_str!("../tests/data/smallest.toml");
    let (head, _) = smallest.split_once("[domains]").unwrap();
    let mut manifest = format!(
        "{}\n[domains]\n",
        head.replace("[server]\n", "[server]\nprofile = \"prod\"\n")
    );
    for index in 0..count {
        writeln!(manifest, "d{index} = \"d{index}.example.org\"").unwrap();
    }
    for index in 0..count {
        let port = 10_000 + index;
        writeln!(
            manifest,
            "\n[services.s{index}]\ncommand = \"run --port {port}\"\nport = {port}\ndomains = [\"d{index}\"]"
        )
        .unwrap();
    }
    manifest.push_str(
        "\n[profiles.prod.env]\nCADDY_DOMAIN = \"d0.example.org\"\nAPP_DOMAIN = \"d1.example.org\"\n",
    );
    manifest
}
