//! `ops-volume-nofail`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::evaluation::Value;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"
-- configuration.nix --
{ pkgs, lib, ... }:
{
  fileSystems."/data".device = "/dev/disk/by-id/scsi-0DO_Volume_data";
}
-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "debian-12-x64"
  size  = "s-1vcpu-2gb"
}
"#,
        good: r#"
-- configuration.nix --
{ pkgs, lib, ... }:
{
  fileSystems."/data" = { device = "/dev/disk/by-id/scsi-0DO_Volume_data"; options = [ "nofail" ]; };
}
-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "debian-12-x64"
  size  = "s-1vcpu-2gb"
}
"#,
        undecidable: r#"
-- configuration.nix --
{ options, ... }:
{
  fileSystems."/data" = { device = "/dev/disk/by-id/scsi-0DO_Volume_data"; inherit options; };
}
-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "debian-12-x64"
  size  = "s-1vcpu-2gb"
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "ops-volume-nofail",
    severity: Severity::Warning,
    title: "a volume without which the server does not boot",
    why: "A volume of DigitalOcean can be detached, or come late. Without `nofail` the boot waits for it and then stops, before sshd.",
    fix: "Add `nofail` to the options of the file system.",
    evidence: "systemd.mount(5)",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for system in facts.systems() {
        for (name, mount) in system.at("fileSystems").children() {
            let device = mount.at("device").string();
            let options = mount.at("options").list();
            let is_volume = device
                .value()
                .is_some_and(|it| it.starts_with("/dev/disk/by-id/scsi-0DO_Volume_"));
            let may_fail = options.items.iter().any(|item| {
                matches!(&item.value, Value::Text(text) if text.known().is_none_or(|it| it == "nofail" || it == "noauto" || it.contains("automount")))
            });
            if !is_volume || may_fail || !options.complete {
                continue;
            }
            let message = format!("the server does not boot without the volume at `{name}`");
            let help = format!("add `\"nofail\"` to `fileSystems.\"{name}\".options`");
            findings.push(
                facts
                    .finding(&RULE, device.place(), message, help)
                    .labelled("may be missing"),
            );
        }
    }
    findings
}
