//! The reader of Caddyfiles against a real Caddy: the same sites, the same backends.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use seance::caddy::{Environment, File};
use serde_json::Value;

use crate::support::{cases, enabled, program};

/// Folders of Caddyfiles: name, text. The first is the one that Caddy is given.
const CASES: &[&[(&str, &str)]] = &[
    &[(
        "Caddyfile",
        "{\n\temail ops@example.org\n\tadmin off\n\tgrace_period 10s\n}\n\nexample.org, www.example.org {\n\
         \tencode gzip\n\treverse_proxy 127.0.0.1:3000\n}\n",
    )],
    &[(
        "Caddyfile",
        "example.org\n\nreverse_proxy localhost:8080 localhost:8081\n",
    )],
    &[(
        "Caddyfile",
        "example.org {\n\thandle_path /api/* {\n\t\treverse_proxy /x/* {\n\t\t\tto 127.0.0.1:4000\n\t\t\tto \
         127.0.0.1:4001\n\t\t\tlb_policy first\n\t\t}\n\t}\n\thandle {\n\t\troute {\n\t\t\treverse_proxy * \
         https://backend.example.com\n\t\t}\n\t}\n}\n",
    )],
    &[(
        "Caddyfile",
        "(proxy) {\n\treverse_proxy localhost:{args.0} {\n\t\theader_up X-Real-IP {remote_host}\n\t}\n}\n\
         a.example.org {\n\timport proxy 3000\n}\nb.example.org {\n\timport proxy 3001\n}\n",
    )],
    &[
        (
            "Caddyfile",
            "import sites/*.caddy\n\nexample.org {\n\timport common.caddy\n}\n",
        ),
        (
            "sites/a.caddy",
            "a.example.org {\n\treverse_proxy :5000\n}\n",
        ),
        (
            "sites/b.caddy",
            "b.example.org,\nc.example.org {\n\timport ../common.caddy\n}\n",
        ),
        ("common.caddy", "reverse_proxy 127.0.0.1:5001\nlog\n"),
    ],
    &[(
        "Caddyfile",
        "# comment {\n:8080 {\n\t@ws {\n\t\theader Connection *Upgrade*\n\t\theader Upgrade websocket\n\t}\n\
         \treverse_proxy @ws [::1]:6001\n\trespond \"a # b \\\"}\\\" {\" 200 # {\n\trespond /t `{\"a\": 1}`\n}\n",
    )],
    &[(
        "Caddyfile",
        "http://example.org {\n\tredir https://{host}{uri}\n}\nhttps://example.org:8443\n{\n\ttls internal\n\
         \tphp_fastcgi unix//run/php/php.sock\n\tfile_server\n}\n",
    )],
    &[(
        "Caddyfile",
        "example.org {\n\theader X-One \\\n\t\tvalue\n\treverse_proxy 10.0.0.2:80 \\\n\t\t10.0.0.3:80\n\
         \treverse_proxy /h2c/* h2c://127.0.0.1:9000\n\treverse_proxy /range/* 127.0.0.1:7000-7002\n}\n",
    )],
    &[(
        "Caddyfile",
        "{$DOMAIN:localhost}, {$SECOND} {\n\treverse_proxy {$BACKEND}:{$PORT:3000}\n}\n",
    )],
    &[(
        "Caddyfile",
        "\u{feff}EXAMPLE.org { \n\treverse_proxy /a/* http://127.0.0.1:1 http://127.0.0.1:2\r\n\treverse_proxy \
         {\n\t\tto unix//run/app.sock\n\t}\n}\n\n*.example.org {\n\treverse_proxy app\n}\n",
    )],
    &[(
        "Caddyfile",
        "example.org {\n\tforward_auth 127.0.0.1:9091 {\n\t\turi /api/verify\n\t\tcopy_headers Remote-User\n\t}\n\
         \treverse_proxy 127.0.0.1:3000 {\n\t\t@error status 5xx\n\t\thandle_response @error {\n\t\t\t\
         reverse_proxy 127.0.0.1:3999\n\t\t}\n\t}\n}\n",
    )],
];

/// What Caddy refuses.
const REFUSED: &[&str] = &[
    "a.org {\n\trespond 1\n",
    "a.org {\n\trespond 1\n}\n}\n",
    "a.org {\n\trespond \"1\n}\n",
    "a.org{\n\trespond 1\n}\n",
    "a.org,b.org {\n\trespond 1\n}\n",
    "a.org, {\n\trespond 1\n}\n",
    "@m path /x\na.org {\n\trespond 1\n}\n",
    "a.org {\n\thandle { respond 1 }\n}\n",
    "a.org {\n\thandle\n\t{\n\t\trespond 1\n\t}\n}\n",
    "a.org {\n\trespond 1 }\n",
    "(a) {\n\timport b\n}\n(b) {\n\timport a\n}\na.org {\n\timport a\n}\n",
];

/// The variables that Caddy and the reader are given.
fn environment() -> BTreeMap<String, String> {
    let variables = [
        ("SECOND", "b.example.org, c.example.org"),
        ("BACKEND", "127.0.0.1"),
    ];
    let owned = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    owned.into_iter().collect()
}

/// What `caddy adapt` makes of a folder, or what it says.
fn adapt(files: &[(&str, &str)]) -> Result<Value, String> {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let output = program("caddy")
        .args(["adapt", "--adapter", "caddyfile", "--config", files[0].0])
        .current_dir(folder.path())
        .envs(environment())
        .output()
        .unwrap();
    if output.status.success() {
        Ok(serde_json::from_slice(&output.stdout).unwrap())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

fn read(files: &[(&str, &str)]) -> File {
    let texts = files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    let environment = Environment::whole(environment());
    File::read(files[0].0, &texts.collect(), &environment)
}

/// Every text at a key of this name, at any depth.
fn at_key(value: &Value, key: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut queue = vec![value];
    while let Some(value) = queue.pop() {
        match value {
            Value::Array(items) => queue.extend(items),
            Value::Object(items) => {
                match items.get(key) {
                    Some(Value::String(text)) => found.extend([text.clone()]),
                    Some(Value::Array(texts)) => {
                        found.extend(texts.iter().filter_map(Value::as_str).map(str::to_owned));
                    }
                    _ => {}
                }
                queue.extend(items.values());
            }
            _ => {}
        }
    }
    found
}

/// The backends as Caddy writes them.
fn dials(file: &File) -> BTreeSet<String> {
    let mut dials = BTreeSet::new();
    for upstream in file.upstreams() {
        if let Some(path) = upstream.socket() {
            dials.insert(format!("unix/{path}"));
        }
        for port in upstream.ports() {
            let host = upstream.host().unwrap();
            dials.insert(if host.contains(':') {
                format!("[{host}]:{port}")
            } else {
                format!("{host}:{port}")
            });
        }
    }
    dials
}

/// The addresses of a range of ports, which some versions of Caddy write out and some do not.
fn expanded(dial: &str) -> Vec<String> {
    let range = dial.rsplit_once(':').and_then(|(host, ports)| {
        let (first, last) = ports.split_once('-')?;
        Some((host, first.parse::<u16>().ok()?..=last.parse().ok()?))
    });
    match range {
        Some((host, ports)) => ports.map(|port| format!("{host}:{port}")).collect(),
        None => vec![dial.to_owned()],
    }
}

#[track_caller]
fn assert_same(files: &[(&str, &str)]) {
    let adapted = adapt(files).unwrap_or_else(|error| panic!("{files:?}: {error}"));
    let file = read(files);
    assert!(file.errors.is_empty() && file.complete, "{file:?}");
    let addresses = || file.sites.iter().flat_map(|site| &site.addresses);
    let hosts: BTreeSet<String> = addresses()
        .filter_map(|address| address.host().value().cloned())
        .filter(|host| !host.is_empty())
        .collect();
    assert_eq!(hosts, at_key(&adapted, "host"), "{files:?}");
    let ports: BTreeSet<String> = addresses()
        .map(|address| format!(":{}", address.port().unwrap_or(443)))
        .collect();
    assert_eq!(ports, at_key(&adapted, "listen"), "{files:?}");
    let dialled = at_key(&adapted, "dial");
    let dialled: BTreeSet<String> = dialled.iter().flat_map(|dial| expanded(dial)).collect();
    assert_eq!(dials(&file), dialled, "{files:?}");
}

#[test]
fn caddy_reads_the_same_sites_and_backends() {
    if !enabled("caddy adapt against the reader of Caddyfiles") {
        return;
    }
    for files in CASES {
        assert_same(files);
    }
}

#[test]
fn caddy_refuses_what_the_reader_refuses() {
    if !enabled("caddy adapt on texts that the reader refuses") {
        return;
    }
    for text in REFUSED {
        let files = [("Caddyfile", *text)];
        assert!(adapt(&files).is_err(), "{text}");
        assert!(!read(&files).errors.is_empty(), "{text}");
    }
}

#[test]
fn every_generated_caddyfile_is_read_whole() {
    let mut read = 0;
    for case in cases() {
        let Some(path) = case.file("Caddyfile") else {
            continue;
        };
        let text = fs::read_to_string(path).unwrap();
        let texts = BTreeMap::from([("Caddyfile".to_owned(), text)]);
        let file = File::read("Caddyfile", &texts, &Environment::unknown());
        assert!(file.errors.is_empty() && file.complete, "{}", case.name);
        assert!(file.admin_is_off().is(&true));
        read += 1;
    }
    assert!(read > 0);
}

/// Pieces that random Caddyfiles are made of.
const PIECES: [&str; 34] = [
    "a.org",
    "b.org",
    ":80",
    "http://c.org",
    "{",
    "}",
    " {\n",
    "\n}\n",
    "\n",
    "\n\n",
    " ",
    "\t",
    ",",
    ", ",
    "\"",
    "`",
    "\\",
    "\\\n",
    "#",
    "# c\n",
    "respond",
    "respond 1\n",
    "respond \"x y\" 200\n",
    "handle {\n",
    "route {\n",
    "reverse_proxy",
    "reverse_proxy localhost:1\n",
    "import",
    "import s\n",
    "(s) {\nrespond 2\n}\n",
    "{$SECOND}",
    "{$UNSET}",
    "{$UNSET:d.org}",
    "\r\n",
];

/// Whatever Caddy takes, the reader takes as well: anything else would be a false alarm.
#[test]
fn the_reader_refuses_nothing_that_caddy_takes() {
    if !enabled("caddy adapt on random texts") {
        return;
    }
    let mut random: u64 = 1;
    let mut next = |below: usize| {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(random >> 33).unwrap() % below
    };
    let mut taken = 0;
    for _ in 0..COUNT {
        let mut text = String::new();
        if next(2) == 0 {
            text.push_str("a.org {\n");
        }
        for _ in 0..next(14) {
            text.push_str(PIECES[next(PIECES.len())]);
        }
        if next(2) == 0 {
            text.push_str("\n}\n");
        }
        let files = [("Caddyfile", text.as_str())];
        if let Ok(adapted) = adapt(&files) {
            let file = read(&files);
            assert!(file.errors.is_empty(), "{text:?}: {:?}", file.errors);
            assert_eq!(dials(&file), at_key(&adapted, "dial"), "{text:?}");
            taken += 1;
        }
    }
    assert!(taken > COUNT / 20, "too few: {taken}");
}

/// How many random texts are tried.
const COUNT: usize = 400;
