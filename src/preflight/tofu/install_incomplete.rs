use crate::facts::Facts;
use crate::facts::command::of_shell;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::rules::Rule;
use crate::tofu::{Block, Resource};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"-- main.tf --
resource "digitalocean_droplet" "web" {}
resource "terraform_data" "install" {
  triggers_replace = digitalocean_droplet.web.id
  provisioner "local-exec" {
    command = "nix run github:nix-community/nixos-anywhere -- --target-host root@192.0.2.1"
  }
}
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "web" {}
resource "terraform_data" "install" {
  triggers_replace = digitalocean_droplet.web.id
  provisioner "local-exec" {
    command     = "nix run github:nix-community/nixos-anywhere -- --flake .#web $SEANCE_HOST"
    environment = { SEANCE_HOST = "root@192.0.2.1" }
  }
}
"#,
        undecidable: r#"-- main.tf --
variable "arguments" {}
resource "digitalocean_droplet" "web" {}
resource "terraform_data" "install" {
  triggers_replace = digitalocean_droplet.web.id
  provisioner "local-exec" {
    command = "nix run github:nix-community/nixos-anywhere -- ${var.arguments}"
  }
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "tofu-install-incomplete",
    severity: Severity::Error,
    title: "the installation is not told all that it has to know",
    why: "nixos-anywhere ends at once without a system to install and a host to install it on, and a variable that is not set is an empty word. A droplet that nothing installs stays what it was: the stock image, without the application.",
    fix: "Give the command its arguments, and the provisioner every variable that the command uses.",
    evidence: "nixos-anywhere: its usage; OpenTofu: the local-exec provisioner",
};

/// What the variables of generated commands begin with; no environment has them by itself.
const PREFIX: &str = "SEANCE_";

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for resource in facts.installations() {
        for provisioner in resource.body().blocks("provisioner").known {
            findings.extend(without_system(facts, resource, provisioner));
        }
    }
    let runners = facts.tofu().resources("terraform_data");
    for (_, resource) in runners {
        for provisioner in resource.body().blocks("provisioner").known {
            findings.extend(unset(facts, provisioner));
        }
    }
    findings.extend(nothing_installs(facts));
    findings
}

fn command(provisioner: &Block) -> Option<String> {
    provisioner.body.text("command").value().cloned()
}

fn without_system(facts: &Facts<'_>, resource: &Resource, provisioner: &Block) -> Option<Finding> {
    let command = command(provisioner).filter(|it| it.contains("nixos-anywhere"))?;
    if let Some(finding) = headless(facts, resource, provisioner, &command) {
        return Some(finding);
    }
    let (_, arguments) = command.split_once("nixos-anywhere")?;
    let words: Vec<&str> = arguments.split_whitespace().collect();
    let has = |names: &[&str]| {
        words
            .iter()
            .any(|word| names.iter().any(|it| word.starts_with(it)))
    };
    // Arguments may come in one variable.
    let is_open = words
        .iter()
        .any(|word| word.starts_with("$@") || word.starts_with("\"$@"));
    let names_host = has(&["--target-host"]) || has_host(&words);
    let missing = if !has(&["--flake", "-f", "--store-paths", "-s"]) && !arguments.contains("ARGS")
    {
        "--flake"
    } else if !names_host {
        "--target-host"
    } else {
        return None;
    };
    if is_open {
        return None;
    }
    let message = format!(
        "`{}` calls nixos-anywhere without `{missing}`",
        resource.address()
    );
    let help = format!("add `{missing}` and its value to the command");
    let place = provisioner.body.attribute("command").map(|it| &it.place);
    let finding = facts.finding(&RULE, place, message, help);
    Some(finding.labelled(format!("without `{missing}`")))
}

/// A command that begins with what should stand behind `nix`.
fn headless(
    facts: &Facts<'_>,
    resource: &Resource,
    provisioner: &Block,
    command: &str,
) -> Option<Finding> {
    let commands = of_shell(command);
    let calls = commands.iter().find(|it| {
        let mut words = it.arguments().iter();
        words.any(|word| word.text.contains("nixos-anywhere"))
    })?;
    let program = calls.program().filter(|it| ["run", "shell"].contains(it))?;
    let message = format!(
        "`{}` calls `{program}`, which is no program",
        resource.address()
    );
    let help = format!("write `nix {program}`");
    let place = provisioner.body.attribute("command").map(|it| &it.place);
    let finding = facts.finding(&RULE, place, message, help);
    Some(finding.labelled("without `nix`"))
}

/// Flags of nixos-anywhere that take no value.
const SWITCHES: [&str; 9] = [
    "--copy-host-keys",
    "--debug",
    "--generate-hardware-config",
    "--no-disko-deps",
    "--no-reboot",
    "--no-substitute-on-destination",
    "--no-use-machine-substituters",
    "--print-build-logs",
    "-L",
];

/// Whether a word that is no flag's value may be a host.
fn has_host(words: &[&str]) -> bool {
    let before = [&""].into_iter().chain(words);
    before.zip(words).any(|(before, word)| {
        let is_value = before.starts_with('-') && *before != "--" && !SWITCHES.contains(before);
        word.contains(['@', '$']) && !word.starts_with("--") && !is_value
    })
}

/// A variable of a command that its provisioner does not set.
fn unset(facts: &Facts<'_>, provisioner: &Block) -> Option<Finding> {
    let command = command(provisioner)?;
    let environment = provisioner.body.read("environment");
    let given: Vec<String> = match environment.value() {
        Some(value) => {
            let object = value.object().filter(|it| it.complete)?;
            object.entries.keys().cloned().collect()
        }
        None if environment.is_absent() => Vec::new(),
        None => return None,
    };
    let name = variables(&command).find(|name| given.iter().all(|it| it != name))?;
    let message = format!("the command uses `${name}`, which its environment does not set");
    let help = format!("add `{name}` to the `environment` of the provisioner");
    let finding = facts.finding(&RULE, Some(&provisioner.header), message, help);
    Some(finding.labelled("an empty word"))
}

fn variables(command: &str) -> impl Iterator<Item = &str> {
    let after = command.split('$').skip(1);
    let names = after.map(|rest| {
        let rest = rest.trim_start_matches('{');
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        &rest[..end.unwrap_or(rest.len())]
    });
    names.filter(|name| name.starts_with(PREFIX))
}

/// The generated module makes a droplet and leaves it at that.
fn nothing_installs(facts: &Facts<'_>) -> Option<Finding> {
    let mut droplets = facts.tofu().resources("digitalocean_droplet");
    let droplet = droplets
        .find(|(_, it)| facts.is_generated(&it.block.place))?
        .1;
    if !facts.installations().is_empty() || !facts.installers().is_empty() {
        return None;
    }
    let message = format!("nothing installs NixOS on `{}`", droplet.address());
    let help = "run `seance gen`, which writes the installation";
    Some(facts.finding(&RULE, Some(&droplet.block.header), message, help))
}
