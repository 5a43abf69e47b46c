//! What goes wrong at the clouds and on the machine: it is named, and `--resume` gets over it.

use std::sync::Mutex;
use std::time::Duration;

use seance::rehearsal::{Fault, FaultKind, Seed, Settings, Step};

use super::project::{EXAMPLE, Project, enabled};

/// Retries are the providers' own; a test does not wait as long as they would.
pub(crate) const SHORT_WAITS: [(&str, &str); 2] = [
    ("DIGITALOCEAN_HTTP_RETRY_WAIT_MIN", "0.05"),
    ("DIGITALOCEAN_HTTP_RETRY_WAIT_MAX", "0.2"),
];

/// The example with everything that can fail.
fn manifest() -> String {
    let server = "reserved_ip = true\ndigitalocean_project = \"Example\"\n";
    EXAMPLE.replace("[server.disk]", &format!("{server}\n[server.disk]"))
}

fn project(manifest: &str) -> Project {
    let settings = Settings {
        timeout: Duration::from_secs(2),
        ..Settings::default()
    };
    let mut project = Project::with(manifest, settings);
    for (name, value) in SHORT_WAITS {
        project.set(name, value);
    }
    project.cloud.seed(Seed::Project {
        name: "Example".to_owned(),
    });
    project
}

/// Steps that fail at once as they do most often, and what a person reads.
struct Row {
    steps: &'static [Step],
    words: &'static [&'static str],
}

/// In the order of an apply, so that each one gets a little farther than the one before.
const ROWS: [Row; 6] = [
    Row {
        steps: &[Step::Zone],
        words: &["Authentication error", "Zone Read"],
    },
    Row {
        steps: &[Step::Project],
        words: &["lacks a scope", "DIGITALOCEAN_TOKEN"],
    },
    Row {
        steps: &[Step::SshKey, Step::ReservedIp],
        words: &[
            "server.ssh_key_fingerprint",
            "digitalocean_reserved_ip.server[0]",
            "500",
        ],
    },
    Row {
        steps: &[Step::Droplet],
        words: &["does not offer this size in this region", "server.size"],
    },
    Row {
        steps: &[Step::Firewall, Step::DnsRecord],
        words: &["81053", "import", "digitalocean_firewall.server", "500"],
    },
    Row {
        steps: &[Step::Install],
        words: &["nixos-anywhere: fails, as asked", "terraform_data.install"],
    },
];

fn fail(project: &Project, step: Step) {
    match step {
        Step::Install => project.order("nixos-anywhere", "fails"),
        Step::System => project.order("nixos-rebuild", "fails"),
        step => project.cloud.fail(Fault::always(step, step.usual_kind())),
    }
}

#[test]
fn every_step_that_fails_is_named_and_gone_on_with() {
    if !enabled("a fault at every step") {
        return;
    }
    let project = project(&manifest());
    for row in ROWS {
        for step in row.steps {
            fail(&project, *step);
        }
        let done = project.apply(&["--resume"]).exits(1);
        eprintln!("{:?}: {}", row.steps, last_words(&done.stderr));
        done.says(row.words);
        project.cloud.heal();
        project.countermand();
    }
    project.apply(&["--resume"]).exits(0);
    everything_once(&project);
    assert_eq!(project.records().of("nixos-anywhere").len(), 2);

    // What fails on a server that runs.
    project.edit(&[("\"s-2vcpu-2gb\"", "\"s-2vcpu-4gb\"")]);
    fail(&project, Step::DropletAction);
    let done = project.apply(&[]).exits(1);
    eprintln!("{}: {}", Step::DropletAction, last_words(&done.stderr));
    done.says(&["errored", "digitalocean_droplet.server"]);
    project.cloud.heal();
    project.apply(&["--resume"]).exits(0);
    assert_eq!(project.cloud.droplets()[0].size, "s-2vcpu-4gb");
    everything_once(&project);
}

#[test]
fn a_switch_that_fails_is_tried_again_and_nothing_is_installed_twice() {
    if !enabled("a switch that fails") {
        return;
    }
    let project = Project::new(&EXAMPLE.replace("\nprofile ", "\nbuild_on = \"server\"\nprofile "));
    fail(&project, Step::System);
    let done = project.apply(&[]).exits(1);
    eprintln!("{}: {}", Step::System, last_words(&done.stderr));
    done.says(&["nixos-rebuild: fails, as asked", "terraform_data.system"]);
    project.countermand();
    project.apply(&["--resume"]).exits(0);
    assert_eq!(project.records().of("nixos-anywhere").len(), 1);
    everything_once(&project);
}

/// The sentence of the failure and what follows from it.
fn last_words(stderr: &str) -> String {
    let lines = stderr
        .lines()
        .skip_while(|line| !line.starts_with("error: "));
    lines.collect::<Vec<_>>().join("\n    ")
}

#[track_caller]
pub(crate) fn everything_once(project: &Project) {
    project.nothing_to_do();
    let account = project.cloud.account();
    let counts = [
        account.keys.len(),
        account.droplets.len(),
        account.firewalls.len(),
    ];
    assert_eq!(counts, [1, 1, 1], "{:#?}", project.cloud.made());
    assert!(account.reserved_ips.len() <= 1);
    let mut names: Vec<&String> = account.records.iter().map(|record| &record.name).collect();
    names.sort();
    assert_eq!(names, ["app.seance.dev", "backend.seance.dev"]);
}

#[test]
fn what_the_clients_try_again_is_not_noticed() {
    if !enabled("faults that the providers get over") {
        return;
    }
    let project = project(&manifest());
    for (step, kind) in [
        (Step::SshKey, FaultKind::RateLimited),
        (Step::Droplet, FaultKind::ServerError),
        (Step::Firewall, FaultKind::ConnectionCut),
        (Step::ReservedIp, FaultKind::Timeout),
    ] {
        project.cloud.fail(Fault {
            step,
            kind,
            times: 2,
        });
    }
    project.apply(&[]).exits(0);
    everything_once(&project);
}

#[test]
fn a_droplet_that_the_provider_made_twice_is_told() {
    if !enabled("a droplet whose creation was not answered") {
        return;
    }
    let project = project(&manifest());
    project.cloud.fail(Fault {
        step: Step::Droplet,
        kind: FaultKind::AnswerLost,
        times: 1,
    });
    let done = project.apply(&[]).exits(0);
    let ids: Vec<String> = project
        .cloud
        .droplets()
        .iter()
        .map(|droplet| droplet.id.to_string())
        .collect();
    assert_eq!(ids.len(), 2);
    // The first one is in nobody's state.
    let told = format!(
        "a second droplet of this name is on the account, number {}",
        ids[0]
    );
    done.says(&[&told]);
    assert!(!done.stderr.contains(&format!("number {}", ids[1])));
    project.nothing_to_do();
}

/// Part of `just soak`: every way in which every step of the clouds can fail, one apply each.
#[test]
fn soak_every_fault_at_every_step() {
    if std::env::var_os("SEANCE_SOAK").is_none() {
        eprintln!("not run without SEANCE_SOAK=N: every fault at every step");
        return;
    }
    let steps = Step::ALL.iter().copied().filter(|step| step.is_simulated());
    let faults = steps.flat_map(|step| step.kinds().map(move |kind| (step, kind)));
    let faults = faults
        // The provider waits an hour for a droplet that never becomes active.
        .filter(|(_, kind)| *kind != FaultKind::NeverActive)
        .filter(|(step, _)| *step != Step::DropletAction)
        // The provider asks again and makes another one: a droplet is told of, and a reserved
        // address has no name by which it could be known.
        .filter(|(step, kind)| {
            *kind != FaultKind::AnswerLost || !matches!(step, Step::Droplet | Step::ReservedIp)
        });
    let waiting = Mutex::new(faults);
    let failed = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let Some((step, kind)) = waiting.lock().unwrap().next() else {
                        return;
                    };
                    let outcome = std::panic::catch_unwind(|| gone_over(step, kind));
                    match outcome {
                        Ok(words) => eprintln!("{step}={kind}: {words}"),
                        Err(_) => failed.lock().unwrap().push(format!("{step}={kind}")),
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "{failed:#?}");
}

/// Fails a step, lets it go right again, and goes on. What was said of the fault.
fn gone_over(step: Step, kind: FaultKind) -> String {
    let project = project(&manifest());
    project.cloud.fail(Fault::always(step, kind));
    let done = project.apply(&[]).run();
    assert!(
        matches!(done.code, Some(0 | 1)),
        "{step}={kind}: {}",
        done.stderr
    );
    project.cloud.heal();
    let resumed = project.apply(&["--resume"]).run();
    assert_eq!(
        resumed.code,
        Some(0),
        "{step}={kind}: {}\n--- then\n{}",
        done.stderr,
        resumed.stderr
    );
    everything_once(&project);
    let help = done.stderr.lines().find(|line| line.starts_with("help: "));
    match (done.code, help) {
        (Some(0), _) => "got over".to_owned(),
        (_, Some(help)) => help.to_owned(),
        (_, None) => "no help".to_owned(),
    }
}
