//! The units of the generated NixOS configuration, evaluated by real Nix and judged by systemd.
//!
//! nixpkgs is not here, so a small stand-in of its library turns options into unit text the way
//! NixOS does (`tests/nix/stand-in`). Packages are paths to stubs; scripts are real.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::nix::{Store, words};
use crate::support::{Case, cases, enabled, program, succeed, text};

#[test]
fn systemd_accepts_every_unit() {
    if enabled("systemd-analyze verify") {
        let verified: usize = evaluated().iter().map(verify).sum();
        assert!(verified > 0, "no golden tree has a unit");
    }
}

#[test]
fn systemd_creates_every_folder() {
    if enabled("systemd-tmpfiles --create") {
        evaluated().iter().for_each(create_folders);
    }
}

#[test]
fn every_script_is_sound() {
    if enabled("bash -n and shellcheck on the units' scripts") {
        let checked: usize = evaluated().iter().map(check_scripts).sum();
        assert!(checked > 0, "no golden tree has a script");
    }
}

#[test]
fn every_unit_runs_as_a_user_that_exists() {
    if !enabled("users of units") {
        return;
    }
    for system in evaluated() {
        for (name, unit) in system.units() {
            for line in unit.lines() {
                if let Some(user) = line.strip_prefix("User=") {
                    let declared = &system.value["config"]["users"]["users"][user];
                    assert!(
                        user == "root" || declared.is_object(),
                        "{}: {name} runs as `{user}`, which nothing declares",
                        system.case.name
                    );
                }
            }
        }
    }
}

/// One evaluated NixOS configuration, with everything its units call made executable.
struct System {
    case: Case,
    store: Store,
    value: Value,
}

fn evaluated() -> Vec<System> {
    cases()
        .into_iter()
        .filter(|case| case.file("nix/nixos-configuration.nix").is_some())
        .map(|case| {
            let store = Store::new();
            let value = store.evaluate(
                "units.nix",
                &[
                    ("tree", case.tree.to_str().unwrap()),
                    ("folder", store.packages().to_str().unwrap()),
                    ("names", &words(&case.tree, &store)),
                ],
            );
            let system = System { case, store, value };
            system.make_executable();
            system
        })
        .collect()
}

impl System {
    fn units(&self) -> Vec<(&str, &str)> {
        let units = self.value["units"].as_object().unwrap();
        units
            .iter()
            .map(|(name, unit)| (name.as_str(), unit.as_str().unwrap()))
            .collect()
    }

    /// What `pkgs.writeShellScript` and `pkgs.writeText` wrote during the evaluation.
    fn objects(&self) -> Vec<PathBuf> {
        let mut objects: Vec<PathBuf> = fs::read_dir(self.store.objects())
            .map(|entries| entries.map(|entry| entry.unwrap().path()).collect())
            .unwrap_or_default();
        objects.retain(|path| path.is_file());
        objects.sort();
        objects
    }

    fn scripts(&self) -> Vec<PathBuf> {
        let mut scripts = self.objects();
        scripts.retain(|path| fs::read(path).unwrap().starts_with(b"#!"));
        scripts
    }

    fn make_executable(&self) {
        let mut texts: Vec<String> = self.units().iter().map(|unit| unit.1.to_owned()).collect();
        for object in self.objects() {
            texts.push(String::from_utf8_lossy(&fs::read(&object).unwrap()).into_owned());
        }
        for script in self.scripts() {
            fs::set_permissions(script, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let folder = self.store.packages();
        for program in programs_below(&folder, &texts) {
            fs::create_dir_all(program.parent().unwrap()).unwrap();
            fs::write(&program, "#!/bin/sh\n").unwrap();
            fs::set_permissions(program, fs::Permissions::from_mode(0o755)).unwrap();
        }
    }
}

/// Every `<folder>/<package>/bin/<program>` that the texts name.
fn programs_below(folder: &Path, texts: &[String]) -> BTreeSet<PathBuf> {
    let prefix = folder.to_str().unwrap();
    let mut programs = BTreeSet::new();
    for text in texts {
        for (start, _) in text.match_indices(prefix) {
            let path: String = text[start..]
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || "/-_.+".contains(*c))
                .collect();
            let path = Path::new(&path);
            let inner: Vec<_> = path.strip_prefix(folder).unwrap().iter().collect();
            if inner.len() == 3 && inner[1] == "bin" {
                programs.insert(path.to_path_buf());
            }
        }
    }
    programs
}

/// Units of NixOS itself, and of modules that the configuration switches on, which a unit may
/// name or add settings to.
const NIXOS_UNITS: [&str; 9] = [
    "cloud-init.service",
    "cloud-init-local.service",
    "docker.service",
    "docker.socket",
    "network-setup.service",
    "nix-daemon.service",
    "nix-daemon.socket",
    "nix-gc.service",
    "sshd.service",
];

fn verify(system: &System) -> usize {
    let folder = system.store.path().join("units");
    fs::create_dir(&folder).unwrap();
    for name in NIXOS_UNITS {
        let body = if Path::new(name)
            .extension()
            .is_some_and(|kind| kind == "socket")
        {
            "[Socket]\nListenStream=/run/stand-in\n"
        } else {
            "[Service]\nExecStart=/bin/true\n"
        };
        fs::write(folder.join(name), body).unwrap();
    }
    let mut own = Vec::new();
    for (name, unit) in system.units() {
        if NIXOS_UNITS.contains(&name) && !unit.contains("\nExecStart=") {
            // Settings added to a unit of NixOS arrive as a drop-in, there as here.
            fs::create_dir(folder.join(format!("{name}.d"))).unwrap();
            fs::write(folder.join(format!("{name}.d/overrides.conf")), unit).unwrap();
        } else {
            fs::write(folder.join(name), unit).unwrap();
        }
        own.push(folder.join(name));
    }
    let mut command = program("systemd-analyze");
    command
        .args([
            "verify",
            "--man=no",
            "--generators=no",
            "--recursive-errors=yes",
        ])
        .args(&own)
        // The trailing colon adds the machine's own units, such as network-online.target.
        .env("SYSTEMD_UNIT_PATH", format!("{}:", folder.display()));
    let output = command.output().unwrap();
    let about_ours: Vec<String> = String::from_utf8_lossy(&output.stderr)
        .lines()
        .filter(|line| system.units().iter().any(|(name, _)| line.contains(name)))
        .map(str::to_owned)
        .collect();
    assert!(
        output.status.success() && about_ours.is_empty(),
        "{}: {}",
        system.case.name,
        text(&output)
    );
    own.len()
}

fn create_folders(system: &System) {
    let root = system.store.path().join("root");
    fs::create_dir_all(root.join("etc")).unwrap();
    let names = |kind: &str| -> Vec<String> {
        system.value["config"]["users"][kind]
            .as_object()
            .map(|names| names.keys().cloned().collect())
            .unwrap_or_default()
    };
    let mut passwd = String::from("root:x:0:0::/root:/bin/sh\n");
    for (index, name) in names("users")
        .iter()
        .filter(|name| *name != "root")
        .enumerate()
    {
        let id = 900 + index;
        writeln!(passwd, "{name}:x:{id}:{id}::/:/bin/sh").unwrap();
    }
    let mut group = String::from("root:x:0:\n");
    for (index, name) in names("groups").iter().enumerate() {
        writeln!(group, "{name}:x:{}:", 900 + index).unwrap();
    }
    fs::write(root.join("etc/passwd"), passwd).unwrap();
    fs::write(root.join("etc/group"), group).unwrap();
    let rules: Vec<&str> = system.value["tmpfiles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| rule.as_str().unwrap())
        .collect();
    let configuration = system.store.path().join("tmpfiles.conf");
    fs::write(&configuration, rules.join("\n") + "\n").unwrap();
    let mut command = program("systemd-tmpfiles");
    command
        .arg("--create")
        .arg(format!("--root={}", root.display()))
        .arg(&configuration);
    let output = command.output().unwrap();
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{}: {rules:#?}\n{}",
        system.case.name,
        text(&output)
    );
    for rule in rules {
        let mut fields = rule.split_whitespace();
        if fields.next().is_some_and(|kind| kind.starts_with('d')) {
            let path = fields.next().unwrap().trim_start_matches('/');
            assert!(
                root.join(path).is_dir(),
                "{}: `{rule}` made nothing",
                system.case.name
            );
        }
    }
}

fn check_scripts(system: &System) -> usize {
    let mut scripts = system.scripts();
    // A script with the manifest's own commands in it is as sound as they are.
    if !own_commands_are_sound(&system.case) {
        scripts.retain(|path| !path.to_str().unwrap().ends_with("-prepare"));
    }
    for script in &scripts {
        let foreign = script.to_str().unwrap().ends_with("-prepare");
        succeed(program("bash").arg("-n").arg(script));
        let severity = if foreign { "error" } else { "style" };
        let mut command = program("shellcheck");
        command.args(["--shell=bash", "--severity", severity]);
        succeed(command.arg(script));
    }
    scripts.len()
}

fn own_commands_are_sound(case: &Case) -> bool {
    let manifest = case.values();
    let services = manifest.get("services").and_then(toml::Value::as_table);
    services
        .into_iter()
        .flat_map(toml::Table::values)
        .all(|service| {
            let prepare = service.get("prepare").and_then(toml::Value::as_str);
            prepare.is_none_or(|text| {
                let mut command = program("bash");
                command
                    .args(["-n", "-c", text])
                    .output()
                    .unwrap()
                    .status
                    .success()
            })
        })
}
