//! The smallest paid droplet: made at its final size, raised for the installation, lowered again,
//! in one apply.

use seance::rehearsal::Status;

use super::project::{EXAMPLE, Project, enabled};

/// The example on a droplet that the installer does not fit on.
pub(crate) fn manifest() -> String {
    let size = "\"s-2vcpu-2gb\"";
    assert!(EXAMPLE.contains(size));
    EXAMPLE.replace(size, "\"s-1vcpu-1gb\"\ninstall_size  = \"s-2vcpu-4gb\"")
}

/// What one apply asks of the clouds, DNS records and tags left out.
pub(crate) const STEPS: [&str; 9] = [
    "POST /v2/account/keys",
    "POST /v2/droplets",
    "POST /v2/firewalls",
    "power_off",
    "resize to s-2vcpu-4gb, disk kept",
    "power_on",
    "power_off",
    "resize to s-1vcpu-1gb, disk kept",
    "power_on",
];

#[test]
fn one_apply_makes_raises_installs_and_lowers() {
    if !enabled("an installation on a droplet of 1 GB") {
        return;
    }
    let project = Project::new(&manifest());
    let done = project.apply(&[]).exits(0);
    assert!(done.stdout.contains("three steps"), "{}", done.stdout);
    done.says(&["raising CPU and memory to s-2vcpu-4gb", "lowering CPU"]);
    let writes = project.cloud.writes_since(0);
    let steps: Vec<&String> = writes
        .iter()
        .filter(|step| !step.contains("dns_records") && !step.contains("/tags"))
        .collect();
    assert_eq!(steps, STEPS, "{writes:#?}");

    let droplets = project.cloud.droplets();
    assert_eq!(droplets.len(), 1);
    assert_eq!(droplets[0].size, "s-1vcpu-1gb");
    assert_eq!(droplets[0].disk_gib, 25);
    assert_eq!(droplets[0].status, Status::Active);
    assert_eq!(project.records().of("nixos-anywhere").len(), 1);
    project.nothing_to_do();
    assert!(!project.path(".seance/apply.json").exists());
}
