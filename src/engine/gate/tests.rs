use serde_json::{Value, json};

use super::*;

/// A plan with these changes, each as the engine writes it, what is left out filled in.
fn plan(changes: Vec<Value>) -> Plan {
    with_drift(changes, Vec::new())
}

fn with_drift(changes: Vec<Value>, drift: Vec<Value>) -> Plan {
    let fill = |mut change: Value| {
        let address = change["address"].as_str().unwrap().to_owned();
        let (kind, name) = address.split_once('.').unwrap();
        change["type"] = kind.into();
        change["name"] = name.split('[').next().unwrap().into();
        if change["mode"].is_null() {
            change["mode"] = "managed".into();
        }
        change
    };
    let document = json!({
        "format_version": "1.2",
        "resource_changes": changes.into_iter().map(fill).collect::<Vec<_>>(),
        "resource_drift": drift.into_iter().map(fill).collect::<Vec<_>>(),
    });
    Plan::read(document.to_string().as_bytes()).unwrap()
}

fn change(address: &str, actions: &[&str]) -> Value {
    json!({"address": address, "change": {"actions": actions}})
}

/// The danger of the one change of a plan.
fn danger(change: Value) -> Danger {
    let judgement = judge(&plan(vec![change]));
    assert_eq!(judgement.changes.len(), 1);
    judgement.danger()
}

fn updated(address: &str, before: &Value, after: &Value) -> Value {
    json!({"address": address, "change": {"actions": ["update"], "before": before, "after": after}})
}

#[test]
fn whatever_takes_a_disk_or_an_address_away_is_data_loss() {
    for address in [
        "digitalocean_droplet.server",
        "digitalocean_volume.data",
        "digitalocean_reserved_ip.server[0]",
        "terraform_data.install",
        "null_resource.nixos-remote",
        "acme_database.own",
    ] {
        for actions in [
            &["delete"][..],
            &["delete", "create"],
            &["create", "delete"],
            &["something", "new"],
            &[],
        ] {
            let found = danger(change(address, actions));
            assert_eq!(found, Danger::DataLoss, "{address} {actions:?}");
        }
    }
    let forgotten = danger(change("digitalocean_droplet.server", &["forget", "create"]));
    assert_eq!(forgotten, Danger::DataLoss);
    let forgotten = danger(change("digitalocean_droplet.server", &["forget"]));
    assert_eq!(forgotten, Danger::Irreversible);
}

#[test]
fn nothing_is_said_of_what_stays_or_is_only_read() {
    let mut read = change("cloudflare_zone.by_name", &["read"]);
    read["mode"] = "data".into();
    let stays = change("digitalocean_droplet.server", &["no-op"]);
    assert!(judge(&plan(vec![read, stays])).is_empty());
}

#[test]
fn moves_and_imports_are_told_and_harmless() {
    let mut moved = change("digitalocean_droplet.server", &["no-op"]);
    moved["previous_address"] = "digitalocean_droplet.old".into();
    let judgement = judge(&plan(vec![moved]));
    assert_eq!(judgement.changes[0].what, What::Move);
    assert_eq!(judgement.danger(), Danger::None);
    let mut imported = change("digitalocean_droplet.server", &["no-op"]);
    imported["change"]["importing"] = json!({"id": "1"});
    let judgement = judge(&plan(vec![imported]));
    assert_eq!(judgement.changes[0].what, What::Import);
}

#[test]
fn an_older_object_that_is_left_over_counts_like_the_object() {
    let mut deposed = change("digitalocean_droplet.server", &["delete"]);
    deposed["deposed"] = "0a1b2c3d".into();
    let judgement = judge(&plan(vec![deposed]));
    assert_eq!(judgement.danger(), Danger::DataLoss);
    assert!(judgement.changes[0].address.contains("0a1b2c3d"));
}

#[test]
fn installing_is_harmless_on_a_new_droplet_alone() {
    let mut install = change("terraform_data.install", &["create"]);
    install["change"]["after_unknown"] = json!({"id": true, "triggers_replace": true});
    let droplet = change("digitalocean_droplet.server", &["create"]);
    let together = judge(&plan(vec![install.clone(), droplet.clone()]));
    assert_eq!(together.danger(), Danger::None);
    assert_eq!(judge(&plan(vec![install])).danger(), Danger::DataLoss);
    let mut known = change("terraform_data.install", &["create"]);
    known["change"]["after"] = json!({"triggers_replace": "123"});
    // The other droplet is new, the one that is installed is not.
    assert_eq!(
        judge(&plan(vec![known, droplet])).danger(),
        Danger::DataLoss
    );
}

#[test]
fn a_tainted_installation_is_told_apart() {
    let mut tainted = change("terraform_data.install", &["delete", "create"]);
    tainted["action_reason"] = "replace_because_tainted".into();
    let judgement = judge(&plan(vec![tainted]));
    assert_eq!(judgement.danger(), Danger::DataLoss);
    assert!(judgement.changes[0].because[0].contains("perhaps only after NixOS"));
}

#[test]
fn a_droplet_that_vanished_is_not_made_again_unasked() {
    let gone = change("digitalocean_droplet.server", &["delete"]);
    let new = change("digitalocean_droplet.server", &["create"]);
    let judgement = judge(&with_drift(vec![new], vec![gone]));
    assert_eq!(judgement.danger(), Danger::DataLoss);
    assert_eq!(judgement.outside[0].what, Outside::Destroyed);
}

#[test]
fn a_resize_is_downtime_and_a_growing_disk_cannot_be_undone() {
    let resize = |to: &str, resize_disk: Value| {
        let before = json!({"size": "s-1vcpu-2gb", "disk": 50, "resize_disk": false});
        let after = json!({"size": to, "disk": 50, "resize_disk": resize_disk});
        danger(updated("digitalocean_droplet.server", &before, &after))
    };
    assert_eq!(resize("s-2vcpu-4gb", json!(false)), Danger::Downtime);
    assert_eq!(resize("s-2vcpu-4gb", json!(true)), Danger::Irreversible);
    // The same disk: only CPU and memory grow.
    assert_eq!(resize("s-1vcpu-1gb", json!(true)), Danger::Downtime);
    assert_eq!(resize("who-knows", json!(true)), Danger::Irreversible);
}

#[test]
fn an_attribute_that_nobody_knows_counts_as_downtime() {
    let before = json!({"novelty": 1, "memory": 1});
    let after = json!({"novelty": 2, "memory": 2});
    let change = updated("digitalocean_droplet.server", &before, &after);
    let judgement = judge(&plan(vec![change]));
    assert_eq!(judgement.danger(), Danger::Downtime);
    assert_eq!(
        judgement.changes[0].because.len(),
        1,
        "computed ones need no reason"
    );
}

#[test]
fn records_are_missed_when_they_go() {
    let record = r#"cloudflare_dns_record.ipv4["app.example.com"]"#;
    assert_eq!(danger(change(record, &["create"])), Danger::None);
    assert_eq!(danger(change(record, &["delete"])), Danger::Downtime);
    assert_eq!(
        danger(change(record, &["delete", "create"])),
        Danger::Downtime
    );
    assert_eq!(
        danger(change("terraform_data.system", &["delete", "create"])),
        Danger::Restart
    );
}

#[test]
fn sensitive_and_unknown_values_are_not_shown() {
    let change = json!({"address": "acme_thing.own", "change": {
        "actions": ["update"],
        "before": {"password": "canary-old", "id": "1", "tags": null, "list": ["canary-part"]},
        "after": {"password": "canary-new", "tags": [], "list": ["canary-part", "b"]},
        "after_unknown": {"id": true},
        "before_sensitive": {"password": true, "list": [true]},
        "after_sensitive": {"password": true, "list": [true]},
    }});
    let judgement = judge(&plan(vec![change]));
    let text = format!("{:?}", judgement.changes);
    assert!(!text.contains("canary"), "{text}");
    let attributes: Vec<&str> = judgement.changes[0]
        .differences
        .iter()
        .map(|difference| difference.attribute.as_str())
        .collect();
    assert_eq!(
        attributes,
        ["id", "list", "password"],
        "null and [] are the same"
    );
}

#[test]
fn what_changes_by_itself_or_only_looks_like_a_change_is_not_reported() {
    let noise = updated(
        "digitalocean_firewall.server",
        &json!({"tags": null, "status": "waiting", "inbound_rule": []}),
        &json!({"tags": [], "status": "succeeded", "inbound_rule": null}),
    );
    let real = updated(
        "digitalocean_droplet.server",
        &json!({"size": "s-1vcpu-1gb"}),
        &json!({"size": "s-2vcpu-2gb"}),
    );
    let judgement = judge(&with_drift(Vec::new(), vec![noise, real]));
    assert_eq!(judgement.outside.len(), 1);
    assert_eq!(judgement.outside[0].address, "digitalocean_droplet.server");
}

#[test]
fn the_worst_comes_first() {
    let judgement = judge(&plan(vec![
        change("digitalocean_ssh_key.deploy", &["create"]),
        change("digitalocean_volume.data", &["delete"]),
        change("terraform_data.system", &["create"]),
    ]));
    let dangers: Vec<Danger> = judgement
        .changes
        .iter()
        .map(|change| change.danger)
        .collect();
    assert_eq!(dangers, [Danger::DataLoss, Danger::Restart, Danger::None]);
}
