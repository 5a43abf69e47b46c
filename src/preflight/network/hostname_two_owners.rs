use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
use crate::preflight::host::{beside, is_on, on_droplets, report, texts};
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
{ networking.hostName = "web"; services.cloud-init = { enable = true; network.enable = true; settings = { cloud_init_modules = [ "set_hostname" ]; cloud_config_modules = [ ]; }; }; }
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ networking.hostName = "web"; services.cloud-init = { enable = true; network.enable = true; settings = { preserve_hostname = true; cloud_init_modules = [ "set_hostname" ]; cloud_config_modules = [ ]; }; }; }
"#,
        undecidable: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ preserve_hostname, ... }: { networking.hostName = "web"; services.cloud-init = { enable = true; network.enable = true; settings = { inherit preserve_hostname; cloud_init_modules = [ "set_hostname" ]; cloud_config_modules = [ ]; }; }; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "net-hostname-two-owners",
    severity: Severity::Warning,
    title: "both NixOS and cloud-init name the host",
    why: "At boot cloud-init gives the host the droplet's name. Where that differs, the name changes with every switch, and what hangs on it, such as a profile by host name, changes with it.",
    fix: "Add `preserve_hostname = true;` and leave `set_hostname` and `update_hostname` out.",
    evidence: "nixpkgs: cloud-init.nix; srvos: nixos/common/detect-hostname-change.nix",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_droplets(facts, |system| {
        let settings = system.at("services.cloud-init.settings");
        let preserved = settings.at("preserve_hostname").boolean();
        if !is_on(system, "services.cloud-init.enable")
            || !(preserved.is_absent() || preserved.is(&false))
        {
            return None;
        }
        let host_name = system.at("networking.hostName").string();
        let own = host_name.place()?;
        let name = host_name.value().filter(|name| !name.is_empty())?;
        if is_name_of_droplet(facts, name) {
            return None;
        }
        let modules = texts(&settings.at("cloud_init_modules"))?;
        let module = modules.iter().find(|it| it.ends_with("_hostname"))?;
        let message =
            format!("NixOS names the host `{name}`, and cloud-init's `{module}` renames it");
        let help = "add `services.cloud-init.settings.preserve_hostname = true;`";
        let place = beside(
            system,
            &[
                "services.cloud-init.settings.preserve_hostname",
                "services.cloud-init.settings",
            ],
        );
        let finding = report(facts, &RULE, system, place.as_ref(), message, help);
        Some(finding.related(own.location(), "named here"))
    })
}

/// Whether the only droplet has the same name, so that nothing is renamed.
fn is_name_of_droplet(facts: &Facts<'_>, name: &str) -> bool {
    let mut droplets = facts.tofu().resources("digitalocean_droplet");
    droplets.any(|(_, droplet)| {
        let own = droplet.body().text("name");
        own.is_unknown() || own.value().is_some_and(|own| own == name)
    })
}
