//! The example's life: made, changed in every way, replaced, destroyed.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::project::{EXAMPLE, Project, SERVER, enabled};

/// Waits until something is so; a minute is longer than anything here takes.
#[track_caller]
pub(crate) fn wait_for(what: &str, mut is_so: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(
            begin.elapsed() < Duration::from_mins(1),
            "{what}: waited in vain"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// What a plan does, as `ADDRESS DANGER`, worst first.
fn changes(plan: &Value) -> Vec<String> {
    let changes = plan["changes"].as_array().unwrap().iter();
    let words = |change: &Value| {
        let text = |name: &str| change[name].as_str().unwrap().to_owned();
        format!("{} {}", text("address"), text("danger"))
    };
    changes.map(words).collect()
}

/// A key besides the example's own.
const OTHER_KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDnd6T1MNN8McxPdImHzYEtuKzlsX8OXo8ENs61IYiLq desktop";
const SYSTEM: &str = "terraform_data.system restart";

#[test]
fn the_example_is_made_changed_replaced_and_destroyed() {
    if !enabled("the life of the example with tofu") {
        return;
    }
    let project = Project::new(EXAMPLE);
    let plan = project.seance(&["plan"]).exits(0);
    assert!(plan.stdout.contains("8 to create"), "{}", plan.stdout);
    project.seance(&["plan", "--detailed-exitcode"]).exits(2);
    assert_eq!(project.cloud.made(), [""; 0], "a plan makes nothing");

    project.apply(&[]).exits(0);
    project.nothing_to_do();
    let first = project.cloud.droplets().remove(0);
    assert_eq!(first.size, "s-2vcpu-2gb");
    assert_eq!(project.records().of("nixos-anywhere").len(), 1);

    resized(&project);
    port_domain_and_key(&project);
    let still = project.cloud.droplets().remove(0);
    assert_eq!(still.id, first.id, "nothing so far replaces the droplet");
    assert_eq!(project.records().of("nixos-anywhere").len(), 1);

    replaced(&project, first.id);
    destroyed(&project);
}

fn resized(project: &Project) {
    project.edit(&[("\"s-2vcpu-2gb\"", "\"s-2vcpu-4gb\"")]);
    let plan = project.plan();
    // Less memory means fewer builds at once, so the system changes along.
    let expected = ["digitalocean_droplet.server downtime", SYSTEM];
    assert_eq!(changes(&plan), expected, "{plan:#}");
    assert_eq!(plan["changes"][0]["manifest"]["key"], "server.size");
    assert_eq!(plan["cost"]["before"], 18.0);
    assert_eq!(plan["cost"]["after"], 24.0);
    let mark = project.cloud.mark();
    project.apply(&[]).exits(0);
    assert_eq!(
        project.cloud.writes_since(mark),
        ["power_off", "resize to s-2vcpu-4gb, disk kept", "power_on"]
    );
    project.nothing_to_do();
}

fn port_domain_and_key(project: &Project) {
    let key = format!("laptop\", \"{OTHER_KEY}\"]");
    let service =
        "[services.metrics]\nimage = \"docker.io/prom/node-exporter:v1.9.0\"\nport = 9100";
    project.edit(&[
        ("laptop\"]", &key),
        ("signaling = 4444", "signaling = 4444\nmetrics = 9100"),
        (
            "app     = \"app.seance.dev\"",
            "app     = \"app.seance.dev\"\nnew     = \"new.seance.dev\"",
        ),
        ("\"backend\", \"app\"]", "\"backend\", \"app\", \"new\"]"),
        (
            "[profiles.default",
            &format!("{service}\n\n[profiles.default"),
        ),
    ]);
    let plan = project.plan();
    let expected = [
        SYSTEM,
        "cloudflare_dns_record.ipv4[\"new.seance.dev\"] none",
        "digitalocean_firewall.server none",
    ];
    assert_eq!(changes(&plan), expected, "{plan:#}");
    project.apply(&[]).exits(0);
    project.nothing_to_do();
    let account = project.cloud.account();
    assert_eq!(account.records.len(), 3);
    let ports = account.firewalls[0].inbound_rules.iter();
    assert!(ports.into_iter().any(|rule| rule.ports == "9100"));
}

fn replaced(project: &Project, first: u64) {
    project.edit(&[("\"sfo3\"", "\"ams3\"")]);
    let mark = project.cloud.mark();
    let plan = project.plan();
    assert_eq!(plan["danger"], "data-loss");
    let refused = project.apply(&[]).exits(4);
    refused.says(&["would destroy data", "--confirm seance-backend"]);
    assert_eq!(project.cloud.writes_since(mark), [""; 0], "{refused:#?}");
    project.apply(&["--confirm", "another"]).exits(4);
    assert_eq!(project.cloud.writes_since(mark), [""; 0]);

    project.apply(&["--confirm", SERVER]).exits(0);
    let droplets = project.cloud.droplets();
    assert_eq!(droplets.len(), 1);
    assert_ne!(droplets[0].id, first);
    assert_eq!(droplets[0].region, "ams3");
    assert_eq!(project.records().of("nixos-anywhere").len(), 2);
    assert!(!project.path("terraform/seance_override.tf").exists());
    project.nothing_to_do();
}

fn destroyed(project: &Project) {
    project.seance(&["destroy"]).exits(64);
    project.seance(&["destroy", "--confirm", "other"]).exits(4);
    assert_eq!(project.cloud.droplets().len(), 1);
    project.seance(&["destroy", "--confirm", SERVER]).exits(0);
    assert_eq!(project.cloud.made(), [""; 0]);
    assert!(!project.path("terraform/seance_override.tf").exists());
    project.seance(&["plan", "--detailed-exitcode"]).exits(2);
}

#[test]
fn terraform_makes_resizes_and_destroys_it_too() {
    if !enabled("a short life of the example with terraform") {
        return;
    }
    let Ok(terraform) = which::which("terraform") else {
        eprintln!("not run: terraform, which is not on this machine");
        return;
    };
    let mut project = Project::new(EXAMPLE);
    project.engine(&terraform);
    project.apply(&[]).exits(0);
    project.nothing_to_do();
    resized(&project);
    project.seance(&["destroy", "--confirm", SERVER]).exits(0);
    assert_eq!(project.cloud.made(), [""; 0]);
}
