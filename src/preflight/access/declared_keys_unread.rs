use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
use crate::preflight::host::{on_droplets, report, undefined};
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
{ lib, ... }: { services.openssh.authorizedKeysFiles = lib.mkForce [ "%h/.ssh/authorized_keys" ]; users.users.root.openssh.authorizedKeys.keys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMbtiFrGAJ6xqUAAgasu6OK9cixH9uVQpAtLrQzUgjyJ a" ]; }
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ lib, ... }: { services.openssh.authorizedKeysFiles = lib.mkForce [ "/etc/ssh/authorized_keys.d/%u" ]; users.users.root.openssh.authorizedKeys.keys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMbtiFrGAJ6xqUAAgasu6OK9cixH9uVQpAtLrQzUgjyJ a" ]; }
"#,
        undecidable: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ lib, files, ... }: { services.openssh.authorizedKeysFiles = lib.mkForce files; users.users.root.openssh.authorizedKeys.keys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMbtiFrGAJ6xqUAAgasu6OK9cixH9uVQpAtLrQzUgjyJ a" ]; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "ssh-declared-keys-unread",
    severity: Severity::Error,
    title: "sshd does not read the file that NixOS writes the keys to",
    why: "NixOS keeps declared keys in `/etc/ssh/authorized_keys.d`, by account. With a list of files that leaves it out they open nothing.",
    fix: "Add `/etc/ssh/authorized_keys.d/%u` to `services.openssh.authorizedKeysFiles`.",
    evidence: "nixpkgs: nixos/modules/services/networking/ssh/sshd.nix",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_droplets(facts, |system| {
        let option = system.at("services.openssh.authorizedKeysFiles");
        // Plain definitions are added to NixOS' own; only a forced list replaces it.
        let forced = option.forced_list()?;
        let reads = |path: &String| path.contains("/etc/ssh/authorized_keys.d/%u");
        let home = |path: &String| path.contains("authorized_keys");
        let others = ["services.openssh.authorizedKeysCommand", "environment.etc"];
        if forced.iter().any(reads) || !forced.iter().all(home) || !undefined(system, &others) {
            return None;
        }
        let mut users = system.at("users.users").children().into_iter();
        let (user, account) =
            users.find(|(_, it)| !it.at("openssh.authorizedKeys.keys").list().items.is_empty())?;
        let keys = account.at("openssh.authorizedKeys.keys").place();
        let message = format!("sshd does not read the declared keys of `{user}`");
        let help =
            "add `\"/etc/ssh/authorized_keys.d/%u\"` to `services.openssh.authorizedKeysFiles`";
        let finding = report(facts, &RULE, system, option.place().as_ref(), message, help);
        Some(match keys {
            Some(place) => finding.related(place.location(), "declared here"),
            None => finding,
        })
    })
}
