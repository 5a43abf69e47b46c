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
resource "digitalocean_droplet" "web" {
  region = var.region
}
"#,
        good: r#"-- main.tf --
variable "names" {}
resource "digitalocean_droplet" "web" {
  for_each = toset(var.names)
  name = each.key
  tags = [for a_tag in ["a"] : a_tag.b.c]
  lifecycle {
    ignore_changes = [user_data.some]
  }
}
data "digitalocean_image" "base" {
  id = digitalocean_droplet.web["a"].id
}
output "base" {
  value = "${data.digitalocean_image.base.id} ${path.module}"
}
moved {
  from = digitalocean_droplet.old
  to   = digitalocean_droplet.web
}
"#,
        undecidable: r#"-- more.tf.json --
{ "variable": { "region": {} } }
-- main.tf --
resource "digitalocean_droplet" "web" {
  region = var.region
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "tofu-undeclared-reference",
    severity: Severity::Error,
    title: "an expression names something that is not declared",
    why: "OpenTofu looks every name up within the folder before it plans anything, and stops at the first that it does not find. Names of another folder are out of reach but for the outputs of a module.",
    fix: "Declare it in the folder, or correct the name.",
    evidence: "OpenTofu: references to named values",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    if !facts.deploys() {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for module in &facts.tofu().modules {
        if is_partly_json(facts, module) {
            continue;
        }
        for it in module.undeclared() {
            let folder = match module.folder.as_str() {
                "" => "the folder of this file",
                folder => folder,
            };
            let is_instance = it.what.starts_with('`');
            let several = it.what == crate::tofu::INSTANCE;
            let message = if several {
                format!(
                    "`{}` stands for several, and no one of them is named",
                    it.path
                )
            } else if is_instance {
                format!("`{}` asks for the {}, which has none", it.path, it.what)
            } else {
                format!("`{}` names a {} that nothing declares", it.path, it.what)
            };
            let help = if several {
                format!("write `{0}[0]`, `{0}[each.key]` or `{0}[*]`", it.path)
            } else if is_instance {
                "add the argument to the block, or write the value itself".to_owned()
            } else {
                format!("declare the {} in {folder}, or correct the name", it.what)
            };
            let finding = facts.finding(&RULE, Some(&it.place), message, help);
            findings.push(finding.labelled("not declared"));
        }
    }
    findings
}
