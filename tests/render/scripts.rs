//! Generated shell: parsed by bash, and run by a real `sh`.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use seance::deployment::Run;

use super::literals::{at, literals, scripts};
use super::support::{body, manifest_with, rendered};

/// Runs a script with a `docker` that writes each of its arguments, ended by NUL, to a file, and
/// finds nothing to remove. Gives the arguments of every call; the script must succeed.
#[track_caller]
fn docker_calls(script: &str) -> Vec<Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let calls = folder.path().join("calls");
    // A program that this process wrote itself may still be open in a child of another test.
    let stand_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/render/stand-in");
    let output = Command::new("sh")
        .args(["-ec", script])
        .env_clear()
        .env("PATH", format!("{}:/usr/bin:/bin", stand_in.display()))
        .env("CALLS", &calls)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}\n{script}");
    let text = fs::read_to_string(calls).unwrap();
    let mut words: Vec<String> = text.split('\0').map(str::to_owned).collect();
    words.pop();
    let calls = words.split(|word| word == "\u{1}");
    let mut calls: Vec<Vec<String>> = calls.map(<[String]>::to_vec).collect();
    calls.pop();
    calls
}

/// The environment that `docker run` is asked to give the container.
#[track_caller]
pub(crate) fn docker_environment(script: &str) -> BTreeMap<String, String> {
    let calls = docker_calls(script);
    let run = calls.last().unwrap();
    assert_eq!(run[0], "run", "{calls:?}");
    let pairs = run.windows(2).filter(|pair| pair[0] == "--env");
    pairs
        .filter_map(|pair| pair[1].split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

#[test]
fn docker_gets_every_word_of_every_container() {
    let mut seen = 0;
    for (path, deployment, tree) in rendered() {
        let Some(file) = tree.files.get("nix/devenv-profiles.nix") else {
            continue;
        };
        let devenv = literals(&file.body);
        for (name, service) in &deployment.services {
            let Run::Container { image, .. } = &service.run else {
                continue;
            };
            seen += 1;
            let script = at(&devenv, &format!("processes.{name}.exec")).concat();
            let container = format!("{}-{name}", deployment.server().name);
            let calls = docker_calls(&script);
            assert_eq!(calls[0], ["rm", "--force", container.as_str()]);
            let run = &calls[1];
            let start = ["run", "--rm", "--init", "--name", container.as_str()];
            assert_eq!(run[..5], start, "{}", path.display());
            assert_eq!(run.last().unwrap(), image.as_str());
            let env: BTreeMap<String, String> = service
                .env
                .iter()
                .map(|(key, value)| (key.to_string(), value.clone()))
                .collect();
            assert_eq!(docker_environment(&script), env, "{}", path.display());
            for secret in &service.secrets {
                let pair = ["--env".to_owned(), secret.to_string()];
                assert!(run.windows(2).any(|words| words == pair), "{run:?}");
            }
        }
    }
    assert!(seen > 5, "only {seen} containers");
}

#[test]
fn bash_parses_every_script() {
    let mut count = 0;
    for (path, _, tree) in rendered() {
        for (file, rendered) in &tree.files {
            let found = match file.rsplit_once('.').map(|(_, extension)| extension) {
                Some("nix") => scripts(&rendered.body)
                    .into_iter()
                    .map(|script| (script.path, script.text))
                    .collect(),
                Some("tf") => here_documents(&rendered.body),
                _ => Vec::new(),
            };
            for (place, script) in found {
                count += 1;
                assert_parses(&script, &format!("{place} in {file} of {}", path.display()));
            }
        }
    }
    assert!(count > 50, "only {count} scripts");
}

/// The commands of `variables.tf`, each between `<<-EOT` and `EOT`.
fn here_documents(hcl: &str) -> Vec<(String, String)> {
    let mut documents = Vec::new();
    let mut rest = hcl;
    while let Some((_, after)) = rest.split_once("<<-EOT\n") {
        let (document, after) = after.split_once("EOT\n").unwrap();
        documents.push(("a command".to_owned(), document.to_owned()));
        rest = after;
    }
    documents
}

#[track_caller]
fn assert_parses(script: &str, place: &str) {
    let mut bash = Command::new("bash")
        .arg("-n")
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = bash.stdin.take().unwrap();
    stdin.write_all(script.as_bytes()).unwrap();
    drop(stdin);
    let output = bash.wait_with_output().unwrap();
    assert!(output.status.success(), "{place}: {output:?}\n{script}");
}

/// Runs the `prepare` script of a manifest in a folder.
fn run_prepare(manifest: &str, folder: &Path) -> std::process::Output {
    let unit = literals(&body(manifest, "nix/service.nix"));
    Command::new("bash")
        .args(["-c", &at(&unit, "prepare").concat()])
        .current_dir(folder)
        .output()
        .unwrap()
}

const TWO_STEPS: &str = "[services.web]\ncommand = \"run\"\nport = 3000\ndomains = [\"web\"]\n\
    directory = \"a/b\"\nprepare = \"pwd > here; X=1\"\n\
    [services.worker]\ncommand = \"work\"\nport = 3001\nprepare = 'echo \"${X-none}\" > second # it'\n\
    [check.allow]\nservice-unreachable = \"a worker\"\n";

#[test]
fn each_prepare_runs_in_its_own_folder_and_shell() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("a/b")).unwrap();
    let output = run_prepare(&manifest_with(TWO_STEPS), folder.path());
    assert!(output.status.success(), "{output:?}");
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "preparing web\npreparing worker\n"
    );
    let here = fs::read_to_string(folder.path().join("a/b/here")).unwrap();
    assert!(here.ends_with("/a/b\n"), "{here}");
    let second = fs::read_to_string(folder.path().join("second")).unwrap();
    assert_eq!(second, "none\n");
}

#[test]
fn a_prepare_that_fails_stops_the_next_one() {
    let folder = tempfile::tempdir().unwrap();
    let output = run_prepare(&manifest_with(TWO_STEPS), folder.path());
    assert!(!output.status.success(), "the folder a/b is missing");
    assert!(!folder.path().join("second").exists());
}

#[test]
fn a_prepare_has_the_environment_of_its_service() {
    let manifest = manifest_with(
        r#"[services.web]
command = "run"
port = 3000
domains = ["web"]
prepare = 'printf %s "$TEXT|$PORT" > seen'
env = { TEXT = "it's ${x} $(id)\n\\ \"''\" " }
"#,
    );
    let folder = tempfile::tempdir().unwrap();
    let output = run_prepare(&manifest, folder.path());
    assert!(output.status.success(), "{output:?}");
    let seen = fs::read_to_string(folder.path().join("seen")).unwrap();
    assert_eq!(seen, "it's ${x} $(id)\n\\ \"''\" |3000");
}
