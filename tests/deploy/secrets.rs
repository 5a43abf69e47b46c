//! The tokens are in the environment of the children, and nowhere else.

use std::fs;
use std::path::{Path, PathBuf};

use seance::rehearsal::{Fault, FaultKind, Step};

use super::project::{CLOUDFLARE_TOKEN, DIGITALOCEAN_TOKEN, EXAMPLE, Project, SERVER, enabled};

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let kind = entry.file_type().unwrap();
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    files
}

fn holds(bytes: &[u8], words: &str) -> bool {
    bytes
        .windows(words.len())
        .any(|window| window == words.as_bytes())
}

/// Fails when a token is in a file below the project's folders or in an argument list.
#[track_caller]
fn nothing_leaks(project: &Project) {
    let files = files(project.root());
    assert!(files.len() > 50, "{files:#?}");
    for file in &files {
        let bytes = fs::read(file).unwrap();
        for token in [DIGITALOCEAN_TOKEN, CLOUDFLARE_TOKEN] {
            assert!(!holds(&bytes, token), "{} holds a token", file.display());
        }
    }
}

#[test]
fn a_token_is_in_no_file_no_output_and_no_argument_list() {
    if !enabled("looking for the tokens everywhere") {
        return;
    }
    let project = Project::new(EXAMPLE);
    // Every run looks at what it printed itself; so does the failure of a provider.
    for format in ["human", "json", "markdown"] {
        project.seance(&["plan", "--format", format]).exits(0);
    }
    project.order("nixos-anywhere", "fails");
    project.apply(&[]).exits(1);
    nothing_leaks(&project);
    project.countermand();
    project.apply(&["--confirm", SERVER]).exits(0);
    nothing_leaks(&project);

    // The plan's file is gone with the folder that it was in.
    let left = files(&project.folder("temporary"));
    assert!(left.is_empty(), "{left:#?}");

    let records = project.records();
    assert!(records.all().len() > 8);
    for record in records.all() {
        // From the program up to the test: the engine is among them, and seance.
        let processes = record.processes.join("\n");
        assert!(
            processes.contains(env!("CARGO_BIN_EXE_seance")),
            "{processes}"
        );
        for token in [DIGITALOCEAN_TOKEN, CLOUDFLARE_TOKEN] {
            assert!(!processes.contains(token), "{}", record.program);
        }
    }
    let installer = records.of("nixos-anywhere");
    let engine = installer[0].processes.iter();
    assert!(
        engine
            .into_iter()
            .any(|line| line.contains("apply -input=false"))
    );
}

#[test]
fn a_token_that_is_refused_is_not_shown() {
    if !enabled("a refused token") {
        return;
    }
    let project = Project::new(EXAMPLE);
    let fault = |step| Fault::always(step, FaultKind::Unauthorized);
    for (step, variable) in [
        (Step::SshKey, "DIGITALOCEAN_TOKEN"),
        (Step::DnsRecord, "CLOUDFLARE_API_TOKEN"),
    ] {
        project.cloud.fail(fault(step));
        let done = project.apply(&["--resume"]).exits(1);
        done.says(&[variable]);
        project.cloud.heal();
    }
    nothing_leaks(&project);
}
