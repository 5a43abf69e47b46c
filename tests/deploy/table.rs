//! What `diff --against` predicts offline beside what the engine plans, for every key of the
//! manifest.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use seance::rehearsal::Seed;
use serde_json::Value;

use super::project::{EXAMPLE, Project, enabled};

/// Where a change of the key arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Resources of the clouds.
    Cloud,
    /// The files of the system alone, which is switched.
    System,
    /// Nothing that an apply does: the checkout, the installer, seance itself.
    Elsewhere,
}
use Reach::{Cloud, Elsewhere, System};

/// One key, the edits of the manifest that change it, and where that arrives.
type Row = (&'static str, &'static [(&'static str, &'static str)], Reach);

const OTHER_KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDnd6T1MNN8McxPdImHzYEtuKzlsX8OXo8ENs61IYiLq desktop";

const SERVER: &str = "[server.disk]";

const ROWS: &[Row] = &[
    (
        "project.name",
        &[("name       = \"seance\"", "name = \"other\"")],
        Cloud,
    ),
    (
        "project.repository",
        &[("seance-signaling.git", "another.git")],
        System,
    ),
    (
        "project.branch",
        &[("branch     = \"main\"", "branch = \"next\"")],
        System,
    ),
    (
        "project.directory",
        &[("/opt/seance-signaling", "/opt/another")],
        System,
    ),
    (
        "project.deploy_key",
        &[
            ("https://github.com/example/", "git@github.com:example/"),
            ("directory  =", "deploy_key = true\ndirectory  ="),
        ],
        System,
    ),
    (
        "server.name",
        &[("name          = \"seance-backend\"", "name = \"other\"")],
        Cloud,
    ),
    ("server.region", &[("\"sfo3\"", "\"ams3\"")], Cloud),
    (
        "server.size",
        &[("\"s-2vcpu-2gb\"", "\"s-2vcpu-4gb\"")],
        Cloud,
    ),
    (
        "server.size with server.resize_disk",
        &[("\"s-2vcpu-2gb\"", "\"s-2vcpu-4gb\"\nresize_disk = true")],
        Cloud,
    ),
    (
        "server.install_size",
        &[(
            "\"s-2vcpu-2gb\"",
            "\"s-2vcpu-2gb\"\ninstall_size = \"s-2vcpu-4gb\"",
        )],
        Elsewhere,
    ),
    (
        "server.resize_disk",
        &[(SERVER, "resize_disk = true\n[server.disk]")],
        Cloud,
    ),
    (
        "server.image",
        &[(SERVER, "image = \"debian-13-x64\"\n[server.disk]")],
        Elsewhere,
    ),
    (
        "server.profile",
        &[
            ("\"prod\"", "\"live\""),
            ("[profiles.prod.env]", "[profiles.live.env]"),
        ],
        System,
    ),
    (
        "server.nixos_release",
        &[("nixos_release = \"26.05\"", "nixos_release = \"26.11\"")],
        Elsewhere,
    ),
    (
        "server.state_version",
        &[("state_version = \"26.05\"", "state_version = \"25.11\"")],
        System,
    ),
    (
        "server.timezone",
        &[(SERVER, "timezone = \"Europe/Berlin\"\n[server.disk]")],
        System,
    ),
    (
        "server.ssh_keys",
        &[("laptop\"]", "laptop\", \"KEY\"]")],
        System,
    ),
    (
        "server.ssh_keys, the first one",
        &[("[\"ssh-ed25519", "[\"KEY\", \"ssh-ed25519")],
        Cloud,
    ),
    (
        "server.build_on",
        &[(SERVER, "build_on = \"server\"\n[server.disk]")],
        Elsewhere,
    ),
    (
        "server.ipv6",
        &[(SERVER, "ipv6 = true\n[server.disk]")],
        Cloud,
    ),
    (
        "server.backups",
        &[(SERVER, "backups = true\n[server.disk]")],
        Cloud,
    ),
    (
        "server.reserved_ip",
        &[(SERVER, "reserved_ip = true\n[server.disk]")],
        Cloud,
    ),
    (
        "server.ssh_key_fingerprint",
        &[(
            SERVER,
            "ssh_key_fingerprint = \"3b:16:bf:e4:8b:00:8b:b8:59:8c:a9:d3:f0:19:45:fa\"\n[server.disk]",
        )],
        Cloud,
    ),
    (
        "server.digitalocean_project",
        &[(SERVER, "digitalocean_project = \"Example\"\n[server.disk]")],
        Cloud,
    ),
    (
        "server.disk.device",
        &[
            ("\"/dev/vda\"", "\"/dev/sda\""),
            (
                "[profiles.default.env]",
                "[check.allow]\ndisk-wrong-device = \"an image with a SCSI disk\"\n\n[profiles.default.env]",
            ),
        ],
        System,
    ),
    (
        "server.disk.swap",
        &[("swap   = \"2G\"", "swap = \"4G\"")],
        System,
    ),
    ("ports.ssh", &[("port = 22,", "port = 2222,")], Cloud),
    (
        "ports.http",
        &[(
            "http      = 80\n",
            "http = { port = 80, from = [\"198.51.100.0/24\"] }\n",
        )],
        Cloud,
    ),
    (
        "ports.https",
        &[(
            "https     = 443",
            "https = { port = 443, from = [\"198.51.100.0/24\"] }",
        )],
        Cloud,
    ),
    (
        "ports.calls",
        &[
            ("signaling = 4444", "signaling = 4444\ncalls = 3478"),
            (
                "[profiles.default",
                "[services.calls]\nimage = \"docker.io/coturn/coturn:4.6\"\nport = 3478\n\n[profiles.default",
            ),
        ],
        Cloud,
    ),
    (
        "ports.ssh.from",
        &[("203.0.113.0/24", "198.51.100.0/24")],
        Cloud,
    ),
    (
        "dns.zone",
        &[
            ("zone     = \"seance.dev\"", "zone = \"example.org\""),
            ("= \"backend.seance.dev\"", "= \"backend.example.org\""),
            ("= \"app.seance.dev\"", "= \"app.example.org\""),
            ("N = \"backend.seance.dev\"", "N = \"backend.example.org\""),
            ("N   = \"app.seance.dev\"", "N = \"app.example.org\""),
        ],
        Cloud,
    ),
    (
        "dns.zone_id",
        &[(
            "zone     = \"seance.dev\"",
            "zone = \"seance.dev\"\nzone_id = \"ZONE\"",
        )],
        Elsewhere,
    ),
    (
        "domains.new",
        &[
            (
                "app     = \"app.seance.dev\"",
                "app = \"app.seance.dev\"\nnew = \"new.seance.dev\"",
            ),
            ("\"backend\", \"app\"]", "\"backend\", \"app\", \"new\"]"),
        ],
        Cloud,
    ),
    (
        "domains.app",
        &[
            ("app     = \"app.seance.dev\"", "app = \"other.seance.dev\""),
            ("N   = \"app.seance.dev\"", "N = \"other.seance.dev\""),
        ],
        Cloud,
    ),
    (
        "domains.app, gone",
        &[
            ("app     = \"app.seance.dev\"\n", ""),
            ("\"backend\", \"app\"]", "\"backend\"]"),
            ("N   = \"app.seance.dev\"", "N = \"\""),
        ],
        Cloud,
    ),
    (
        "caddy.email",
        &[("ops@seance.dev", "admin@seance.dev")],
        Elsewhere,
    ),
    (
        "caddy.ca",
        &[(
            "email = \"ops@seance.dev\"",
            "email = \"ops@seance.dev\"\nca = \"staging\"",
        )],
        Elsewhere,
    ),
    (
        "services.<name>.prepare",
        &[("\"npm ci\"", "\"npm install\"")],
        System,
    ),
    (
        "services.<name>.command",
        &[("\"npm run start\"", "\"npm run serve\"")],
        System,
    ),
    (
        "services.<name>.packages",
        &[("\"nodejs_22\"", "\"nodejs_24\"")],
        System,
    ),
    (
        "services.<name>.directory",
        &[("directory = \"backend\"", "directory = \"server\"")],
        System,
    ),
    (
        "services.<name>.port",
        &[("port      = 3000", "port = 3001")],
        System,
    ),
    (
        "services.<name>.domains",
        &[
            ("[\"backend\", \"app\"]", "[\"backend\"]"),
            ("env   = { PORT", "domains = [\"app\"]\nenv   = { PORT"),
        ],
        System,
    ),
    (
        "services.<name>.health",
        &[("\"/ui\"", "\"/health\"")],
        System,
    ),
    (
        "services.<name>.secrets",
        &[("\"BUILDER_KEY\"", "\"OTHER_KEY\"")],
        System,
    ),
    (
        "services.<name>.env",
        &[(
            "{ PORT = \"4444\" }",
            "{ PORT = \"4444\", LEVEL = \"debug\" }",
        )],
        System,
    ),
    (
        "services.<name>.image",
        &[("signaling:latest", "signaling:1")],
        System,
    ),
    (
        "services.<name>.container_port",
        &[("port  = 4444", "port = 4444\ncontainer_port = 4445")],
        System,
    ),
    (
        "profiles.<name>.env",
        &[(
            "APP_DOMAIN   = \"app.seance.dev\"",
            "APP_DOMAIN = \"app.seance.dev\"\nLEVEL = \"info\"",
        )],
        System,
    ),
    (
        "check.allow",
        &[(
            "[profiles.default.env]",
            "[check.allow]\nfw-world-ssh = \"meant\"\n\n[profiles.default.env]",
        )],
        Elsewhere,
    ),
    (
        "generate.skip",
        &[(
            "[profiles.default.env]",
            "[generate]\nskip = [\"terraform/outputs.tf\"]\n\n[profiles.default.env]",
        )],
        Elsewhere,
    ),
];

/// Keys with one value, and those whose change has to move a state along, which no plan does.
const UNPLANNED: [&str; 8] = [
    "version",
    "dns.provider",
    "state.backend",
    "state.bucket",
    "state.key",
    "state.endpoint",
    "state.lock",
    "state.encrypt",
];

/// The dangers, from none to the worst.
const DANGERS: [&str; 5] = ["none", "restart", "downtime", "irreversible", "data-loss"];

/// Which one it is.
fn rank(danger: &str) -> usize {
    DANGERS.iter().position(|name| *name == danger).unwrap()
}

/// The worst danger among changes that fit.
fn worst(changes: &Value, fits: impl Fn(&str) -> bool) -> Option<&str> {
    let changes = changes.as_array().unwrap().iter();
    changes
        .filter(|change| fits(change["address"].as_str().unwrap()))
        .map(|change| change["danger"].as_str().unwrap())
        .max_by_key(|danger| rank(danger))
}

const SWITCH: &str = "terraform_data.system";

/// What was predicted and what is planned for one row; a complaint where they do not fit.
fn judge(project: &Project, row: &Row) -> (String, Option<String>) {
    let (key, edits, reach) = row;
    let zone = project.cloud.zone("seance.dev");
    let fill = |text: &str| text.replace("ZONE", &zone).replace("KEY", OTHER_KEY);
    let fill = |text: &str| {
        if text.contains("_KEY") {
            text.to_owned()
        } else {
            fill(text)
        }
    };
    let filled: Vec<(String, String)> = edits
        .iter()
        .map(|(from, to)| ((*from).to_owned(), fill(to)))
        .collect();
    let filled: Vec<(&str, &str)> = filled
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    let text = filled
        .iter()
        .fold(project.read("seance.toml"), |text, (from, to)| {
            assert!(
                text.contains(from),
                "{key}: seance.toml does not hold {from}"
            );
            text.replacen(from, to, 1)
        });
    project.write("seance.toml", &text);
    let generated = project.seance(&["gen"]).run();
    if generated.code != Some(0) {
        project.git(&["reset", "--quiet", "--hard", "HEAD"]);
        return (
            format!("{key}: not valid"),
            Some(format!("{key}: {}", generated.stderr)),
        );
    }
    project.git(&["add", "--all"]);
    let against = [
        "diff",
        "--against",
        "HEAD",
        "--format",
        "json",
        "--exit-zero",
    ];
    let predicted = project.seance(&against).exits(0);
    let predicted: Value = serde_json::from_str(&predicted.stdout).unwrap();
    let plan = project.seance(&["plan", "--format", "json"]).run();
    project.git(&["reset", "--quiet", "--hard", "HEAD"]);
    if plan.code != Some(0) {
        return (
            format!("{key}: no plan"),
            Some(format!("{key}: {}", plan.stderr)),
        );
    }
    let plan: Value = serde_json::from_str(&plan.stdout).unwrap();
    let foreseen = predicted["danger"].as_str().unwrap();
    let clouds = worst(&plan["changes"], |address| address != SWITCH);
    let switch = worst(&plan["changes"], |address| address == SWITCH);
    let line = format!(
        "{key:40} {foreseen:13} {:13} {}",
        clouds.unwrap_or("-"),
        switch.unwrap_or("-")
    );
    let reached = match (clouds, switch) {
        (Some(_), _) => Cloud,
        (None, Some(_)) => System,
        (None, None) => Elsewhere,
    };
    let fits = match clouds {
        // The switch itself restarts what it changes, whatever else is done.
        Some(clouds) => {
            foreseen == clouds || (rank(clouds) < 1 && foreseen == "restart" && switch.is_some())
        }
        None => switch.is_none_or(|danger| danger == "restart"),
    };
    let complaint = (!fits || reached != *reach).then(|| {
        format!(
            "{line}\n{reached:?} instead of {reach:?}: {:#}",
            plan["changes"]
        )
    });
    (line, complaint)
}

#[test]
fn what_is_predicted_is_what_is_planned() {
    if !enabled("the prediction and the plan for every key") {
        return;
    }
    let mut project = Project::new(EXAMPLE);
    project.cloud.seed(Seed::Project {
        name: "Example".to_owned(),
    });
    project.cloud.zone("example.org");
    project.apply(&[]).exits(0);
    project.commit();
    let mut complaints = Vec::new();
    eprintln!(
        "{:40} {:13} {:13} planned system",
        "key", "predicted", "planned"
    );
    for row in ROWS {
        let (line, complaint) = judge(&project, row);
        eprintln!("{line}");
        complaints.extend(complaint);
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n\n"));
}

/// Every key of a manifest, with `<name>` for what the person names.
fn keys(table: &toml::Table, path: &str, found: &mut BTreeSet<String>) {
    for (key, value) in table {
        let is_named = matches!(path, "services." | "profiles.");
        let key = if is_named { "<name>" } else { key };
        let path = format!("{path}{key}");
        let is_leaf = key == "env" || path == "check.allow" || path == "ports" || path == "domains";
        match value {
            toml::Value::Table(inner) if !is_leaf => keys(inner, &format!("{path}."), found),
            _ => {
                found.insert(path);
            }
        }
    }
}

#[test]
fn every_key_is_in_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/every-key/seance.toml");
    let manifest: toml::Table = fs::read_to_string(path).unwrap().parse().unwrap();
    let mut wanted = BTreeSet::new();
    keys(&manifest, "", &mut wanted);
    assert!(wanted.len() > 50, "{wanted:#?}");
    for key in UNPLANNED {
        assert!(wanted.remove(key), "{key} is no key");
    }
    wanted.retain(|key| {
        let is_there = |row: &Row| row.0 == key || row.0.starts_with(&format!("{key}."));
        !ROWS.iter().any(is_there)
    });
    assert!(wanted.is_empty(), "not in the table: {wanted:#?}");
}
