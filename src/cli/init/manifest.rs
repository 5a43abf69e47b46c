//! The text of the first manifest: commented, and short enough to be read.

use super::answers::Answers;

/// A value as TOML writes it.
fn toml(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn list(items: &[String]) -> String {
    match items {
        [] => "[]".to_owned(),
        [one] => format!("[{}]", toml(one)),
        several => {
            let lines: Vec<String> = several
                .iter()
                .map(|item| format!("  {},\n", toml(item)))
                .collect();
            format!("[\n{}]", lines.concat())
        }
    }
}

/// The manifest that these answers make.
pub(super) fn text(answers: &Answers) -> String {
    let Answers { port, .. } = answers;
    let packages = if answers.packages.is_empty() {
        "# packages = [\"nodejs_22\"]              # nixpkgs names that the command needs"
            .to_owned()
    } else {
        format!("packages = {}", list(&answers.packages))
    };
    let [name, repository, region, size, zone, domain, command] = [
        &answers.name,
        &answers.repository,
        &answers.region,
        &answers.size,
        &answers.zone,
        &answers.domain,
        &answers.command,
    ]
    .map(|value| toml(value));
    let ssh_keys = list(&answers.ssh_keys);
    format!(
        r#"# What runs where. `seance gen` turns this file into everything that NixOS, disko, devenv and
# OpenTofu need; `seance explain --defaults` lists every key. No secret belongs in here.
version = 1

[project]
name = {name}
repository = {repository}
# branch = "main"                       # what the first clone checks out
# deploy_key = true                     # for an ssh repository: the server makes a key pair

[server]
region = {region:<30} # a change replaces the droplet
size = {size}
# Who may log in as root. Without a key of yours here nobody ever gets in.
ssh_keys = {ssh_keys}

[dns]
zone = {zone:<32} # at Cloudflare
# zone_id = "..."                       # saves looking it up by name

# What is open to the world; this list is complete.
[ports]
ssh = 22                                # better: {{ port = 22, from = ["your network/24"] }}
http = 80
https = 443

[domains]
app = {domain}

[caddy]
# email = "you@example.org"             # contact of the certificate account
# ca = "staging"                        # while you try things out: five certificates a week

[services.app]
command = {command}
# prepare = "npm ci"                    # before the first start and whenever the checkout moves
{packages}
port = {port:<32} # the process gets it as PORT
domains = ["app"]
health = ["/"]                          # answers with a success status when all is well
"#
    )
}
