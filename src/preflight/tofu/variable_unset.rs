use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::rules::Rule;
use crate::tofu::Variable;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: concat!(
            "-- seance.toml --\n",
            include_str!("../../../tests/data/smallest.toml"),
            "\n-- terraform/variables.tf --\nvariable \"region\" {\n  type = string\n}\n"
        ),
        good: concat!(
            "-- seance.toml --\n",
            include_str!("../../../tests/data/smallest.toml"),
            "\n-- terraform/variables.tf --\nvariable \"region\" {\n  type = string\n}\n",
            "-- terraform/terraform.tfvars --\nregion = \"fra1\"\n"
        ),
        undecidable: r#"-- main.tf --
variable "region" {
  type = string
}
resource "digitalocean_droplet" "web" {
  region = var.region
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "tofu-variable-unset",
    severity: Severity::Error,
    title: "a variable of the generated module has no value",
    why: "Every value of the generated module comes from terraform.tfvars beside it. OpenTofu asks for one that is missing there, and without a terminal it stops.",
    fix: "Run `seance gen`, which writes every value.",
    evidence: "OpenTofu: input variables",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let modules = facts.tofu().modules.iter();
    // Elsewhere, and for a secret, a value may come from the environment or the command line.
    let roots = modules.filter(|module| module.address.is_empty());
    let unset = roots.flat_map(|module| {
        let is_set = |name: &str| module.assignments().iter().any(|it| it.name == name);
        let variables = module.variables().iter();
        variables.filter_map(move |(name, variable)| {
            let has_default = variable.block.body.attribute("default").is_some();
            let is_unset = !is_set(name) && !has_default && !variable.sensitive;
            is_unset.then_some((name, variable))
        })
    });
    let unset = unset.filter(|(_, variable)| facts.is_generated(&variable.block.place));
    let finding = |(name, variable): (&String, &Variable)| {
        let message = format!("nothing gives the variable `{name}` a value");
        let help = "run `seance gen`, which writes terraform/terraform.tfvars";
        let finding = facts.finding(&RULE, Some(&variable.block.header), message, help);
        finding.labelled("no value")
    };
    unset.map(finding).collect()
}
