//! What the engine itself says about every rendered module: it starts, it is valid against the
//! schemas of the providers, and there is nothing to reformat.
//!
//! The providers come from the mirror that `tests/scripts/engines` lays out. Where a real one
//! cannot be had, a stand-in takes its place, and every test here says so.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Case, cases, copy_folder, enabled, program, repository, succeed};

/// Where `tests/scripts/engines` puts everything.
pub(crate) fn cache() -> PathBuf {
    let base = std::env::var_os("XDG_CACHE_HOME").map_or_else(
        || PathBuf::from(std::env::var_os("HOME").unwrap()).join(".cache"),
        PathBuf::from,
    );
    base.join("seance-ci")
}

/// Nobody listens there: a request fails at once.
const NOWHERE: &str = "http://127.0.0.1:9";

/// An engine that finds its providers in the mirror alone.
struct Engine {
    name: &'static str,
    program: PathBuf,
}

impl Engine {
    /// OpenTofu, and Terraform where it is installed. Says which providers are stand-ins.
    fn all() -> Vec<Self> {
        let tofu = cache().join("bin/tofu");
        assert!(
            tofu.is_file() && settings().is_file(),
            "{} is not there: run `tests/scripts/engines`",
            tofu.display()
        );
        for provider in ["digitalocean", "cloudflare"] {
            if let Ok(reason) = fs::read_to_string(cache().join("missing").join(provider)) {
                eprintln!("{provider} is a stand-in: {}", reason.trim());
            }
        }
        let mut engines = vec![Self {
            name: "tofu",
            program: tofu,
        }];
        match which::which("terraform") {
            Ok(program) => engines.push(Self {
                name: "terraform",
                program,
            }),
            Err(_) => eprintln!("not run: terraform, which is not on this machine"),
        }
        engines
    }

    fn command(&self, folder: &Path) -> Command {
        let mut command = program(self.program.to_str().unwrap());
        command
            .current_dir(folder)
            .env("TF_CLI_CONFIG_FILE", settings())
            .env("TF_IN_AUTOMATION", "1")
            .env("CHECKPOINT_DISABLE", "1")
            .env("DIGITALOCEAN_API_URL", NOWHERE)
            .env("CLOUDFLARE_BASE_URL", NOWHERE);
        for variable in [
            "TF_DATA_DIR",
            "TF_WORKSPACE",
            "DIGITALOCEAN_TOKEN",
            "DIGITALOCEAN_ACCESS_TOKEN",
            "CLOUDFLARE_API_TOKEN",
        ] {
            command.env_remove(variable);
        }
        if self.name == "tofu" {
            command.env("TF_VAR_state_passphrase", "a passphrase for this test");
        }
        command
    }

    /// Whether the engine can do anything with a tree: state encryption is OpenTofu's alone, and
    /// Terraform would keep the state in the clear without a word.
    fn fits(&self, case: &Case) -> bool {
        self.name == "tofu" || case.file("terraform/encryption.tofu").is_none()
    }

    /// A copy of the module, with its providers in place.
    fn module(&self, case: &Case) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        copy_folder(&case.tree.join("terraform"), folder.path());
        let mut command = self.command(folder.path());
        succeed(command.args(["init", "-backend=false", "-input=false", "-no-color"]));
        folder
    }

    /// Plans the whole tree from nothing, without a token and without a network, and returns the
    /// plan. Look-ups by name are left out; the state stays in the copy.
    fn plan(&self, case: &Case) -> Value {
        let tree = tempfile::tempdir().unwrap();
        copy_folder(&case.tree, tree.path());
        let folder = tree.path().join("terraform");
        fs::remove_file(folder.join("backend.tf")).unwrap();
        fs::write(
            folder.join("without-look-ups.auto.tfvars"),
            "cloudflare_zone_id   = \"023e105f4ecef8ad9ca31a8372d0c353\"\ndigitalocean_project = null\n",
        )
        .unwrap();
        succeed(
            self.command(&folder)
                .args(["init", "-input=false", "-no-color"]),
        );
        succeed(self.command(&folder).args([
            "plan",
            "-input=false",
            "-no-color",
            "-out=first.plan",
        ]));
        let said =
            succeed(
                self.command(&folder)
                    .args(["show", "-json", "-no-color", "first.plan"]),
            );
        serde_json::from_str(&said).unwrap()
    }
}

pub(crate) fn settings() -> PathBuf {
    cache().join("engines.tfrc")
}

fn modules() -> Vec<Case> {
    let modules: Vec<Case> = cases()
        .into_iter()
        .filter(|case| case.file("terraform/main.tf").is_some())
        .collect();
    assert!(
        !modules.is_empty(),
        "no golden tree has a terraform/main.tf"
    );
    modules
}

#[test]
fn every_module_starts_and_is_valid_without_a_warning() {
    if !enabled("tofu and terraform init and validate") {
        return;
    }
    for engine in Engine::all() {
        let mut judged = 0;
        for case in modules().iter().filter(|case| engine.fits(case)) {
            let folder = engine.module(case);
            let said = engine
                .command(folder.path())
                .args(["validate", "-json"])
                .output()
                .unwrap();
            let verdict: Value = serde_json::from_slice(&said.stdout).unwrap();
            let complaints = verdict["diagnostics"].as_array().unwrap();
            assert!(
                verdict["valid"] == true && complaints.is_empty(),
                "{} with {}: {verdict:#}",
                case.name,
                engine.name
            );
            judged += 1;
        }
        eprintln!("{}: {judged} modules are valid", engine.name);
        assert!(judged > 0, "{} has judged nothing", engine.name);
    }
}

#[test]
fn every_module_plans_one_droplet_without_a_token() {
    if !enabled("tofu and terraform plan") {
        return;
    }
    for engine in Engine::all() {
        for case in modules().iter().filter(|case| engine.fits(case)) {
            let plan = engine.plan(case);
            let changes = plan["resource_changes"].as_array().unwrap();
            let droplets = changes
                .iter()
                .filter(|change| change["type"] == "digitalocean_droplet")
                .count();
            let created = changes
                .iter()
                .filter(|change| change["change"]["actions"] == json!(["create"]))
                .count();
            assert_eq!(
                (droplets, created),
                (1, changes.len()),
                "{} with {}: {changes:#?}",
                case.name,
                engine.name
            );
        }
    }
}

#[test]
fn the_engine_refuses_an_attribute_that_the_provider_does_not_have() {
    if !enabled("tofu and terraform validate on a broken module") {
        return;
    }
    for engine in Engine::all() {
        let case = modules()
            .into_iter()
            .find(|case| engine.fits(case))
            .unwrap();
        let folder = engine.module(&case);
        let main = folder.path().join("main.tf");
        let text = fs::read_to_string(&main).unwrap();
        let broken = text.replace("  resize_disk ", "  resize_disc ");
        assert_ne!(text, broken);
        fs::write(&main, broken).unwrap();
        let said = engine
            .command(folder.path())
            .args(["validate", "-json"])
            .output()
            .unwrap();
        let verdict: Value = serde_json::from_slice(&said.stdout).unwrap();
        assert_eq!(verdict["valid"], false, "{}: {verdict:#}", engine.name);
        assert_eq!(
            verdict["diagnostics"][0]["summary"], "Unsupported argument",
            "{}: {verdict:#}",
            engine.name
        );
    }
}

#[test]
fn no_engine_would_reformat_a_module() {
    if !enabled("tofu and terraform fmt") {
        return;
    }
    for engine in Engine::all() {
        for case in cases() {
            let folder = case.tree.join("terraform");
            if folder.is_dir() {
                succeed(
                    engine
                        .command(&folder)
                        .args(["fmt", "-check", "-diff", "-recursive"]),
                );
            }
        }
    }
}

/// Holds for the real provider and keeps the stand-in from drifting away from it.
#[test]
fn the_provider_in_the_mirror_has_the_recorded_schema() {
    if !enabled("tofu providers schema") {
        return;
    }
    let recorded = repository().join("tests/data/digitalocean-provider-2.99.1.schema.json");
    let recorded: Value = serde_json::from_slice(&fs::read(recorded).unwrap()).unwrap();
    let engine = &Engine::all()[0];
    let case = modules().into_iter().next().unwrap();
    let folder = engine.module(&case);
    // The schemas need the providers and no state.
    fs::remove_file(folder.path().join("backend.tf")).unwrap();
    let said = succeed(
        engine
            .command(folder.path())
            .args(["providers", "schema", "-json"]),
    );
    let said: Value = serde_json::from_str(&said).unwrap();
    let (_, provider) = said["provider_schemas"]
        .as_object()
        .unwrap()
        .iter()
        .find(|(source, _)| source.ends_with("/digitalocean/digitalocean"))
        .unwrap();
    let mut compared = 0;
    for kind in ["resource_schemas", "data_source_schemas"] {
        for (name, expected) in recorded[kind].as_object().unwrap() {
            let Some(found) = provider[kind].get(name) else {
                continue;
            };
            assert_eq!(
                bare(&found["block"]),
                bare(&expected["block"]),
                "{kind} {name}"
            );
            compared += 1;
        }
    }
    eprintln!("{compared} schemas are as recorded");
    assert!(compared >= 12, "only {compared} schemas were compared");
}

/// A schema without its prose. The record has lost the attributes named `description` with it.
fn bare(schema: &Value) -> Value {
    match schema {
        Value::Object(fields) => fields
            .iter()
            .filter(|(name, _)| {
                !["description", "description_kind", "deprecation_message"].contains(&name.as_str())
            })
            .map(|(name, value)| (name.clone(), bare(value)))
            .collect(),
        Value::Array(items) => items.iter().map(bare).collect(),
        other => other.clone(),
    }
}

/// The two commands that bare `tofu apply` runs, as `sh` runs them, with programs that write down
/// what they are told.
#[test]
fn the_default_commands_install_and_activate_the_flake() {
    if !enabled("sh and shellcheck on the default commands") {
        return;
    }
    let engine = &Engine::all()[0];
    let case = modules().into_iter().next().unwrap();
    let variables = engine.plan(&case)["variables"].take();
    let command = |name: &str| variables[name]["value"].as_str().unwrap().to_owned();

    assert_eq!(
        told(&command("install_command"), "remote"),
        "nix --extra-experimental-features nix-command flakes run \
         github:nix-community/nixos-anywhere/91fc9b70fc295258c366cce8627efb6f185fd9fb -- \
         --flake ..#backend --target-host root@203.0.113.7 --build-on remote --no-disko-deps\n"
    );
    let ssh = "ssh -p 2222 -o StrictHostKeyChecking=accept-new -o BatchMode=yes \
               -o ConnectTimeout=5 root@203.0.113.7 test -e /run/current-system/nixos-version\n";
    let switch = "nixos-rebuild switch --flake ..#backend --target-host root@203.0.113.7";
    assert_eq!(
        told(&command("activate_command"), "local"),
        format!("{ssh}{switch}\n")
    );
    assert_eq!(
        told(&command("activate_command"), "remote"),
        format!("{ssh}{switch} --build-host root@203.0.113.7\n")
    );
}

/// Runs a command of the module and returns one line for each program that it started.
fn told(command: &str, build_on: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    for name in ["nix", "ssh", "nixos-rebuild"] {
        let path = folder.path().join(name);
        fs::write(&path, "#!/bin/sh\necho \"${0##*/} $*\"\n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let script = folder.path().join("command.sh");
    fs::write(&script, command).unwrap();
    // SC2086: the options of ssh are several words on purpose.
    succeed(
        program("shellcheck")
            .args(["--shell=sh", "--exclude=SC2086"])
            .arg(&script),
    );
    let path = format!(
        "{}:{}",
        folder.path().display(),
        std::env::var("PATH").unwrap()
    );
    succeed(program("sh").args(["-c", command]).env("PATH", path).envs([
        ("SEANCE_ADDRESS", "203.0.113.7"),
        ("SEANCE_BUILD_ON", build_on),
        ("SEANCE_FLAKE", ".."),
        ("SEANCE_SERVER", "backend"),
        ("SEANCE_SSH_PORT", "2222"),
    ]))
}
