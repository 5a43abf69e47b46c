//! A real Caddy with the Caddyfile and the environment that the generated files give it.
//!
//! The environment comes from evaluating `nix/devenv-profiles.nix` with real Nix, and the command
//! line is the one that devenv would run for the process `caddy`.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::nix::{Store, words};
use crate::support::{Case, cases, copy_folder, enabled, program, succeed, text};

/// The user and group that own nothing.
const NOBODY: u32 = 65_534;

fn sited_cases() -> Vec<Case> {
    let cases: Vec<Case> = cases()
        .into_iter()
        .filter(|case| case.file("Caddyfile").is_some())
        .filter(|case| case.file("nix/devenv-profiles.nix").is_some())
        .collect();
    assert!(!cases.is_empty(), "no golden tree has a Caddyfile");
    cases
}

/// A copy of a tree that anyone may read, and a home folder that only `nobody` may write.
struct Checkout {
    store: Store,
    tree: PathBuf,
    home: PathBuf,
}

impl Checkout {
    fn new(case: &Case) -> Self {
        let store = Store::new();
        let tree = store.path().join("checkout");
        let home = store.path().join("home");
        copy_folder(&case.tree, &tree);
        fs::create_dir(&home).unwrap();
        fs::set_permissions(store.path(), fs::Permissions::from_mode(0o755)).unwrap();
        fs::create_dir_all(store.packages().join("caddy/bin")).unwrap();
        Self { store, tree, home }
    }

    fn caddy_is(&self, script: &str) {
        let path = self.store.packages().join("caddy/bin/caddy");
        fs::write(&path, script).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Adds the command line and the whole environment of devenv's process `caddy`.
    fn process(&self, profile: &str, forced: &Value, command: &mut Command) {
        let value = self.store.evaluate(
            "devenv-profiles.nix",
            &[
                ("tree", self.tree.to_str().unwrap()),
                ("folder", self.store.packages().to_str().unwrap()),
                ("names", &words(&self.tree, &self.store)),
                ("profile", profile),
                ("root", self.tree.to_str().unwrap()),
                ("state", self.home.join("state").to_str().unwrap()),
                ("environment", &forced.to_string()),
            ],
        );
        let process = &value["processes"]["caddy"];
        command
            .args(["bash", "-c", process["exec"].as_str().unwrap()])
            .current_dir(&self.tree)
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin")
            .env("HOME", &self.home)
            .env("DEVENV_ROOT", &self.tree)
            .env("DEVENV_STATE", self.home.join("state"));
        for variables in [&value["env"], &process["env"]] {
            for (name, value) in variables.as_object().into_iter().flatten() {
                command.env(name, value.as_str().unwrap());
            }
        }
    }

    /// What Caddy makes of the configuration that it would run.
    fn adapt(&self, profile: &str, forced: &Value) -> Result<Value, String> {
        let caddy = which::which("caddy").unwrap();
        // Asked to run, it says what it would have run.
        self.caddy_is(&format!(
            "#!/bin/sh\nwhile [ $# -gt 0 ]; do\n  case $1 in --config) config=$2; shift ;; esac\n  shift\n\
             done\nexec {} adapt --adapter caddyfile --config \"$config\"\n",
            caddy.display()
        ));
        let mut command = program("env");
        self.process(profile, forced, &mut command);
        let output = command.output().unwrap();
        if output.status.success() {
            Ok(serde_json::from_slice(&output.stdout).unwrap())
        } else {
            Err(text(&output))
        }
    }
}

/// Every host of the adapted configuration with the port that its site listens on.
fn hosts(adapted: &Value) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for (_, server) in adapted["apps"]["http"]["servers"].as_object().unwrap() {
        assert_ne!(
            server["automatic_https"]["disable"],
            json!(true),
            "automatic HTTPS is off: {server}"
        );
        let listen = server["listen"][0].as_str().unwrap().to_owned();
        for route in server["routes"].as_array().unwrap() {
            for host in route["match"][0]["host"].as_array().unwrap() {
                found.insert((host.as_str().unwrap().to_owned(), listen.clone()));
            }
        }
    }
    found
}

fn pairs(expected: &[(&str, &str)]) -> BTreeSet<(String, String)> {
    let owned = |(host, port): &(&str, &str)| ((*host).to_owned(), (*port).to_owned());
    expected.iter().map(owned).collect()
}

/// The profile that the server's unit runs.
fn server_profile(case: &Case) -> String {
    let store = Store::new();
    let value = store.evaluate(
        "units.nix",
        &[
            ("tree", case.tree.to_str().unwrap()),
            ("folder", store.packages().to_str().unwrap()),
            ("names", &words(&case.tree, &store)),
        ],
    );
    let units = value["units"].as_object().unwrap().values();
    let profiles: BTreeSet<String> = units
        .filter_map(|unit| unit.as_str()?.split("--profile").nth(1))
        .map(|rest| rest.trim_start_matches(['=', ' ']))
        .filter_map(|rest| rest.split_whitespace().next())
        .map(str::to_owned)
        .collect();
    assert!(profiles.len() < 2, "{}: {profiles:?}", case.name);
    let profile = profiles
        .into_iter()
        .next()
        .unwrap_or_else(|| "default".to_owned());
    let manifest = case.values();
    let written = manifest
        .get("server")
        .and_then(|server| server.get("profile"));
    if let Some(written) = written.and_then(toml::Value::as_str) {
        assert_eq!(
            written, profile,
            "{}: the unit runs another profile",
            case.name
        );
    }
    profile
}

#[test]
fn what_breaks_caddy_does_break_it() {
    if !enabled("caddy adapt on an empty and on a doubled site") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("Caddyfile");
    let site = "{$SITE} {\n\treverse_proxy 127.0.0.1:1\n}\n";
    let adapt = |content: &str, address: &str| {
        fs::write(&path, content).unwrap();
        let mut command = program("caddy");
        command
            .args(["adapt", "--adapter", "caddyfile", "--config"])
            .arg(&path);
        command
            .env("SITE", address)
            .env("EMPTY", "")
            .output()
            .unwrap()
            .status
            .success()
    };
    let globals = "{\n\tadmin off\n}\n\n";
    assert!(adapt(&format!("{globals}{site}"), "a.example.org"));
    assert!(
        !adapt(&format!("{globals}{site}"), ""),
        "an empty site address"
    );
    assert!(
        !adapt(&format!("{globals}{site}{site}"), "a.example.org"),
        "a doubled site"
    );
    let naive = site.replace("{$SITE}", "{$SITE}, {$EMPTY}");
    assert!(
        !adapt(&format!("{globals}{naive}"), "a.example.org"),
        "an empty second address"
    );
}

#[test]
fn the_servers_profile_serves_every_domain_over_https() {
    if !enabled("caddy adapt of the server's profile") {
        return;
    }
    for case in sited_cases() {
        let checkout = Checkout::new(&case);
        let adapted = checkout
            .adapt(&server_profile(&case), &json!({}))
            .unwrap_or_else(|error| panic!("{}: {error}", case.name));
        let manifest = case.values();
        let expected: BTreeSet<(String, String)> = manifest["domains"]
            .as_table()
            .unwrap()
            .values()
            .map(|domain| (domain.as_str().unwrap().to_lowercase(), ":443".to_owned()))
            .collect();
        assert_eq!(hosts(&adapted), expected, "{}", case.name);
    }
}

#[test]
fn no_value_of_the_two_variables_breaks_a_site() {
    if !enabled("caddy adapt with empty, equal and overridden domains") {
        return;
    }
    for case in sited_cases() {
        let checkout = Checkout::new(&case);
        for profile in ["default".to_owned(), server_profile(&case)] {
            for (caddy, app) in [
                ("a.example.org", ""),
                ("", "a.example.org"),
                ("a.example.org", "a.example.org"),
                ("a.example.org", "b.example.org"),
                ("localhost:8080", "localhost:8080"),
                ("", ""),
            ] {
                let forced = json!({ "CADDY_DOMAIN": caddy, "APP_DOMAIN": app });
                let adapted = checkout
                    .adapt(&profile, &forced)
                    .unwrap_or_else(|error| panic!("{} {profile} {forced}: {error}", case.name));
                let found = hosts(&adapted);
                assert!(
                    !found.is_empty(),
                    "{} {profile} {forced}: no site",
                    case.name
                );
                for domain in [caddy, app]
                    .into_iter()
                    .filter(|domain| domain.contains("example.org"))
                {
                    let served = found.contains(&(domain.to_owned(), ":443".to_owned()));
                    // APP_DOMAIN leads somewhere only where a service has a second domain.
                    assert!(
                        served || (domain == app && !takes_app_domain(&case)),
                        "{} {profile} {forced}: {found:?}",
                        case.name
                    );
                }
            }
        }
    }
}

fn takes_app_domain(case: &Case) -> bool {
    let manifest = case.values();
    manifest["services"]
        .as_table()
        .unwrap()
        .values()
        .any(|service| {
            service
                .get("domains")
                .and_then(toml::Value::as_array)
                .is_some_and(|list| list.len() > 1)
        })
}

/// Whether the default profile is a developer's, with the address that it has unless one is written.
fn is_local_by_default(case: &Case) -> bool {
    let values = case.values();
    let at = |path: [&str; 4]| {
        let table = values.get(path[0])?.get(path[1])?;
        table
            .get(path[2])?
            .get(path[3])?
            .as_str()
            .map(str::to_owned)
    };
    at(["profiles", "default", "env", "CADDY_DOMAIN"]).is_none_or(|site| site == "localhost:8080")
}

#[test]
fn the_default_profile_needs_no_privileges() {
    if !enabled("a running caddy") {
        return;
    }
    for case in sited_cases().into_iter().filter(is_local_by_default) {
        let checkout = Checkout::new(&case);
        let adapted = checkout.adapt("default", &json!({})).unwrap();
        assert!(
            hosts(&adapted).is_superset(&pairs(&[("localhost", ":8080")])),
            "{}: {:?}",
            case.name,
            hosts(&adapted)
        );
        let trusted = trust_store();
        let network = Network::new();
        let mut backends = Vec::new();
        for port in upstreams(&adapted) {
            backends.push(network.backend(&port));
        }
        let caddy = network.caddy(&checkout);
        let answer = network.get("http://localhost:8080/");
        assert_eq!(
            answer,
            format!("backend {}", upstream_of_localhost(&adapted)),
            "{}",
            case.name
        );
        caddy.is_unprivileged();
        let listening = network.listening();
        assert!(listening.contains("8080"), "{listening:?}");
        for port in ["80", "443", "2019"] {
            assert!(
                !listening.contains(port),
                "{}: listens on {port}",
                case.name
            );
        }
        drop(caddy);
        assert_eq!(
            trust_store(),
            trusted,
            "{}: the trust store changed",
            case.name
        );
        assert!(
            !contains_folder(&checkout.home, "acme"),
            "{}: asked for certificates",
            case.name
        );
    }
}

/// The ports of every reverse proxy.
fn upstreams(value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut queue = vec![value];
    while let Some(value) = queue.pop() {
        if let Some(address) = value["dial"].as_str() {
            found.insert(address.rsplit(':').next().unwrap().to_owned());
        }
        match value {
            Value::Array(items) => queue.extend(items),
            Value::Object(items) => queue.extend(items.values()),
            _ => {}
        }
    }
    found
}

fn upstream_of_localhost(adapted: &Value) -> String {
    let servers = adapted["apps"]["http"]["servers"].as_object().unwrap();
    let routes = servers
        .values()
        .flat_map(|server| server["routes"].as_array().unwrap());
    routes
        .filter(|route| {
            let hosts = route["match"][0]["host"].as_array().unwrap();
            hosts.contains(&json!("localhost"))
        })
        .flat_map(upstreams)
        .next()
        .unwrap()
}

fn trust_store() -> BTreeSet<PathBuf> {
    ["/usr/local/share/ca-certificates", "/etc/ssl/certs"]
        .into_iter()
        .filter_map(|folder| fs::read_dir(folder).ok())
        .flatten()
        .map(|entry| entry.unwrap().path())
        .collect()
}

fn contains_folder(folder: &Path, name: &str) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        path.is_dir() && (path.ends_with(name) || contains_folder(&path, name))
    })
}

/// A network of its own with nothing but a loopback interface, so that no port is taken.
struct Network {
    holder: Child,
}

impl Network {
    fn new() -> Self {
        let mut command = program("unshare");
        command
            .args([
                "--net",
                "sh",
                "-c",
                "ip link set lo up && echo up && exec sleep 600",
            ])
            .stdout(Stdio::piped());
        let mut holder = command.spawn().unwrap();
        let mut said = [0; 3];
        let answer = std::io::Read::read_exact(holder.stdout.as_mut().unwrap(), &mut said);
        assert!(
            answer.is_ok(),
            "a network namespace needs root: run this stage as root"
        );
        Self { holder }
    }

    /// A command inside this network; it keeps the process id of the child.
    fn command(&self) -> Command {
        let mut command = program("nsenter");
        command.arg(format!("--net=/proc/{}/ns/net", self.holder.id()));
        command
    }

    /// A web server that answers every request with its port.
    fn backend(&self, port: &str) -> Stopped {
        const SERVER: &str = "
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = ('backend ' + sys.argv[1]).encode()
        self.send_response(200)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_): pass
http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])), Handler).serve_forever()
";
        let mut command = self.command();
        command.args(["/usr/bin/python3", "-c", SERVER, port]);
        let backend = Stopped(command.spawn().unwrap(), PathBuf::new());
        self.get(&format!("http://127.0.0.1:{port}/"));
        backend
    }

    /// The process `caddy` of the default profile, as `nobody` without any capability.
    fn caddy(&self, checkout: &Checkout) -> Stopped {
        let real = which::which("caddy").unwrap();
        checkout.caddy_is(&format!("#!/bin/sh\nexec {} \"$@\"\n", real.display()));
        chown(&checkout.home, Some(NOBODY), Some(NOBODY)).unwrap();
        let log = checkout.store.path().join("caddy.log");
        let mut command = self.command();
        command.args([
            "setpriv",
            &format!("--reuid={NOBODY}"),
            &format!("--regid={NOBODY}"),
            "--clear-groups",
            "--bounding-set=-all",
            "--inh-caps=-all",
            "--no-new-privs",
        ]);
        checkout.process("default", &json!({}), &mut command);
        command.stderr(fs::File::create(&log).unwrap());
        Stopped(command.spawn().unwrap(), log)
    }

    /// The body of a page, once something answers.
    #[track_caller]
    fn get(&self, url: &str) -> String {
        let mut command = self.command();
        command.args([
            "curl",
            "--silent",
            "--show-error",
            "--fail",
            "--retry-connrefused",
        ]);
        command.args([
            "--retry",
            "50",
            "--retry-delay",
            "0",
            "--retry-max-time",
            "15",
            url,
        ]);
        let deadline = Instant::now() + Duration::from_secs(15);
        loop {
            let output = command.output().unwrap();
            if output.status.success() {
                return String::from_utf8(output.stdout).unwrap();
            }
            assert!(Instant::now() < deadline, "{url}: {}", text(&output));
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Every TCP port that something listens on.
    fn listening(&self) -> BTreeSet<String> {
        let mut command = self.command();
        succeed(command.args(["ss", "--listening", "--tcp", "--numeric", "--no-header"]))
            .lines()
            .filter_map(|line| line.split_whitespace().nth(3)?.rsplit(':').next())
            .map(str::to_owned)
            .collect()
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}

/// A child that ends with its handle, and its log.
struct Stopped(Child, PathBuf);

impl Stopped {
    fn is_unprivileged(&self) {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0.id())).unwrap();
        let field = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name)).unwrap();
            line.split_whitespace().nth(1).unwrap().to_owned()
        };
        assert_eq!(field("Name:"), "caddy");
        assert_eq!(field("Uid:"), NOBODY.to_string());
        assert_eq!(field("CapEff:"), "0000000000000000");
        assert_eq!(field("CapBnd:"), "0000000000000000");
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
        if std::thread::panicking()
            && let Ok(log) = fs::read_to_string(&self.1)
        {
            eprintln!("{log}");
        }
    }
}
