//! How nixos-anywhere is called, compared with the interface that it documents.

use std::fs;
use std::path::Path;

use super::project::{EXAMPLE, Project, SERVER, enabled};
use super::records::Record;

/// The options of nixos-anywhere at the pinned commit that take no value.
const FLAGS: [&str; 13] = [
    "--copy-host-keys",
    "--debug",
    "--env-password",
    "--force-kexec",
    "--help",
    "--no-disko-deps",
    "--no-reboot",
    "--no-ssh-copy-id",
    "--no-substitute-on-destination",
    "--no-use-machine-substituters",
    "--print-build-logs",
    "--stop-after-disko",
    "--vm-test",
];

/// Those that take values, and how many.
const OPTIONS: [(&str, usize); 20] = [
    ("--build-on", 1),
    ("--chown", 2),
    ("--disk-encryption-keys", 2),
    ("--disko-mode", 1),
    ("--extra-files", 1),
    ("--flake", 1),
    ("--from", 1),
    ("--generate-hardware-config", 2),
    ("--kexec", 1),
    ("--kexec-extra-flags", 1),
    ("--option", 2),
    ("--phases", 1),
    ("--post-kexec-ssh-port", 1),
    ("--ssh-option", 1),
    ("--ssh-port", 1),
    ("--ssh-store-setting", 2),
    ("--store-paths", 2),
    ("--target-host", 1),
    ("-i", 1),
    ("-p", 1),
];

/// The options of a call with their values; anything that is not documented fails the test.
#[track_caller]
fn read(arguments: &[String]) -> Vec<(&str, Vec<&str>)> {
    let mut read = Vec::new();
    let mut words = arguments.iter().map(String::as_str);
    while let Some(word) = words.next() {
        let option = OPTIONS.iter().find(|(name, _)| *name == word);
        assert!(
            option.is_some() || FLAGS.contains(&word),
            "nixos-anywhere does not know `{word}` in {arguments:?}"
        );
        let count = option.map_or(0, |(_, count)| *count);
        let values: Vec<&str> = words.by_ref().take(count).collect();
        assert_eq!(values.len(), count, "{word} in {arguments:?}");
        assert!(
            values
                .iter()
                .all(|value| !value.is_empty() && !value.starts_with('-')),
            "{word} in {arguments:?}"
        );
        read.push((word, values));
    }
    read
}

#[track_caller]
fn values<'a>(options: &[(&'a str, Vec<&'a str>)], name: &str) -> Vec<&'a str> {
    let found: Vec<_> = options
        .iter()
        .filter(|(option, _)| *option == name)
        .collect();
    assert_eq!(found.len(), 1, "{name} in {options:?}");
    found[0].1.clone()
}

/// The one call of nixos-anywhere.
#[track_caller]
fn only<'a>(records: &[&'a Record]) -> &'a Record {
    assert_eq!(records.len(), 1, "{records:#?}");
    records[0]
}

#[test]
fn what_was_built_is_installed_with_a_host_key_that_is_gone_afterwards() {
    if !enabled("the call of nixos-anywhere with store paths") {
        return;
    }
    let project = Project::new(EXAMPLE);
    project.apply(&[]).exits(0);
    let records = project.records();
    let call = only(&records.of("nixos-anywhere"));
    let options = read(&call.arguments);
    let address = project.cloud.droplets()[0].ipv4.unwrap();
    assert_eq!(
        values(&options, "--target-host"),
        [format!("root@{address}").as_str()]
    );
    let paths = values(&options, "--store-paths");
    assert!(paths[0].ends_with("-disko"), "{paths:?}");
    assert!(paths[1].ends_with("-nixos-system"), "{paths:?}");
    assert!(paths.iter().all(|path| path.starts_with("/nix/store/")));
    // Either what was built or a flake to build from, and no flag that needs the other.
    assert!(!options.iter().any(|(name, _)| *name == "--flake"));
    assert!(!options.iter().any(|(name, _)| *name == "--build-on"));
    assert_eq!(
        call.folder.canonicalize().unwrap(),
        project.path("terraform").canonicalize().unwrap()
    );

    // It copies the folder to the root of the new system, with owners and modes as they are.
    let files = call.note("files");
    let expected = [
        "700 d ",
        "755 d etc",
        "755 d etc/ssh",
        "600 f etc/ssh/ssh_host_ed25519_key",
        "644 f etc/ssh/ssh_host_ed25519_key.pub",
    ];
    assert_eq!(files.lines().collect::<Vec<_>>(), expected, "{files}");
    let folder = Path::new(values(&options, "--extra-files")[0]);
    assert!(!folder.exists(), "{} is left", folder.display());
    assert!(!folder.starts_with(project.path("")));

    let known = project.read(".seance/known_hosts");
    let key = known
        .trim_end()
        .strip_prefix(&format!("{address} "))
        .unwrap();
    assert_eq!(
        fingerprint(&project, key),
        call.note("fingerprint").split(' ').nth(1).unwrap()
    );
    let outputs = project.engine_command(&["output", "-raw", "ssh_host_public_key"]);
    let output = { outputs }.output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), key);

    // Nothing was there to be logged in to with another key than the pinned one.
    for call in records.of("ssh") {
        let arguments = call.arguments.join(" ");
        assert!(
            arguments.contains("-o StrictHostKeyChecking=yes")
                && arguments.contains("/.seance/known_hosts"),
            "{arguments}"
        );
    }
    // The installed system is the one that was built: nothing is left to switch.
    assert!(records.of("nixos-rebuild").is_empty());
    let copies = records.of("nix").into_iter();
    assert_eq!(
        copies
            .filter(|call| call.arguments.iter().any(|word| word == "copy"))
            .count(),
        0
    );
}

/// The SHA-256 fingerprint of a public key, as `ssh-keygen` tells it.
fn fingerprint(project: &Project, key: &str) -> String {
    let path = project.folder("temporary").join("key.pub");
    fs::write(&path, format!("{key}\n")).unwrap();
    let output = std::process::Command::new("ssh-keygen")
        .args(["-lf", path.to_str().unwrap()])
        .output()
        .unwrap();
    fs::remove_file(path).unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.split(' ').nth(1).unwrap().to_owned()
}

#[test]
fn a_server_that_builds_is_given_the_flake_and_its_port() {
    if !enabled("the call of nixos-anywhere with a flake") {
        return;
    }
    let manifest = EXAMPLE
        .replace("\nprofile ", "\nbuild_on      = \"server\"\nprofile ")
        .replace("port = 22,", "port = 2222,");
    let project = Project::new(&manifest);
    project.apply(&[]).exits(0);
    let records = project.records();
    let options = read(&only(&records.of("nixos-anywhere")).arguments);
    let flake = values(&options, "--flake");
    assert_eq!(flake, [format!("..#{SERVER}").as_str()]);
    assert_eq!(values(&options, "--build-on"), ["remote"]);
    assert!(!options.iter().any(|(name, _)| *name == "--store-paths"));

    let address = project.cloud.droplets()[0].ipv4.unwrap();
    let known = project.read(".seance/known_hosts");
    assert!(
        known.starts_with(&format!("[{address}]:2222 ssh-ed25519 ")),
        "{known}"
    );
    let rebuild = only(&records.of("nixos-rebuild"));
    assert_eq!(rebuild.arguments[0], "switch");
    let target = format!("root@{address}");
    for option in ["--target-host", "--build-host"] {
        let at = rebuild.arguments.iter().position(|word| word == option);
        assert_eq!(rebuild.arguments[at.unwrap() + 1], target);
    }
    // It is evaluated before anything costs money, and never built here.
    let verbs = records.of("nix");
    assert!(
        verbs.iter().all(|call| call.arguments[2] == "eval"),
        "{verbs:#?}"
    );
    // Until NixOS runs, the installer needs port 22.
    let account = project.cloud.account();
    let ports = account.firewalls[0].inbound_rules.iter();
    let ports: Vec<&str> = ports.map(|rule| rule.ports.as_str()).collect();
    assert!(
        ports.contains(&"22") && ports.contains(&"2222"),
        "{ports:?}"
    );
}

#[test]
fn a_changed_system_is_copied_and_switched_in_a_unit_of_its_own() {
    if !enabled("the switch of an installed system") {
        return;
    }
    let project = Project::new(EXAMPLE);
    project.apply(&[]).exits(0);
    let installed = fs::read_to_string(project.folder("server").join("system")).unwrap();
    let before = project.records().all().len();
    project.edit(&[("\"npm run start\"", "\"npm run serve\"")]);
    project.apply(&[]).exits(0);
    let records = project.records();
    let calls: Vec<String> = records.all()[before..]
        .iter()
        .filter(|call| {
            !call
                .arguments
                .iter()
                .any(|word| word == "eval" || word == "build")
        })
        .map(|call| format!("{} {}", call.program, call.arguments.join(" ")))
        .collect();
    let address = project.cloud.droplets()[0].ipv4.unwrap();
    let now = fs::read_to_string(project.folder("server").join("system")).unwrap();
    assert_ne!(now, installed);
    let system = now.trim_end();
    let ends = [
        format!("root@{address} test -e /run/current-system/nixos-version"),
        format!("root@{address} readlink -f /run/current-system"),
        format!("--to ssh://root@{address} {system}"),
        format!("nix-env --profile /nix/var/nix/profiles/system --set {system}"),
        format!("{system}/bin/switch-to-configuration switch"),
    ];
    assert_eq!(calls.len(), ends.len(), "{calls:#?}");
    for (call, end) in calls.iter().zip(&ends) {
        assert!(
            call.ends_with(end.as_str()),
            "{call} does not end with {end}"
        );
    }
    assert!(
        calls[4].contains(" systemd-run --unit seance-switch "),
        "{}",
        calls[4]
    );
    project.nothing_to_do();
}
