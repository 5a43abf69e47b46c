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
  image = digitalocean_custom_image.nixos.id
  ipv6  = true
}
"#,
        good: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
resource "digitalocean_droplet" "web" {
  image = digitalocean_custom_image.nixos.id
}
"#,
        undecidable: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
variable "it" {}
resource "digitalocean_droplet" "web" {
  image = var.it
  ipv6  = true
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "net-custom-image-tradeoff",
    severity: Severity::Error,
    title: "a custom image with IPv6",
    why: "DigitalOcean refuses to make such a droplet: the image is not compatible with IPv6.",
    fix: "Start from a stock image and install NixOS on it, or remove `ipv6`.",
    evidence: "DigitalOcean: limits of custom images",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    if !facts.installs_nixos() {
        return Vec::new();
    }
    let droplets = facts.tofu().resources("digitalocean_droplet");
    droplets
        .filter(|(_, droplet)| droplet.body().boolean("ipv6").is(&true))
        .filter_map(|(_, droplet)| {
            let image = droplet.body().attribute("image")?;
            let (kind, _) = image.value.reference()?.resource()?;
            if kind != "digitalocean_custom_image" {
                return None;
            }
            let ipv6 = droplet.body().attribute("ipv6")?;
            let message = format!(
                "`{}` wants IPv6, which its custom image cannot have",
                droplet.address()
            );
            let help =
                "write `ipv6 = false`, or start from a stock image such as `ubuntu-24-04-x64`";
            let patch = facts.replacement(&ipv6.place, "false");
            let finding = facts
                .finding_on(&RULE, ipv6, message, help)
                .patched_if(patch);
            Some(
                finding
                    .labelled("refused")
                    .related(image.place.location(), "a custom image"),
            )
        })
        .collect()
}
