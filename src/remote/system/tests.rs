//! Recorded answers, and the script on the machine that runs the tests.

use super::*;

fn question() -> Question {
    Question {
        units: vec![
            "seance-backend.service".into(),
            "seance-backend-source.service".into(),
            "seance-backend-heal.timer".into(),
            "never-heard-of.service".into(),
        ],
        checkout: Some("/opt/it's here".into()),
    }
}

fn nixos() -> System {
    parse::system(include_str!("recorded/nixos.txt"), &question()).unwrap()
}

#[test]
fn a_nixos_that_limps() {
    insta::assert_debug_snapshot!(nixos());
}

#[test]
fn what_follows_from_it() {
    let mut system = nixos();
    assert!(system.needs_reboot());
    assert!(!system.boots_another());
    assert_eq!(system.clock_ahead(1_795_415_400), 21);
    let program = |port| {
        system
            .listener(port)
            .and_then(|found| found.program.clone())
    };
    assert_eq!(program(443).as_deref(), Some("caddy"));
    assert_eq!(program(80), None);
    let states: Vec<String> = system.units.iter().map(Unit::state).collect();
    assert_eq!(
        states,
        [
            "activating (auto-restart), exit-code",
            "active (exited)",
            "not-found",
            "not-found"
        ]
    );
    system.booted = system.current.clone();
    assert!(!system.needs_reboot());
    system.profile = Some(Profile {
        generation: Some(41),
        path: "/nix/store/older".into(),
    });
    assert!(system.boots_another());
}

#[test]
fn systems_are_told_apart() {
    let installer = include_str!("recorded/installer.txt");
    let installer = parse::system(installer, &Question::default()).unwrap();
    assert_eq!(installer.kind, Kind::Installer);
    assert_eq!(installer.profile, None);
    let sockets: Vec<String> = installer
        .listeners
        .iter()
        .map(|found| format!("{} {} {}", found.is_tcp, found.address, found.port))
        .collect();
    assert_eq!(
        sockets,
        ["true 0.0.0.0 22", "true ::1 25", "false 127.0.0.1 53"]
    );

    let ubuntu = include_str!("recorded/ubuntu.txt");
    let ubuntu = parse::system(ubuntu, &Question::default()).unwrap();
    assert_eq!(ubuntu.kind, Kind::Other("Ubuntu 24.04.3 LTS".into()));
    assert!(!ubuntu.needs_reboot());
}

#[test]
fn half_an_answer_is_none() {
    let whole = include_str!("recorded/nixos.txt");
    for (end, _) in whole.char_indices() {
        let part = parse::system(&whole[..end], &question());
        // Only the last line break may be missing.
        assert!(part.is_none() || end == whole.len() - 1, "{end}");
    }
}

proptest::proptest! {
    #[test]
    fn no_answer_is_too_strange(
        lines in proptest::collection::vec(
            "(os|memory|disk|inodes|current|profile|listener|socket|unit|revision|state)\t[ -~\t]{0,40}",
            0..20,
        ),
    ) {
        let text = format!("begin\t1\nclock\t1\n{}\nend\t1\n", lines.join("\n"));
        let system = parse::system(&text, &question()).expect("an answer");
        assert_eq!(system.units.len(), question().units.len());
    }
}

/// The script as it is sent, run by the shell that is here.
fn run(question: &Question) -> (String, String) {
    let output = std::process::Command::new("sh")
        .args(["-c", &script(question)])
        .output()
        .unwrap();
    assert!(output.status.success());
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr))
}

#[test]
fn this_machine_answers() {
    let folder = tempfile::tempdir().unwrap();
    let git = folder.path().join("it's $HOME/.git");
    std::fs::create_dir_all(git.join("refs/heads")).unwrap();
    let revision = "5f1c9f6a1de0c2a3b4d5e6f708192a3b4c5d6e7f";
    let question = Question {
        units: vec!["$(touch made).service".into(), "*".into()],
        checkout: git.parent().map(|folder| folder.display().to_string()),
    };
    let ask = |head: &str, packed: &str| {
        std::fs::write(git.join("HEAD"), head).unwrap();
        std::fs::write(git.join("packed-refs"), packed).unwrap();
        let (stdout, stderr) = run(&question);
        assert_eq!(stderr, "");
        parse::system(&stdout, &question).unwrap()
    };

    let packed = format!(
        "# pack-refs\n{} refs/heads/main2\n{revision} refs/heads/main\n",
        "0".repeat(40)
    );
    let system = ask("ref: refs/heads/main\n", &packed);
    let expected = Checkout {
        branch: Some("main".into()),
        revision: revision.into(),
    };
    assert_eq!(system.checkout, Some(expected.clone()));
    assert!(system.clock > 1_700_000_000);
    assert!(system.memory.total > 0);
    assert!(system.boot_time.is_some_and(|start| start <= system.clock));
    assert!(!system.kernel.is_empty() && !system.hostname.is_empty());
    assert!(system.disks.iter().any(|disk| disk.mount == "/"));
    assert_eq!(system.units[0].load_state, "not-found");

    std::fs::write(git.join("refs/heads/main"), format!("{revision}\n")).unwrap();
    assert_eq!(ask("ref: refs/heads/main\n", "").checkout, Some(expected));
    let detached = ask(&format!("{revision}\n"), "").checkout.unwrap();
    assert_eq!((detached.branch, &*detached.revision), (None, revision));
    for strange in [
        "ref: refs/../../../etc/passwd\n",
        "ref: /etc/passwd\n",
        "ref: refs/heads/none\n",
        "",
    ] {
        assert_eq!(ask(strange, "").checkout, None, "{strange}");
    }
}

#[test]
fn a_listener_of_this_test_is_seen() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (stdout, _) = run(&Question::default());
    let system = parse::system(&stdout, &Question::default()).unwrap();
    let found = system.listener(port).expect("the listener");
    assert_eq!(found.address, listener.local_addr().unwrap().ip());
}
