use crate::evaluation::Value;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
use crate::preflight::host::on_droplets;
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
  image         = "ubuntu-24-04-x64"
  droplet_agent = true
}
-- configuration.nix --
{ users.users.root.openssh.authorizedKeys.keys = [ "ssh-ed25519 AAAA" ]; }
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image         = "ubuntu-24-04-x64"
  droplet_agent = true
}
-- configuration.nix --
{ users.users.root.hashedPasswordFile = "/etc/password"; }
"#,
        undecidable: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image         = "ubuntu-24-04-x64"
  droplet_agent = true
}
-- configuration.nix --
{ password, ... }: { users.users.root.hashedPassword = password; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "do-web-console-expected",
    severity: Severity::Advice,
    title: "the web console is no way back in",
    why: "It needs DigitalOcean's agent, which the installation wipes together with the stock image. Only the recovery console works, and it asks for a password.",
    fix: "Give one account a `hashedPasswordFile` for the recovery console, and write `droplet_agent = false`.",
    evidence: "DigitalOcean provider: `droplet_agent`; srvos pull request 412",
};

const PASSWORDS: [&str; 5] = [
    "password",
    "hashedPassword",
    "hashedPasswordFile",
    "initialPassword",
    "initialHashedPassword",
];

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut droplets = facts.tofu().resources("digitalocean_droplet");
    let agent = droplets.find_map(|(_, droplet)| {
        let agent = droplet.body().boolean("droplet_agent");
        agent.is(&true).then(|| agent.place().cloned()).flatten()
    });
    let Some(agent) = agent else {
        return Vec::new();
    };
    on_droplets(facts, |system| {
        let users = system.at("users.users").names();
        let mut names: Vec<&str> = users.names.iter().map(|name| &**name).collect();
        names.push("root");
        let is_without = |user: &&str| {
            PASSWORDS.iter().all(|option| {
                let password = system.at(&["users", "users", *user, *option]).value();
                matches!(password.value(), Some(Value::Null))
            })
        };
        if !users.complete || !names.iter().all(is_without) {
            return None;
        }
        let message = "the agent of the web console does not survive the installation, and no account has a password";
        let help = "write `droplet_agent = false`, and give one account a `hashedPasswordFile`";
        Some(facts.finding(&RULE, Some(&agent), message, help))
    })
}
