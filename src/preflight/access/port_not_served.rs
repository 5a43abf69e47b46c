use crate::evaluation::Value;
use crate::facts::{Facts, Part};
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
use crate::preflight::host::{installers_of, on_droplets, report, undefined};
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::reading::Read;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one"
}
-- configuration.nix --
{ services.openssh = { enable = true; ports = [ 2222 ]; }; }
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one"
}
-- configuration.nix --
{ services.openssh = { enable = true; ports = [ 2222 22 ]; }; }
"#,
        undecidable: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one"
}
-- configuration.nix --
{ port, ... }: { services.openssh = { enable = true; ports = [ port ]; }; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "ssh-port-not-served",
    severity: Severity::Error,
    title: "deployments knock at a port that sshd does not listen at",
    why: "`target_port` of nixos-anywhere's module is the port of the finished system, 22 unless it says otherwise. With another one in `services.openssh.ports` the installation ends well and every deployment after it finds a closed door.",
    fix: "Name the same port in `services.openssh.ports` and in `target_port`.",
    evidence: "nixos-anywhere: terraform/all-in-one/variables.tf",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_droplets(facts, |system| {
        let installers = installers_of(facts, system);
        let mut deploying = installers.iter().filter(|it| it.part != Part::Install);
        let installer = deploying.next().filter(|_| deploying.next().is_none())?;
        let target = installer.body().text("target_port");
        let knocked = match &target {
            Read::Known(port, _) => port.parse::<i64>().ok()?,
            Read::Absent => 22,
            Read::Unknown => return None,
        };
        let option = system.at("services.openssh.ports");
        let ports = option.list();
        let is_other = |value: &Value| matches!(value, Value::Integer(port) if *port != knocked);
        let elsewhere = [
            "services.openssh.listenAddresses",
            "services.openssh.extraConfig",
        ];
        let all = ports.items.iter().all(|it| is_other(&it.value));
        if !ports.complete || ports.items.is_empty() || !all || !undefined(system, &elsewhere) {
            return None;
        }
        let message = format!("deployments knock at port {knocked}, where sshd does not listen");
        let help = format!("add {knocked} to `services.openssh.ports`, or change `target_port`");
        let place = option.place();
        let finding = report(facts, &RULE, system, place.as_ref(), message, help);
        let other = target.place().unwrap_or(&installer.call.block.header);
        Some(finding.related(other.location(), format!("knocks at {knocked}")))
    })
}
