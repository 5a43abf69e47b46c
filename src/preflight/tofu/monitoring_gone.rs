use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
  monitoring = true
}
"#,
        good: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
"#,
        undecidable: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
variable "it" {}
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
  monitoring = var.it
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "do-monitoring-gone-after-install",
    severity: Severity::Advice,
    title: "monitoring that ends with the installation",
    why: "The switch only installs an agent into the stock image, which NixOS replaces. Alerts stay silent, and changing the switch later replaces the droplet.",
    fix: "Write `services.do-agent.enable = true;` in the NixOS configuration.",
    evidence: "the DigitalOcean provider: digitalocean_droplet; nixpkgs: services.do-agent",
};

/// Whatever brings the agent back on NixOS.
const AGENT: [&str; 3] = ["do-agent", "digital-ocean", "digitalOcean"];

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let droplets = facts.droplets();
    let known = facts.nix_mentions(&["nixosSystem", "nixosConfigurations"]);
    if droplets.is_empty() || !known || facts.nix_mentions(&AGENT) {
        return Vec::new();
    }
    let help = "write `services.do-agent.enable = true;` in the NixOS configuration";
    let switches = droplets
        .iter()
        .filter(|it| it.body().boolean("monitoring").is(&true))
        .filter_map(|it| it.body().attribute("monitoring"))
        .map(|attribute| {
            let message = "the agent of `monitoring` is gone once NixOS is installed";
            facts
                .finding_on(&RULE, attribute, message, help)
                .labelled("for the stock image only")
        });
    let alerts = facts
        .tofu()
        .resources("digitalocean_monitor_alert")
        .map(|(_, alert)| {
            let message = format!(
                "`{}` hears nothing: no agent runs on NixOS",
                alert.address()
            );
            let finding = facts.finding(&RULE, Some(&alert.block.header), message, help);
            finding.labelled("without an agent")
        });
    switches.chain(alerts).collect()
}
