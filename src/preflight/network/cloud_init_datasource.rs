use super::runs_cloud_init_network;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
use crate::preflight::host::{on_droplets, report, texts};
#[cfg(test)]
use crate::preflight::testing::Examples;
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
-- configuration.nix --
{ services.cloud-init = { enable = true; network.enable = true; settings.datasource_list = [ "NoCloud" "ConfigDrive" ]; }; }
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ services.cloud-init = { enable = true; network.enable = true; settings.datasource_list = [ "ConfigDrive" "DigitalOcean" ]; }; }
"#,
        undecidable: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ sources, ... }: { services.cloud-init = { enable = true; network.enable = true; settings.datasource_list = sources; }; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "net-cloud-init-datasource",
    severity: Severity::Warning,
    title: "cloud-init looks for the droplet's data in the wrong place",
    why: "The addresses lie on the config drive. Without `ConfigDrive` in the list cloud-init falls back to DHCP, which is not answered, and `NoCloud` before it wins with nothing.",
    fix: "Write `datasource_list = [ \"ConfigDrive\" \"DigitalOcean\" ];`.",
    evidence: "cloud-init: its page on the DigitalOcean datasource, deprecated since 23.2",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_droplets(facts, |system| {
        if !runs_cloud_init_network(system) {
            return None;
        }
        let option = system.at("services.cloud-init.settings.datasource_list");
        option.is_defined().filter(|defined| *defined)?;
        let sources = texts(&option)?;
        let position = |name: &str| sources.iter().position(|it| it.eq_ignore_ascii_case(name));
        let message = match (position("ConfigDrive"), position("NoCloud")) {
            (None, _) => "cloud-init does not look at the config drive, where the addresses are",
            (Some(drive), Some(none)) if none < drive => {
                "`NoCloud` before `ConfigDrive` hides the droplet's data"
            }
            _ => return None,
        };
        let help = "write `datasource_list = [ \"ConfigDrive\" \"DigitalOcean\" ];`";
        Some(report(
            facts,
            &RULE,
            system,
            option.place().as_ref(),
            message,
            help,
        ))
    })
}
