//! Flakes, evaluated by real Nix with stand-in inputs.

use std::path::Path;

use serde_json::{Value, json};

use crate::nix::{Store, words};
use crate::support::{Case, cases, enabled, repository};

const SYSTEMS: [&str; 3] = ["aarch64-darwin", "aarch64-linux", "x86_64-linux"];

fn outputs(folder: &Path) -> Value {
    let store = Store::new();
    let packages = store.packages();
    store.evaluate(
        "flake-eval.nix",
        &[
            ("flake", folder.to_str().unwrap()),
            ("folder", packages.to_str().unwrap()),
            ("names", &words(folder, &store)),
        ],
    )
}

fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

fn server(case: &Case) -> String {
    let manifest = case.values();
    let at = |table: &str| {
        manifest
            .get(table)?
            .get("name")?
            .as_str()
            .map(str::to_owned)
    };
    at("server").or_else(|| at("project")).unwrap()
}

#[test]
fn seeded_flakes_give_the_server_and_the_program() {
    if !enabled("seeded flakes by nix-instantiate --eval") {
        return;
    }
    let mut judged = 0;
    for case in cases() {
        if case.file("flake.nix").is_none() || case.file("nix/deployment.nix").is_none() {
            continue;
        }
        let outputs = outputs(&case.tree);
        assert_eq!(keys(&outputs["packages"]), SYSTEMS, "{}", case.name);
        for system in SYSTEMS {
            let packages = outputs["packages"][system].as_array().unwrap();
            assert!(
                packages.contains(&json!("seance")),
                "{}: {system}",
                case.name
            );
        }
        assert_host(&case.name, &server(&case), &outputs);
        judged += 1;
    }
    assert!(judged > 0, "no golden tree has a flake");
}

/// The configuration of the server, and nothing else, with disko, the generated file and devenv
/// from its own input.
fn assert_host(case: &str, server: &str, outputs: &Value) {
    assert_eq!(keys(&outputs["hosts"]), [server], "{case}");
    let host = &outputs["hosts"][server];
    let modules = host["modules"].as_array().unwrap();
    for module in ["disko", "nixos-configuration.nix"] {
        assert!(
            modules.contains(&json!(module)),
            "{case}: no {module} in {modules:?}"
        );
    }
    assert_eq!(host["hostName"], server, "{case}");
    assert_eq!(host["devenv"], "the devenv input", "{case}");
    assert_eq!(outputs["inputs"]["disko"]["follows"], "nixpkgs", "{case}");
    assert_eq!(
        outputs["inputs"]["devenv"]["follows"],
        Value::Null,
        "{case}"
    );
    let nixpkgs = outputs["inputs"]["nixpkgs"]["url"].as_str().unwrap();
    assert!(nixpkgs.contains("/nixos-"), "{case}: {nixpkgs}");
}

#[test]
fn the_repositorys_flake_packages_the_program() {
    if !enabled("the repository's flake by nix-instantiate --eval") {
        return;
    }
    let root = repository();
    let own = Case {
        name: "the repository".to_owned(),
        manifest: root.join("seance.toml"),
        tree: root.clone(),
    };
    let outputs = outputs(&root);
    assert_eq!(
        keys(&outputs["packages"]),
        SYSTEMS,
        "a package for every system"
    );
    for system in SYSTEMS {
        assert_eq!(outputs["packages"][system], json!(["default", "seance"]));
        for app in ["default", "seance"] {
            let program = outputs["apps"][system][app].as_str().unwrap();
            assert!(program.ends_with("/seance/bin/seance"), "{program}");
        }
        assert_eq!(
            outputs["checks"][system],
            json!(["clippy", "deployment", "fmt", "package"])
        );
        assert!(
            !outputs["devShells"][system]["default"]
                .as_array()
                .unwrap()
                .is_empty()
        );
        assert!(
            outputs["formatter"][system]
                .as_str()
                .unwrap()
                .ends_with("/nixfmt")
        );
        assert_package(&outputs["package"][system]);
        let checks = outputs["commands"][system]["deployment"].as_str().unwrap();
        assert!(checks.contains("seance check"), "{checks}");
    }
    assert_eq!(outputs["overlays"], json!(["default"]));
    assert_host(&own.name, &server(&own), &outputs);
}

fn assert_package(package: &Value) {
    assert_eq!(package["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(package["meta"]["mainProgram"], "seance");
    let wrapped = package["postFixup"].as_str().unwrap();
    let suffix = wrapped.split("--suffix PATH : ").nth(1).unwrap();
    for tool in ["opentofu/bin", "nixos-anywhere/bin"] {
        assert!(
            suffix.contains(tool),
            "{tool} is not on the end of PATH: {wrapped}"
        );
    }
    assert!(
        !wrapped.contains("--prefix"),
        "a tool of the user's own comes first"
    );
    let installed = package["postInstall"].as_str().unwrap();
    for step in [
        "completions bash",
        "completions zsh",
        "completions fish",
        "seance man",
    ] {
        assert!(installed.contains(step), "{step}: {installed}");
    }
}
