//! Classes one by one, and the snapshots of every format.

use std::collections::BTreeMap;

use super::*;
use crate::catalog;
use crate::deployment::{
    BuildOn, Caddy, CertificateAuthority, Disk, Dns, DnsProvider, Port, Profile, Project, Protocol,
    PublicPort, Run, Server, Service, State, StateBackend,
};
use crate::render::{Ownership, RenderedFile};
use crate::report::Terminal;

fn text<T>(value: &str) -> T
where
    T: for<'a> TryFrom<&'a str, Error: std::fmt::Debug>,
{
    T::try_from(value).expect("a valid sample")
}

const KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ laptop";
const OTHER_KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA4cGKe5wVBxSgI3wCsYmnNiJbfzLW5Oc3MVdp6fT6iJ desk";

fn open(port: u16, protocol: Protocol, from: &[&str]) -> PublicPort {
    PublicPort {
        port: Port::new(port).expect("not zero"),
        protocol,
        from: from.iter().map(|network| text(network)).collect(),
    }
}

fn process(command: &str) -> Service {
    Service {
        run: Run::Process {
            prepare: Some(text("npm ci")),
            command: text(command),
            packages: vec![text("nodejs_22")],
            directory: Some(text("backend")),
        },
        port: Port::new(3000).expect("not zero"),
        domains: vec![text("backend")],
        health: vec![text("/")],
        secrets: vec![],
        env: BTreeMap::from([(text("PORT"), "3000".to_owned())]),
    }
}

fn container(image: &str, port: u16) -> Service {
    Service {
        run: Run::Container {
            image: text(image),
            port: Port::new(port).expect("not zero"),
        },
        port: Port::new(port).expect("not zero"),
        domains: vec![],
        health: vec![],
        secrets: vec![],
        env: BTreeMap::new(),
    }
}

fn server() -> Server {
    Server {
        name: text("seance-backend"),
        region: catalog::region("sfo3").expect("known"),
        size: catalog::size("s-2vcpu-2gb").expect("known"),
        install_size: None,
        image: text("ubuntu-24-04-x64"),
        profile: text("prod"),
        nixos_release: text("26.05"),
        state_version: text("26.05"),
        timezone: text("UTC"),
        ssh_keys: vec![text(KEY)],
        build_on: BuildOn::Local,
        ipv6: false,
        backups: false,
        resize_disk: false,
        reserved_ip: false,
        ssh_key_fingerprint: None,
        digitalocean_project: None,
        disk: Disk {
            device: text("/dev/vda"),
            swap: Some(text("2G")),
        },
    }
}

fn deployment() -> Deployment {
    let production = Profile {
        env: BTreeMap::new(),
        caddy_domain: Some(Some(text("backend.seance.dev"))),
        app_domain: Some(None),
    };
    Deployment {
        project: Project {
            name: text("seance"),
            repository: text("https://github.com/example/seance-signaling.git"),
            branch: text("main"),
            directory: text("/opt/seance-signaling"),
            deploy_key: false,
        },
        servers: vec![server()],
        dns: Dns {
            provider: DnsProvider::Cloudflare,
            zone: text("seance.dev"),
            zone_id: None,
        },
        domains: BTreeMap::from([(text("backend"), text("backend.seance.dev"))]),
        ports: BTreeMap::from([
            (text("ssh"), open(22, Protocol::Tcp, &["203.0.113.0/24"])),
            (text("http"), open(80, Protocol::Tcp, &[])),
            (text("https"), open(443, Protocol::Tcp, &[])),
            (text("signaling"), open(4444, Protocol::Both, &[])),
        ]),
        caddy: Caddy {
            email: None,
            ca: CertificateAuthority::Production,
        },
        services: BTreeMap::from([
            (text("backend"), process("npm run start")),
            (
                text("signaling"),
                container("funnyzak/y-webrtc-signaling:latest", 4444),
            ),
        ]),
        profiles: BTreeMap::from([
            (text("default"), Profile::default()),
            (text("prod"), production),
        ]),
        state: State {
            backend: StateBackend::Local,
            encrypt: false,
        },
        skip: std::collections::BTreeSet::new(),
        allow: BTreeMap::new(),
    }
}

fn change(edit: impl FnOnce(&mut Deployment)) -> Change {
    between(|_| {}, edit)
}

fn between(before: impl FnOnce(&mut Deployment), after: impl FnOnce(&mut Deployment)) -> Change {
    let (mut old, mut new) = (deployment(), deployment());
    before(&mut old);
    after(&mut new);
    let tree = |deployment: &Deployment| crate::render::render(deployment).expect("it renders");
    compare(&old, &new, &tree(&old), &tree(&new))
}

fn server_change(edit: impl FnOnce(&mut Server)) -> Change {
    change(|deployment| edit(&mut deployment.servers[0]))
}

/// The class and the reasons of the change to one key.
#[track_caller]
fn class(change: &Change, key: &str) -> (Danger, String) {
    let found = change.changes.iter().find(|change| change.key == key);
    let found = found.unwrap_or_else(|| panic!("no change of {key} in {:#?}", change.changes));
    (found.danger, found.because.join("; "))
}

#[test]
fn nothing_changes_when_nothing_changes() {
    let same = change(|_| {});
    assert!(same.is_empty(), "{same:#?}");
    assert_eq!(same.danger(), Danger::None);
    for format in [Format::Human(Terminal::PLAIN), Format::Markdown] {
        let report = report(format, &same, "HEAD", "").expect("a report");
        assert!(report.contains("nothing changes"), "{report}");
    }
    assert!(report(Format::Sarif, &same, "HEAD", "").is_none());
}

#[test]
fn what_the_provider_replaces_is_data_loss() {
    let moved = server_change(|server| server.region = catalog::region("fra1").expect("known"));
    assert_eq!(class(&moved, "server.region").0, Danger::DataLoss);
    let off = between(|before| before.servers[0].ipv6 = true, |_| {});
    assert_eq!(class(&off, "server.ipv6").0, Danger::DataLoss);
    let on = server_change(|server| server.ipv6 = true);
    assert_eq!(class(&on, "server.ipv6").0, Danger::Restart);
}

#[test]
fn every_replacing_attribute_of_the_manifest_is_judged() {
    let all = server_change(|server| {
        server.region = catalog::region("fra1").expect("known");
        server.image = text("debian-12-x64");
        server.ssh_keys = vec![text(KEY), text(OTHER_KEY)];
    });
    // The module fixes the others: the manifest has no key for them.
    let fixed = [
        "user_data",
        "monitoring",
        "droplet_agent",
        "vpc_uuid",
        "public_networking",
        "gpu_partition_mode",
        "ipv6",
    ];
    for attribute in catalog::replacing_attributes() {
        if !fixed.contains(&attribute.name.as_str()) {
            let (danger, because) = class(&all, &format!("server.{}", attribute.name));
            let ignored = attribute.name != "region";
            assert_eq!(
                danger == Danger::None,
                ignored,
                "{}: {because}",
                attribute.name
            );
        }
    }
}

#[test]
fn the_image_and_the_keys_do_not_touch_the_droplet() {
    let image = server_change(|server| server.image = text("debian-12-x64"));
    let (danger, because) = class(&image, "server.image");
    assert_eq!(danger, Danger::None);
    assert!(because.contains("keeps its NixOS"), "{because}");
    let added = server_change(|server| server.ssh_keys.push(text(OTHER_KEY)));
    assert_eq!(class(&added, "server.ssh_keys").0, Danger::None);
    let swapped = server_change(|server| server.ssh_keys = vec![text(OTHER_KEY)]);
    let (danger, because) = class(&swapped, "server.ssh_keys");
    assert_eq!(danger, Danger::Irreversible);
    assert!(because.contains("locked out"), "{because}");
}

#[test]
fn a_resize_is_downtime_and_irreversible_with_its_disk() {
    let size = |slug| catalog::size(slug).expect("known");
    let up = server_change(|server| server.size = size("s-2vcpu-4gb"));
    let (danger, because) = class(&up, "server.size");
    assert_eq!(danger, Danger::Downtime);
    assert!(because.contains("the way back stays open"), "{because}");
    let grown = server_change(|server| {
        server.size = size("s-2vcpu-4gb");
        server.resize_disk = true;
    });
    assert_eq!(class(&grown, "server.size").0, Danger::Irreversible);
    let down = server_change(|server| server.size = size("s-1vcpu-2gb"));
    let (danger, because) = class(&down, "server.size");
    assert_eq!(danger, Danger::Downtime);
    assert!(
        because.contains("refuses a size whose disk is smaller"),
        "{because}"
    );
}

#[test]
fn a_rename_leaves_the_data_behind() {
    let renamed = server_change(|server| server.name = text("seance-web"));
    let (danger, because) = class(&renamed, "server.name");
    assert_eq!(danger, Danger::Downtime);
    assert!(because.contains("`/var/lib/seance-backend`"), "{because}");
    assert!(because.contains("`/var/lib/seance-web`"), "{because}");
}

#[test]
fn the_disk_layout_is_never_applied_again() {
    let device = server_change(|server| server.disk.device = text("/dev/sda"));
    assert_eq!(class(&device, "server.disk.device").0, Danger::Downtime);
    let larger = server_change(|server| server.disk.swap = Some(text("4G")));
    assert_eq!(class(&larger, "server.disk.swap").0, Danger::None);
    let gone = server_change(|server| server.disk.swap = None);
    assert_eq!(class(&gone, "server.disk.swap").0, Danger::None);
    let new = between(|before| before.servers[0].disk.swap = None, |_| {});
    let (danger, because) = class(&new, "server.disk.swap");
    assert_eq!(danger, Danger::Downtime);
    assert!(because.contains("does not exist"), "{because}");
}

#[test]
fn a_reserved_address_given_back_is_gone() {
    let on = server_change(|server| server.reserved_ip = true);
    assert_eq!(class(&on, "server.reserved_ip").0, Danger::None);
    let off = between(|before| before.servers[0].reserved_ip = true, |_| {});
    assert_eq!(class(&off, "server.reserved_ip").0, Danger::Irreversible);
}

#[test]
fn ports_are_compared_by_what_can_be_reached() {
    let renamed = change(|after| {
        let port = after.ports.remove("signaling").expect("there");
        after.ports.insert(text("rtc"), port);
    });
    assert!(renamed.ports.is_empty(), "{:?}", renamed.ports);
    let narrowed = change(|after| {
        after.ports.insert(
            text("signaling"),
            open(4444, Protocol::Tcp, &["198.51.100.0/24"]),
        );
        after
            .ports
            .insert(text("ssh"), open(2222, Protocol::Tcp, &[]));
    });
    let label = |ports: &[OpenPort]| ports.iter().map(OpenPort::label).collect::<Vec<_>>();
    assert_eq!(label(&narrowed.ports.opened), ["2222/tcp (ssh)"]);
    assert_eq!(
        label(&narrowed.ports.closed),
        ["22/tcp (ssh)", "4444/udp (signaling)"]
    );
    assert_eq!(narrowed.ports.changed.len(), 1);
    assert_eq!(class(&narrowed, "ports.ssh").0, Danger::Restart);
}

#[test]
fn records_follow_the_address_families() {
    let both = change(|after| {
        after.servers[0].ipv6 = true;
        after.domains.insert(text("app"), text("app.seance.dev"));
    });
    let records: Vec<String> = both
        .domains
        .added
        .iter()
        .map(|record| format!("{} {}", record.kind, record.name))
        .collect();
    assert_eq!(
        records,
        [
            "A app.seance.dev",
            "AAAA app.seance.dev",
            "AAAA backend.seance.dev"
        ]
    );
    assert!(both.domains.removed.is_empty());
}

#[test]
fn a_name_that_goes_is_missed_and_a_new_one_is_not() {
    let moved = change(|after| {
        let name = text("backend");
        after.domains.insert(name, text("other.seance.dev"));
    });
    assert_eq!(class(&moved, "domains.backend").0, Danger::Downtime);
    let added = change(|after| {
        after.domains.insert(text("app"), text("app.seance.dev"));
    });
    assert_eq!(added.danger(), Danger::None);
    let renamed = change(|after| {
        let name = after.domains.remove("backend").unwrap();
        after.domains.insert(text("site"), name);
        if let Some(service) = after.services.get_mut("backend") {
            service.domains = vec![text("site")];
        }
    });
    let records = |change: &AttributeChange| change.key.starts_with("domains.");
    assert!(!renamed.changes.iter().any(records), "the same record");
}

#[test]
fn a_change_to_one_service_restarts_all() {
    let edited = change(|after| {
        after
            .services
            .insert(text("backend"), process("npm run serve"));
    });
    assert_eq!(edited.services.changed, ["backend"]);
    assert_eq!(edited.services.restarted, ["backend", "signaling"]);
    let unrelated = server_change(|server| server.timezone = text("Europe/Berlin"));
    assert!(unrelated.services.is_empty(), "{:?}", unrelated.services);
}

#[test]
fn an_environment_that_the_server_does_not_run_restarts_nothing() {
    let idle = change(|after| {
        let env = BTreeMap::from([(text("DEBUG"), "1".to_owned())]);
        let profile = Profile {
            env,
            ..Profile::default()
        };
        after.profiles.insert(text("staging"), profile);
    });
    assert_eq!(class(&idle, "profiles.staging.env.DEBUG").0, Danger::None);
    assert!(idle.services.restarted.is_empty());
    let live = change(|after| {
        let profile = after.profiles.get_mut("prod").expect("there");
        profile.app_domain = Some(Some(text("app.seance.dev")));
    });
    assert_eq!(
        class(&live, "profiles.prod.env.APP_DOMAIN").0,
        Danger::Restart
    );
    assert_eq!(live.services.restarted.len(), 2);
}

#[test]
fn the_cost_counts_backups() {
    let dearer = server_change(|server| {
        server.size = catalog::size("s-2vcpu-4gb").expect("known");
        server.backups = true;
    });
    assert_eq!(dearer.cost.before, Some(18.0));
    assert!(
        (dearer.cost.after - 28.8).abs() < 1e-9,
        "{}",
        dearer.cost.after
    );
    assert_eq!(dearer.cost.sentence(), "$18.00 -> $28.80 a month (+$10.80)");
    assert!(!dearer.cost.certain);
    assert_eq!(
        (dearer.transfer.before, dearer.transfer.after),
        (Some(3000), Some(4000))
    );
}

/// A change with something of everything.
fn everything() -> Change {
    change(|after| {
        let server = &mut after.servers[0];
        server.region = catalog::region("fra1").expect("known");
        server.size = catalog::size("s-2vcpu-4gb").expect("known");
        server.image = text("debian-12-x64");
        server.timezone = text("Europe/Berlin");
        after
            .ports
            .insert(text("ssh"), open(22, Protocol::Tcp, &[]));
        after.ports.remove("signaling");
        after.ports.insert(
            text("metrics"),
            open(9090, Protocol::Tcp, &["198.51.100.0/24"]),
        );
        after.domains.insert(text("app"), text("app.seance.dev"));
        after.services.remove("signaling");
        after
            .services
            .insert(text("metrics"), container("prom/prometheus:v3", 9090));
        let mut backend = process("npm run serve");
        backend.domains.push(text("app"));
        backend.secrets.push(text("BUILDER_KEY"));
        after.services.insert(text("backend"), backend);
        let profile = after.profiles.get_mut("prod").expect("there");
        profile.app_domain = Some(Some(text("app.seance.dev")));
    })
}

/// Two small trees, so that the snapshots do not follow every edit of a template.
fn trees() -> (Tree, Tree) {
    let tree = |files: &[(&str, Ownership, &str)]| Tree {
        files: files
            .iter()
            .map(|(path, ownership, body)| {
                let file = RenderedFile {
                    ownership: *ownership,
                    body: (*body).to_owned(),
                };
                ((*path).to_owned(), file)
            })
            .collect(),
    };
    (
        tree(&[
            ("Caddyfile", Ownership::Owned, "# sites\n"),
            ("flake.nix", Ownership::Seeded, "{ release = \"26.05\"; }\n"),
            ("terraform/main.tf", Ownership::Owned, "# constant\n"),
            (
                "terraform/terraform.tfvars",
                Ownership::Owned,
                "region = \"sfo3\"\nipv6 = false\n",
            ),
        ]),
        tree(&[
            ("flake.nix", Ownership::Seeded, "{ release = \"26.11\"; }\n"),
            ("nix/extra.nix", Ownership::Seeded, "{ }\n"),
            (
                "terraform/encryption.tofu",
                Ownership::Owned,
                "# encrypted\n",
            ),
            ("terraform/main.tf", Ownership::Owned, "# constant\n"),
            (
                "terraform/terraform.tfvars",
                Ownership::Owned,
                "region = \"fra1\"\nipv6 = false\n",
            ),
        ]),
    )
}

fn sample(format: Format) -> String {
    let (before, after) = trees();
    let skipped = std::collections::BTreeSet::from(["Caddyfile".to_owned()]);
    let change = Change {
        files: files::compare(&before, &after, &skipped),
        ..everything()
    };
    report(format, &change, "origin/main", "deploy").expect("a format that knows changes")
}

#[test]
fn for_a_person() {
    insta::assert_snapshot!(sample(Format::Human(Terminal::PLAIN)));
}

#[test]
fn in_colour() {
    let terminal = Terminal {
        colour: true,
        width: 100,
    };
    insta::assert_snapshot!(sample(Format::Human(terminal)));
}

#[test]
fn as_json() {
    let document = sample(Format::Json);
    crate::report::json::tests::assert_documented(&document);
    insta::assert_snapshot!(document);
}

#[test]
fn as_markdown() {
    insta::assert_snapshot!(sample(Format::Markdown));
}

#[test]
fn for_github() {
    insta::assert_snapshot!(sample(Format::Github));
}

#[test]
fn without_a_before_everything_is_new() {
    let why = "`seance.toml` does not exist at `v0.1`, so everything is new";
    let change = introduce(&deployment(), &trees().1, why);
    assert!(!change.is_empty());
    assert!(change.files.iter().all(|file| file.state == "added"));
    insta::assert_snapshot!(
        report(Format::Human(Terminal::PLAIN), &change, "v0.1", "").expect("a report")
    );
}

#[test]
fn skipping_a_file_leaves_it_to_the_person() {
    let skipped = change(|after| {
        after.skip.insert("Caddyfile".to_owned());
    });
    let file = skipped
        .files
        .iter()
        .find(|file| file.path == "Caddyfile")
        .expect("listed");
    assert_eq!(file.state, "removed");
    assert!(
        file.because.contains("stays and is yours"),
        "{}",
        file.because
    );
}
