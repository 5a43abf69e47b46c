//! HCL by its reference parser, its own formatter and the provider's schema.

use std::path::Path;

use serde_json::Value;

use crate::support::{Case, cases, enabled, program, repository, succeed};

fn hclcheck(arguments: &[&str]) -> String {
    let mut command = program("go");
    command.current_dir(repository().join("tests/tools/hclcheck"));
    succeed(command.args(["run", "."]).args(arguments))
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn the_checker_itself_refuses_what_it_should() {
    if enabled("go test in tests/tools/hclcheck") {
        let mut command = program("go");
        command.current_dir(repository().join("tests/tools/hclcheck"));
        succeed(command.args(["test", "./..."]));
    }
}

#[test]
fn every_opentofu_file_is_canonical_and_fits_the_provider() {
    if !enabled("hclcheck") {
        return;
    }
    let schema = repository().join("tests/data/digitalocean-provider-2.99.1.schema.json");
    for case in cases() {
        let said = hclcheck(&["-schema", text(&schema), text(&case.tree)]);
        eprintln!("{}: {}", case.name, said.trim());
        if case.file("terraform/main.tf").is_some() {
            assert!(
                !said.contains(" 0 blocks"),
                "{}: no resource was judged",
                case.name
            );
        }
    }
}

#[test]
fn tfvars_hold_the_manifests_values() {
    if !enabled("hclcheck -decode") {
        return;
    }
    let mut compared = 0;
    for case in cases() {
        let Some(file) = case.file("terraform/terraform.tfvars") else {
            continue;
        };
        compared += compare(&case, &file);
    }
    assert!(compared > 0, "no golden tree has a terraform.tfvars");
}

/// The established names hold exactly what the manifest says; returns how many were compared.
fn compare(case: &Case, file: &Path) -> usize {
    let decoded: Value = serde_json::from_str(&hclcheck(&["-decode", text(file)])).unwrap();
    let manifest = case.values();
    let at = |path: &[&str]| {
        let first = manifest.get(path[0])?;
        path[1..]
            .iter()
            .try_fold(first, |value, key| value.get(key))
    };
    let registers_a_key = at(&["server", "ssh_key_fingerprint"]).is_none();
    let expectations = [
        ("server_name", at(&["server", "name"])),
        ("droplet_size", at(&["server", "size"])),
        ("region", at(&["server", "region"])),
        ("cloudflare_zone_id", at(&["dns", "zone_id"])),
        (
            "ssh_public_key",
            at(&["server", "ssh_keys"])
                .filter(|_| registers_a_key)
                .and_then(|keys| keys.get(0)),
        ),
    ];
    let mut compared = 0;
    for (name, expected) in expectations {
        let Some(expected) = expected.and_then(toml::Value::as_str) else {
            continue;
        };
        assert_eq!(decoded[name], expected.trim(), "{}: {name}", case.name);
        compared += 1;
    }
    compared
}
