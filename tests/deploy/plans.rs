//! Plans that the real engine made, recorded in `tests/plans`, and what the gate says of each.
//!
//! Without the engine the recorded plans are judged. With it every scenario is planned anew and
//! must come to the same judgement; with `UPDATE=1` besides, the plans are recorded anew.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

use seance::engine::gate;
use seance::engine::plan::Plan;
use seance::rehearsal::Settings;
use serde_json::{Map, Value, json};

use super::cloud::Cloud;
use super::project::{cache, enabled, tofu};
use super::scenarios::{Outside, SCENARIOS, Scenario};

const JUDGEMENTS: &str = "judgements.txt";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plans")
}

fn updates() -> bool {
    std::env::var_os("UPDATE").is_some_and(|value| value == "1")
}

/// What the gate says of a plan, one line for each change.
fn judged(name: &str, text: &[u8]) -> String {
    let plan = Plan::read(text).unwrap();
    let judgement = gate::judge(&plan);
    let mut lines = format!("{name}:{}\n", if plan.errored { " errored" } else { "" });
    for change in &judgement.changes {
        lines.push_str(&format!(
            "  {} {} ({:?})\n",
            change.what.verb(),
            change.address,
            change.danger
        ));
    }
    for change in &judgement.outside {
        lines.push_str(&format!(
            "  outside: {} {:?}\n",
            change.address, change.what
        ));
    }
    if judgement.is_empty() {
        lines.push_str("  nothing\n");
    }
    lines
}

#[test]
fn every_recorded_plan_is_judged() {
    let mut plans = BTreeMap::new();
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            plans.insert(name, fs::read(path).unwrap());
        }
    }
    let names: Vec<&str> = plans.keys().map(String::as_str).collect();
    let mut wanted: Vec<&str> = SCENARIOS.iter().map(|scenario| scenario.name).collect();
    wanted.sort_unstable();
    assert_eq!(
        names, wanted,
        "record them with `UPDATE=1 just deploy plans`"
    );
    assert!(plans.len() >= 40, "only {} plans", plans.len());
    let found: String = plans
        .iter()
        .map(|(name, text)| judged(name, text))
        .collect();
    let path = folder().join(JUDGEMENTS);
    if updates() {
        fs::write(&path, &found).unwrap();
    }
    assert_eq!(fs::read_to_string(path).unwrap(), found);
}

#[test]
fn the_engine_still_plans_as_recorded() {
    if !enabled("every scenario of the recorded plans") {
        return;
    }
    let waiting = Mutex::new(SCENARIOS.iter());
    let wrong = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let workshop = Workshop::new();
                loop {
                    let Some(scenario) = waiting.lock().unwrap().next() else {
                        return;
                    };
                    wrong.lock().unwrap().extend(compare(&workshop, scenario));
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Plans a scenario and says how that differs from the record; records it when asked to.
fn compare(workshop: &Workshop, scenario: &Scenario) -> Option<String> {
    let path = folder().join(format!("{}.json", scenario.name));
    let plan = match workshop.plan(scenario) {
        Ok(plan) => plan,
        Err(why) => return Some(format!("{}: {why}", scenario.name)),
    };
    if updates() {
        let mut text = serde_json::to_string_pretty(&plan).unwrap();
        text.push('\n');
        fs::write(&path, text).unwrap();
    }
    let now = judged(scenario.name, plan.to_string().as_bytes());
    let Ok(recorded) = fs::read(&path) else {
        return Some(format!("{} is not recorded", scenario.name));
    };
    let recorded = judged(scenario.name, &recorded);
    (now != recorded).then(|| format!("recorded:\n{recorded}now:\n{now}"))
}

/// A folder in which the engine works on one module after the other.
struct Workshop {
    root: tempfile::TempDir,
}

impl Workshop {
    fn new() -> Self {
        tofu();
        Self {
            root: tempfile::tempdir().unwrap(),
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// Everything but what `init` fetched goes.
    fn clear(&self) {
        for name in [
            "main.tf",
            "terraform.tfstate",
            "terraform.tfstate.backup",
            "plan",
        ] {
            let _absent = fs::remove_file(self.file(name));
        }
        let _absent = fs::remove_dir_all(self.file("inner"));
    }

    fn engine(&self, cloud: &Cloud, arguments: &[&str]) -> Result<String, String> {
        let output = Command::new(tofu())
            .args(arguments)
            .current_dir(self.root.path())
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", self.root.path())
            .env("TF_CLI_CONFIG_FILE", cache().join("engines.tfrc"))
            .env("TF_IN_AUTOMATION", "1")
            .env("CHECKPOINT_DISABLE", "1")
            .env("DIGITALOCEAN_TOKEN", "recording")
            .env("DIGITALOCEAN_API_URL", cloud.digitalocean_url())
            .env(
                "CLOUDFLARE_API_TOKEN",
                "recordingrecordingrecordingrecordingreco",
            )
            .env("CLOUDFLARE_BASE_URL", cloud.cloudflare_url())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        if output.status.success() {
            return Ok(String::from_utf8(output.stdout).unwrap());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(format!("{arguments:?}: {said}"))
    }

    /// Writes the module; `init` only where something has to be fetched for it.
    fn write(&self, cloud: &Cloud, text: &str, inner: &str) -> Result<(), String> {
        let ids = cloud
            .droplets()
            .first()
            .map(|droplet| droplet.id.to_string());
        let text = text
            .replace("@DROPLET@", &ids.unwrap_or_default())
            .replace("@ZONE@", &cloud.zone("example.org"));
        let providers = super::scenarios::PROVIDERS;
        fs::write(self.file("main.tf"), format!("{providers}{text}")).unwrap();
        fs::create_dir_all(self.file("inner")).unwrap();
        let wanted = super::scenarios::REQUIRED;
        fs::write(self.file("inner/main.tf"), format!("{wanted}{inner}")).unwrap();
        if !self.file(".terraform").exists() || text.contains("module ") {
            self.engine(cloud, &["init", "-input=false", "-no-color"])?;
        }
        Ok(())
    }

    fn plan(&self, scenario: &Scenario) -> Result<Value, String> {
        self.clear();
        let cloud = Cloud::with(
            &["example.org"],
            Settings {
                delay: std::time::Duration::from_millis(50),
                ..Settings::default()
            },
        );
        if !scenario.before.is_empty() {
            self.write(&cloud, scenario.before, scenario.inner)?;
            self.engine(
                &cloud,
                &["apply", "-auto-approve", "-input=false", "-no-color"],
            )?;
        }
        self.happen(&cloud, scenario.outside)?;
        self.write(&cloud, scenario.after, scenario.inner)?;
        let mut arguments = vec!["plan", "-input=false", "-no-color", "-out=plan"];
        arguments.extend(scenario.options);
        let planned = self.engine(&cloud, &arguments);
        if planned.is_err() && !self.file("plan").exists() {
            planned?;
        }
        let shown = self.engine(&cloud, &["show", "-json", "plan"])?;
        let plan: Value = serde_json::from_str(&shown).unwrap();
        Ok(shortened(&plan))
    }

    /// What happens between the apply and the plan.
    fn happen(&self, cloud: &Cloud, outside: Outside) -> Result<(), String> {
        let droplet = cloud.droplets().first().map(|droplet| droplet.id);
        let droplet = droplet.unwrap_or_default();
        match outside {
            Outside::Nothing => {}
            Outside::Engine(arguments) => {
                self.engine(cloud, arguments)?;
            }
            Outside::Gone => {
                cloud.request("DELETE", &format!("/v2/droplets/{droplet}"), "");
            }
            Outside::Renamed => {
                let path = format!("/v2/droplets/{droplet}/actions");
                cloud.request("POST", &path, r#"{"type":"rename","name":"by-hand"}"#);
                super::life::wait_for("the rename", || cloud.droplets()[0].name == "by-hand");
            }
            Outside::Deposed => {
                let path = self.file("terraform.tfstate");
                let mut state: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
                let instances = state["resources"][0]["instances"].as_array_mut().unwrap();
                let mut old = instances[0].clone();
                old["deposed"] = "0a1b2c3d".into();
                instances.push(old);
                state["serial"] = (state["serial"].as_u64().unwrap() + 1).into();
                fs::write(path, state.to_string()).unwrap();
            }
        }
        Ok(())
    }
}

/// The fields of an object that are there and not null.
fn some(value: &Value, names: &[&str]) -> Value {
    let fields = names.iter().filter(|name| !value[**name].is_null());
    let fields = fields.map(|name| ((*name).to_owned(), value[*name].clone()));
    Value::Object(fields.collect::<Map<_, _>>())
}

/// What is read of a plan, and nothing else.
fn shortened(plan: &Value) -> Value {
    let changes = |name: &str| -> Value {
        let changes = plan[name].as_array().into_iter().flatten();
        changes.map(change).collect()
    };
    let mut short = some(plan, &["format_version", "errored"]);
    short["resource_changes"] = changes("resource_changes");
    short["resource_drift"] = changes("resource_drift");
    let root = &plan["prior_state"]["values"]["root_module"];
    short["prior_state"] = json!({"values": {"root_module": module(root)}});
    short
}

fn change(change: &Value) -> Value {
    let mut short = some(
        change,
        &[
            "address",
            "previous_address",
            "mode",
            "type",
            "name",
            "index",
            "deposed",
            "action_reason",
        ],
    );
    short["change"] = some(
        &change["change"],
        &[
            "actions",
            "before",
            "after",
            "after_unknown",
            "before_sensitive",
            "after_sensitive",
            "replace_paths",
            "importing",
        ],
    );
    short
}

fn module(module: &Value) -> Value {
    let list = |name: &str| module[name].as_array().into_iter().flatten();
    let resource = |resource: &Value| {
        let mut short = some(resource, &["address", "type", "mode", "tainted"]);
        short["values"] = some(&resource["values"], &["id", "name", "size", "ipv4_address"]);
        short
    };
    json!({
        "resources": list("resources").map(resource).collect::<Vec<_>>(),
        "child_modules": list("child_modules").map(self::module).collect::<Vec<_>>(),
    })
}
