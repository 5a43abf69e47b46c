use super::is_partly_json;
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
        bad: r#"-- main.tf --
resource "digitalocean_droplet" "web" {}
-- more.tf --
resource "digitalocean_droplet" "web" {}
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "web" {}
-- main_override.tf --
resource "digitalocean_droplet" "web" {}
-- other/main.tf --
resource "digitalocean_droplet" "web" {}
"#,
        undecidable: r#"-- more.tf.json --
{ "variable": { "region": {} } }
-- main.tf --
resource "digitalocean_droplet" "web" {}
-- more.tf --
resource "digitalocean_droplet" "web" {}
"#,
    },
};

static RULE: Rule = Rule {
    id: "tofu-declared-twice",
    severity: Severity::Error,
    title: "two declarations of one name in a folder",
    why: "All files of a folder make up one module, in which a name belongs to one declaration. OpenTofu refuses the second before it plans anything.",
    fix: "Remove one of the two, or rename it.",
    evidence: "OpenTofu: files and folders",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    if !facts.deploys() {
        return Vec::new();
    }
    let modules = facts.tofu().modules.iter();
    let modules = modules.filter(|module| !is_partly_json(facts, module));
    let twice = modules.flat_map(|module| module.declared_twice());
    let finding = |it: &crate::tofu::Twice| {
        let message = format!("`{}` is declared twice in one folder", it.what);
        let help = "remove one of the two declarations, or rename it";
        let finding = facts.finding(&RULE, Some(&it.second), message, help);
        finding
            .related(it.first.location(), "first declared here")
            .labelled("once more")
    };
    twice.map(finding).collect()
}
