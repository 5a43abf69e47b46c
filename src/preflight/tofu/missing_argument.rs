use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::reading::Place;
use crate::rules::Rule;
use crate::tofu::{Block, Body, Module};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"-- main.tf --
resource "digitalocean_droplet" "web" {
  name  = "web"
  image = "ubuntu-24-04-x64"
}
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "web" {
  name  = "web"
  image = "ubuntu-24-04-x64"
  size  = "s-1vcpu-1gb"
}
output "address" {
  value = digitalocean_droplet.web.ipv4_address
}
"#,
        undecidable: r#"-- main.tf --
variable "size" {}
resource "digitalocean_droplet" "web" {
  name  = "web"
  image = "ubuntu-24-04-x64"
  size  = var.size
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "tofu-missing-argument",
    severity: Severity::Error,
    title: "a block without an argument that it must have",
    why: "The provider says which arguments a resource cannot do without. OpenTofu refuses the configuration before it plans anything.",
    fix: "Add the argument.",
    evidence: "the schemas of the DigitalOcean provider 2.99 and the Cloudflare provider 5.22",
};

/// What resources of a type cannot be without.
const RESOURCES: [(&str, &[&str]); 17] = [
    ("cloudflare_dns_record", &["name", "ttl", "type", "zone_id"]),
    ("digitalocean_domain", &["name"]),
    ("digitalocean_droplet", &["image", "name", "size"]),
    ("digitalocean_firewall", &["name"]),
    ("digitalocean_floating_ip", &["region"]),
    (
        "digitalocean_floating_ip_assignment",
        &["droplet_id", "ip_address"],
    ),
    ("digitalocean_project", &["name"]),
    ("digitalocean_project_resources", &["project", "resources"]),
    ("digitalocean_record", &["domain", "name", "type", "value"]),
    ("digitalocean_reserved_ip", &["region"]),
    (
        "digitalocean_reserved_ip_assignment",
        &["droplet_id", "ip_address"],
    ),
    ("digitalocean_ssh_key", &["name", "public_key"]),
    ("digitalocean_tag", &["name"]),
    ("digitalocean_volume", &["name", "region", "size"]),
    (
        "digitalocean_volume_attachment",
        &["droplet_id", "volume_id"],
    ),
    ("digitalocean_vpc", &["name", "region"]),
    ("hcloud_server", &["name", "server_type"]),
];

/// What the blocks inside a resource cannot be without.
const INSIDE: [(&str, &[&str]); 2] = [
    ("inbound_rule", &["protocol"]),
    ("outbound_rule", &["protocol"]),
];

/// What the parts of the state's encryption cannot be without: a kind of block, its first label,
/// the argument.
const ENCRYPTION: [(&str, &str, &str); 3] = [
    ("method", "aes_gcm", "keys"),
    ("plan", "", "method"),
    ("state", "", "method"),
];

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    if !facts.deploys() {
        return Vec::new();
    }
    let modules = facts.tofu().modules.iter();
    modules
        .flat_map(|module| of_module(facts, module))
        .collect()
}

fn of_module(facts: &Facts<'_>, module: &Module) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut judge = |what: &str, block: &Block, wanted: &[&str]| {
        let missing = wanted.iter().filter(|name| lacks(&block.body, name));
        findings.extend(missing.map(|name| missing_from(facts, what, &block.header, name)));
    };
    for resource in module.managed() {
        let address = resource.address();
        let kind = RESOURCES.iter().find(|(kind, _)| *kind == resource.kind);
        if let Some((_, wanted)) = kind {
            judge(&address, &resource.block, wanted);
        }
        if resource.kind == "digitalocean_firewall" {
            for (kind, wanted) in INSIDE {
                for block in resource.body().blocks(kind).known {
                    judge(kind, block, wanted);
                }
            }
        }
        for block in resource.body().blocks("provisioner").known {
            if block.labels.first().is_some_and(|it| it == "local-exec") {
                judge("local-exec", block, &["command"]);
            }
        }
    }
    let settings = module.blocks("terraform");
    let settings = settings.filter_map(|it| it.body.block("encryption"));
    for encryption in settings {
        for (kind, label, wanted) in ENCRYPTION {
            for block in encryption.body.blocks(kind).known {
                if label.is_empty() || block.labels.first().is_some_and(|it| it == label) {
                    judge(kind, block, &[wanted]);
                }
            }
        }
    }
    let settings = module.blocks("terraform");
    let settings = settings.filter_map(|it| it.body.block("encryption"));
    for block in settings.flat_map(|it| it.body.blocks("key_provider").known) {
        let is_derived = block.labels.first().is_some_and(|it| it == "pbkdf2");
        if is_derived && lacks(&block.body, "chain") {
            judge("key_provider", block, &["passphrase"]);
        }
    }
    for zone in module.data("cloudflare_zone") {
        let body = zone.body();
        let filter = body.attribute("filter").map(|it| &it.value);
        let names_none = filter.is_none_or(|it| {
            let object = it.object();
            object.is_some_and(|it| it.complete && it.entries.is_empty())
        });
        if lacks(body, "zone_id") && names_none {
            judge(&zone.address(), &zone.block, &["zone_id"]);
        }
    }
    for call in module.module_calls() {
        judge(&format!("module.{}", call.name), &call.block, &["source"]);
    }
    for output in module.blocks("output") {
        let name = output.labels.first().map_or("", String::as_str);
        judge(&format!("output.{name}"), output, &["value"]);
    }
    for (name, variable) in module.variables() {
        if let Some((field, place)) = &variable.lacking {
            findings.push(missing_from(facts, &format!("var.{name}"), place, field));
        }
        let reads = |field: &str| {
            let mut texts = module.files.iter().filter_map(|file| facts.files.get(file));
            let path = format!(".{field}");
            texts.any(|text| text.contains(&path))
        };
        if let Some((field, place)) = variable.dropped.as_ref().filter(|it| reads(&it.0)) {
            let what = format!("the type of var.{name}");
            let finding = missing_from(facts, &what, &variable.block.header, field);
            findings.push(finding.related(place.location(), "dropped from this value"));
        }
    }
    findings
}

fn lacks(body: &Body, name: &str) -> bool {
    body.attribute(name).is_none()
}

fn missing_from(facts: &Facts<'_>, what: &str, header: &Place, name: &str) -> Finding {
    let message = format!("`{what}` has no `{name}`, which it must have");
    let help = format!("add `{name} = …`");
    let finding = facts.finding(&RULE, Some(header), message, help);
    finding.labelled(format!("without `{name}`"))
}
