//! `seance rehearse`: the whole of it against simulated clouds, with the real engine and its
//! providers, for nothing.

use std::path::{Path, PathBuf};

use super::super::arguments::{Global, Rehearse};
use super::super::console::{self, Console};
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::project::Project;
use super::block_on;
use super::carry::{Answers, Carry, Setting};
use super::ready::{self, Ready, Tools};
use crate::deploy::throwaway;
use crate::deployment::Deployment;
use crate::engine::environment::Environment;
use crate::engine::run::Interrupts;
use crate::rehearsal::{Account, Fault, Seed, Simulation, Step};

/// Tokens of the form that the providers want, and of no other use.
const TOKEN: &str = "rehearsal-rehearsal-rehearsal-rehearsal0";
/// Credentials of the real clouds, which a rehearsal never sees.
const CREDENTIALS: [&str; 7] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "CLOUDFLARE_API_KEY",
    "CLOUDFLARE_EMAIL",
    "DIGITALOCEAN_ACCESS_TOKEN",
    "SPACES_ACCESS_KEY_ID",
    "SPACES_SECRET_ACCESS_KEY",
];

pub(in super::super) fn run(
    global: &Global,
    rehearse: &Rehearse,
    console: &Console,
) -> Result<Exit, Failure> {
    let Some(project) = ready::checked(global, console)? else {
        return Ok(Exit::Invalid);
    };
    let mut environment = ready::environment(console);
    let engine = ready::engine(&rehearse.engine, Tools::Rehearsing, &environment, &[])?;
    let copy = throwaway::copy(&project.folder, &project.manifest)?;
    keep_providers(&mut environment)?;
    let copied = Project::open_at(&copy.path().join(&project.manifest))?;
    let Some(deployment) = copied.deployment() else {
        return Ok(Exit::Invalid);
    };
    let ready = Ready {
        engine,
        environment,
        folder: copy.path().join("terraform"),
    };
    block_on(perform(
        &copied,
        deployment,
        ready,
        &rehearse.fail_at,
        console,
    ))
}

/// The providers are fetched once and kept for the next rehearsal.
fn keep_providers(environment: &mut Environment) -> Result<(), Failure> {
    if environment.get("TF_PLUGIN_CACHE_DIR").is_none()
        && let Some(folder) = cache(environment)
    {
        std::fs::create_dir_all(&folder)?;
        environment.set("TF_PLUGIN_CACHE_DIR", folder);
    }
    // The copy is thrown away, and its lock file with it.
    environment.set("TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE", "1");
    Ok(())
}

fn cache(environment: &Environment) -> Option<PathBuf> {
    let base = match environment.get("XDG_CACHE_HOME") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(environment.get("HOME")?).join(".cache"),
    };
    Some(base.join("seance").join("providers"))
}

/// Every act of the rehearsal.
async fn perform(
    project: &Project,
    deployment: &Deployment,
    mut ready: Ready,
    faults: &[Fault],
    console: &Console,
) -> Result<Exit, Failure> {
    let (simulated, staged): (Vec<Fault>, Vec<Fault>) =
        faults.iter().partition(|fault| fault.step.is_simulated());
    let simulation = Simulation::start(simulated).await?;
    seed(&simulation, deployment);
    tell(&mut ready.environment, &simulation, &staged);
    let before = simulation.account();
    let mut carry = Carry {
        project,
        deployment,
        ready,
        console,
        answers: Answers {
            yes: true,
            confirm: None,
            resume: false,
        },
        setting: Setting::REHEARSAL,
        interrupts: Interrupts::listen()?,
    };
    act(console, 1, "apply");
    let applied = carry.apply().await;
    if let Err(failure) = &applied
        && !faults.is_empty()
        && failure.exit != Exit::Interrupted
    {
        console.failure(failure);
        act(console, 1, "the fault is over: apply --resume");
        simulation.clear_faults();
        carry.ready.environment.unset("SEANCE_REHEARSAL_FAILS");
        carry.answers.resume = true;
        carry.apply().await?;
        carry.answers.resume = false;
    } else {
        applied?;
    }
    let price = simulation.account().monthly_price();
    act(console, 2, "a second plan, which must be empty");
    carry.expect_nothing_to_do().await?;
    act(console, 3, "destroy");
    carry.answers.confirm = Some(deployment.server().name.to_string());
    carry.destroy().await?;
    finish(&simulation, &before, price)
}

fn act(console: &Console, number: u8, what: &str) {
    console.note(&format!("\nrehearsal, act {number}: {what}"));
}

/// What has to be there before: the zone, and what the manifest says is on the account.
fn seed(simulation: &Simulation, deployment: &Deployment) {
    simulation.seed(Seed::Zone {
        name: deployment.dns.zone.to_string(),
        id: deployment.dns.zone_id.as_ref().map(ToString::to_string),
    });
    let server = deployment.server();
    if let Some(project) = &server.digitalocean_project {
        simulation.seed(Seed::Project {
            name: project.to_string(),
        });
    }
    if let Some(fingerprint) = &server.ssh_key_fingerprint {
        simulation.seed(Seed::Fingerprint {
            fingerprint: fingerprint.to_string(),
        });
    }
    if let Ok(id) = server.image.as_str().parse() {
        simulation.seed(Seed::Image { id });
    }
}

/// Sends the providers to the simulators, and nobody else anywhere.
fn tell(environment: &mut Environment, simulation: &Simulation, staged: &[Fault]) {
    for name in CREDENTIALS {
        environment.unset(name);
    }
    environment.set("DIGITALOCEAN_TOKEN", TOKEN);
    environment.set("DIGITALOCEAN_API_URL", simulation.digitalocean_url());
    environment.set("CLOUDFLARE_API_TOKEN", TOKEN);
    environment.set("CLOUDFLARE_BASE_URL", simulation.cloudflare_url());
    for fault in staged {
        let fails = match fault.step {
            Step::System => "system",
            Step::Health => "health",
            _ => "install",
        };
        environment.set("SEANCE_REHEARSAL_FAILS", fails);
    }
}

/// Whether nothing is left, and what it came to.
fn finish(simulation: &Simulation, before: &Account, price: f64) -> Result<Exit, Failure> {
    let left = simulation.account().left_over(before);
    if !left.is_empty() {
        return Err(Failure::new(
            Exit::Failed,
            format!("left over after the destruction: {}", left.join(", ")),
            "remove it by hand if a real destruction leaves it too",
        ));
    }
    let requests = simulation.requests().len();
    console::data(&format!(
        "rehearsed: applied, nothing left to do, destroyed, nothing left over; {requests} \
         requests to simulated clouds, $0.00 spent, ${price:.2} a month if it were real\n"
    ))?;
    Ok(Exit::Fine)
}
