use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::reading::Read;
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
}
"#,
        good: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
  ssh_keys = [digitalocean_ssh_key.me.id]
}
"#,
        undecidable: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
variable "it" {}
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
  ssh_keys = var.it
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "ssh-droplet-without-keys",
    severity: Severity::Error,
    title: "a droplet that nobody can log in to",
    why: "Without a key DigitalOcean mails a password that has to be changed by hand at the first login, so the installer never gets in, and it tries without end.",
    fix: "Add `ssh_keys` with the id or the fingerprint of a key on the account.",
    evidence: "DigitalOcean: how droplets are reached without keys; nixos-anywhere: its key upload",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let droplets = facts.droplets();
    droplets
        .iter()
        .filter(|it| it.has_stock_image() && it.body().read("user_data").is_absent())
        .filter(|it| match it.body().read("ssh_keys") {
            Read::Absent => true,
            Read::Known(value, _) => value
                .list()
                .is_some_and(|it| it.complete && it.items.is_empty()),
            Read::Unknown => false,
        })
        .map(|droplet| {
            let resource = droplet.resource;
            let message = format!(
                "`{}` has no `ssh_keys`, so the installer cannot log in",
                resource.address()
            );
            let help = "add `ssh_keys = [digitalocean_ssh_key.<name>.id]`";
            let finding = facts.finding(&RULE, Some(&resource.block.header), message, help);
            finding.labelled("password by mail only")
        })
        .collect()
}
