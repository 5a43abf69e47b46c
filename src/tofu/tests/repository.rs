//! The module that seance writes is decided wholly.

use std::path::Path;

use super::{Configuration, Files, Resource, shown};

/// The OpenTofu files of this repository.
fn own() -> Files {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("terraform");
    let entries = std::fs::read_dir(folder).expect("terraform");
    entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_file())
        .map(|path| {
            let name = path
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            let text = std::fs::read_to_string(&path).expect("a text");
            (format!("terraform/{name}"), text)
        })
        .collect()
}

/// What is read for an argument.
fn read(resource: &Resource, name: &str) -> String {
    shown(&resource.body().attribute(name).expect(name).value)
}

#[test]
fn the_generated_module_is_decided() {
    let configuration = Configuration::new(&own());
    let module = &configuration.modules[0];
    let droplet = module.resources("digitalocean_droplet").next().unwrap();
    assert_eq!(read(droplet, "size"), "\"s-2vcpu-2gb\"");
    assert_eq!(
        read(droplet, "ssh_keys"),
        "[<digitalocean_ssh_key.deploy[0].id>]"
    );
    assert!(droplet.ignores("user_data").is(&true));
    assert_eq!(module.resources("digitalocean_reserved_ip").count(), 0);

    let firewall = module.resources("digitalocean_firewall").next().unwrap();
    let inbound = firewall.body().blocks("inbound_rule");
    assert!(inbound.complete);
    let rules: Vec<String> = inbound
        .known
        .iter()
        .map(|rule| {
            let port = rule.body.text("port_range");
            let sources = rule.body.texts("source_addresses");
            format!(
                "{} {} {}",
                rule.body.text("protocol").value().unwrap(),
                port.value().map_or("-", String::as_str),
                sources.value().unwrap().join(" ")
            )
        })
        .collect();
    let expected = [
        "tcp 22 203.0.113.0/24",
        "tcp 80 0.0.0.0/0 ::/0",
        "tcp 443 0.0.0.0/0 ::/0",
        "udp 443 0.0.0.0/0 ::/0",
        "tcp 4444 0.0.0.0/0 ::/0",
        "icmp - 0.0.0.0/0 ::/0",
    ];
    assert_eq!(rules, expected);
    assert_eq!(
        read(firewall, "droplet_ids"),
        "[<digitalocean_droplet.server.id>]"
    );

    let records: Vec<String> = module
        .resources("cloudflare_dns_record")
        .map(|record| format!("{} {}", read(record, "name"), read(record, "content")))
        .collect();
    let address = "<digitalocean_droplet.server.ipv4_address>";
    let expected = [
        format!("\"app.seance.dev\" {address}"),
        format!("\"backend.seance.dev\" {address}"),
    ];
    assert_eq!(records, expected);
    assert_eq!(
        shown(&module.locals()["zone_id"]),
        "<data.cloudflare_zone.by_name[0].zone_id>"
    );
}

#[test]
fn another_ssh_port_and_a_reserved_address_are_followed() {
    let mut files = own();
    let settings = files.get_mut("terraform/terraform.tfvars").unwrap();
    *settings = settings
        .replace("ssh_port             = 22", "ssh_port = 2222")
        .replace("port     = 22\n", "port = 2222\n")
        .replace("reserved_ip          = false", "reserved_ip = true");
    let configuration = Configuration::new(&files);
    let module = &configuration.modules[0];
    let firewall = module.resources("digitalocean_firewall").next().unwrap();
    let inbound = firewall.body().blocks("inbound_rule").known;
    let ports: Vec<_> = inbound
        .iter()
        .map(|rule| rule.body.text("port_range"))
        .collect();
    assert!(ports[0].is(&"2222".to_owned()) && ports[5].is(&"22".to_owned()));
    let address = shown(&module.locals()["address"]);
    assert_eq!(address, "<digitalocean_reserved_ip.server[0].ip_address>");
}
