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
}
-- database.nix --
{ services.postgresql.enable = true; }
"#,
        good: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
  backups = true
}
-- database.nix --
{ services.postgresql.enable = true; }
"#,
        undecidable: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
variable "it" {}
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
  backups = var.it
}
-- database.nix --
{ services.postgresql.enable = true; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "ops-backups",
    severity: Severity::Advice,
    title: "a database that nobody backs up",
    why: "Replacing or installing the droplet again empties its disk, and a mistake in the application needs a copy from before.",
    fix: "Write `backups = true` on the droplet, or back the database up with restic or borg.",
    evidence: "the DigitalOcean provider: digitalocean_droplet",
};

const DATABASES: [&str; 6] = [
    "services.postgresql.enable = true",
    "services.mysql.enable = true",
    "services.mongodb.enable = true",
    "services.couchdb.enable = true",
    "services.influxdb2.enable = true",
    "services.clickhouse.enable = true",
];
/// Whatever may make copies.
const COPIES: [&str; 8] = [
    "restic",
    "borg",
    "ackup",
    "pgdump",
    "pg_dump",
    "pgbackrest",
    "wal-g",
    "sanoid",
];

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let database = DATABASES.iter().find(|it| facts.nix_mentions(&[it]));
    let Some(database) = database.filter(|_| !facts.nix_mentions(&COPIES)) else {
        return Vec::new();
    };
    let service = database.split('.').nth(1).unwrap_or_default();
    let droplets = facts.droplets();
    droplets
        .iter()
        .filter(|it| {
            let backups = it.body().boolean("backups");
            backups.is_absent() || backups.is(&false)
        })
        .map(|droplet| {
            let block = &droplet.resource.block;
            let message = format!(
                "nothing backs up `{service}` on `{}`",
                droplet.resource.address()
            );
            let help = "add `backups = true`, or `services.restic.backups` on the server";
            let patch = facts.setting(block, "backups", "true");
            let finding = facts.finding(&RULE, Some(&block.header), message, help);
            finding.labelled("no backups").patched_if(patch)
        })
        .collect()
}
