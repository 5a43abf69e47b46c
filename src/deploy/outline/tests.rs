//! The texts of every format, whole, and the ties to the manifest.

use serde_json::{Value, json};

use super::*;
use crate::engine::gate;
use crate::manifest;
use crate::report::Terminal;

const MANIFEST: &str = include_str!("../../../tests/data/smallest.toml");
const PLAIN: Terminal = Terminal::PLAIN;

/// A plan with these changes, and with what was changed outside, each as the engine writes it,
/// what is left out filled in.
fn plan(changes: Vec<Value>, drift: Vec<Value>) -> Plan {
    let fill = |mut change: Value| {
        let address = change["address"].as_str().unwrap().to_owned();
        let (kind, name) = address.split_once('.').unwrap();
        change["type"] = kind.into();
        change["name"] = name.split('[').next().unwrap().into();
        change["mode"] = "managed".into();
        change
    };
    let document = json!({
        "format_version": "1.2",
        "resource_changes": changes.into_iter().map(fill).collect::<Vec<_>>(),
        "resource_drift": drift.into_iter().map(fill).collect::<Vec<_>>(),
    });
    Plan::read(document.to_string().as_bytes()).unwrap()
}

fn outline_of(text: &str, plan: &Plan) -> Outline {
    let loaded = manifest::load("seance.toml", text);
    let deployment = loaded.deployment.unwrap();
    Outline::of(plan, gate::judge(plan), &deployment, &loaded.document, text)
}

fn changed(address: &str, before: &Value, after: &Value) -> Value {
    json!({"address": address, "change": {"actions": ["update"], "before": before, "after": after}})
}

/// A droplet with everything around it, none of which is there.
fn first_apply() -> Plan {
    let new = |address: &str, after: &Value| {
        json!({"address": address, "change": {"actions": ["create"], "before": null, "after": after,
               "after_unknown": {"id": true, "triggers_replace": true}}})
    };
    plan(
        vec![
            new(
                r#"cloudflare_dns_record.ipv4["www.example.org"]"#,
                &json!({"name": "www.example.org", "type": "A"}),
            ),
            new(
                "digitalocean_droplet.server",
                &json!({"name": "example", "size": "s-2vcpu-2gb", "backups": false}),
            ),
            new("digitalocean_firewall.server", &json!({"name": "example"})),
            new(
                "digitalocean_ssh_key.deploy[0]",
                &json!({"name": "example"}),
            ),
            new("terraform_data.install", &json!({})),
            new("terraform_data.system", &json!({})),
        ],
        Vec::new(),
    )
}

/// One change of every danger, and two things that somebody did elsewhere.
fn everything_at_once() -> Plan {
    let droplet = |size: &str, region: &str| json!({"name": "example", "size": size, "region": region, "disk": 60});
    let replaced = json!({"address": "digitalocean_droplet.server",
        "action_reason": "replace_because_cannot_update",
        "change": {"actions": ["delete", "create"], "replace_paths": [["region"]],
                   "before": droplet("s-1vcpu-2gb", "ams3"), "after": droplet("s-2vcpu-2gb", "fra1"),
                   "after_unknown": {"ipv4_address": true}}});
    let volume = changed(
        "digitalocean_volume.data",
        &json!({"size": 10}),
        &json!({"size": 20}),
    );
    let record = json!({"address": "cloudflare_dns_record.ipv4[\"old.example.org\"]",
        "action_reason": "delete_because_each_key",
        "change": {"actions": ["delete"], "before": {"name": "old.example.org"}, "after": null}});
    let system = json!({"address": "terraform_data.system",
        "action_reason": "replace_because_cannot_update",
        "change": {"actions": ["delete", "create"], "replace_paths": [["triggers_replace"]],
                   "before": {"triggers_replace": ["1", "a"]},
                   "after": {"triggers_replace": ["1", "b"]}}});
    let own = changed(
        "acme_thing.own",
        &json!({"password": "canary-old", "note": "a | b"}),
        &json!({"password": "canary-new", "note": "c\u{1b}[31m"}),
    );
    let mut own = own;
    own["change"]["before_sensitive"] = json!({"password": true});
    own["change"]["after_sensitive"] = json!({"password": true});
    let key = json!({"address": "digitalocean_ssh_key.deploy[0]",
        "change": {"actions": ["create"], "before": null, "after": {"name": "example"}}});
    let firewall = changed(
        "digitalocean_firewall.server",
        &json!({"inbound_rule": [{"port_range": "22"}], "tags": null}),
        &json!({"inbound_rule": [], "tags": []}),
    );
    let gone = json!({"address": "digitalocean_reserved_ip_assignment.server[0]",
        "change": {"actions": ["delete"], "before": {"droplet_id": 1}, "after": null}});
    plan(
        vec![replaced, volume, record, system, own, key],
        vec![firewall, gone],
    )
}

fn everything() -> Outline {
    let mut outline = outline_of(MANIFEST, &everything_at_once());
    outline
        .notes
        .push("`seance apply` refuses this unless it is given `--confirm example`".to_owned());
    outline
}

fn reported(format: Format, outline: &Outline) -> String {
    let text = report(format, outline).unwrap();
    assert!(!text.contains("canary"), "{text}");
    assert!(
        !text.contains("\u{1b}[31m")
            || matches!(format, Format::Human(Terminal { colour: true, .. })),
        "{text}"
    );
    text
}

#[test]
fn a_first_apply_for_a_person() {
    let outline = outline_of(MANIFEST, &first_apply());
    insta::assert_snapshot!(reported(Format::Human(PLAIN), &outline));
}

#[test]
fn everything_at_once_for_a_person() {
    insta::assert_snapshot!(reported(Format::Human(PLAIN), &everything()));
}

#[test]
fn everything_at_once_as_json() {
    insta::assert_snapshot!(reported(Format::Json, &everything()));
}

#[test]
fn everything_at_once_as_a_comment() {
    insta::assert_snapshot!(reported(Format::Markdown, &everything()));
}

#[test]
fn nothing_at_all_in_every_format() {
    let outline = outline_of(MANIFEST, &plan(Vec::new(), Vec::new()));
    let formats = [Format::Human(PLAIN), Format::Json, Format::Markdown];
    let texts = formats.map(|format| reported(format, &outline));
    insta::assert_snapshot!(texts.join("--- next format\n"));
}

#[test]
fn an_excuse_takes_the_danger_off_and_moves_the_entry_down() {
    let mut again = json!({"address": "terraform_data.install",
        "action_reason": "replace_because_tainted",
        "change": {"actions": ["delete", "create"]}});
    again["change"]["before"] = json!({});
    let record = json!({"address": "cloudflare_dns_record.ipv4[\"old.example.org\"]",
        "change": {"actions": ["delete"]}});
    let mut outline = outline_of(MANIFEST, &plan(vec![again, record], Vec::new()));
    assert_eq!(outline.danger(), Danger::DataLoss);
    outline.excuse("terraform_data.install", "it was looked at");
    assert_eq!(outline.danger(), Danger::Downtime);
    assert_eq!(outline.losses().count(), 0);
    insta::assert_snapshot!(reported(Format::Human(PLAIN), &outline));
}

#[test]
fn a_change_names_the_key_that_wants_it_and_its_place() {
    let place = |change: Value| {
        let outline = outline_of(MANIFEST, &plan(vec![change], Vec::new()));
        let wanted = outline.entries[0].manifest.clone();
        wanted.map(|wanted| human::shown_place(&wanted, &outline.manifest))
    };
    let size = changed(
        "digitalocean_droplet.server",
        &json!({"size": "s-1vcpu-2gb", "memory": 2048}),
        &json!({"size": "s-2vcpu-2gb", "memory": 2048}),
    );
    assert_eq!(place(size).unwrap(), "seance.toml:9:8 server.size");
    // Nothing is written about backups.
    let backups = changed(
        "digitalocean_droplet.server",
        &json!({"backups": true}),
        &json!({"backups": false}),
    );
    assert_eq!(place(backups).unwrap(), "server.backups, by default");
    let record = |name: &str, actions: &[&str]| {
        json!({"address": format!("cloudflare_dns_record.ipv4[\"{name}\"]"),
               "change": {"actions": actions}})
    };
    let known = record("www.example.org", &["create"]);
    assert_eq!(place(known).unwrap(), "seance.toml:21:7 domains.web");
    let unknown = record("old.example.org", &["delete"]);
    assert!(place(unknown).unwrap().ends_with(" domains"));
    let own = changed("acme_thing.own", &json!({"a": 1}), &json!({"a": 2}));
    assert_eq!(place(own), None);
    let gone = json!({"address": "digitalocean_droplet.server", "change": {"actions": ["delete"]}});
    assert_eq!(place(gone), None, "nothing that is written wants that");
}

#[test]
fn the_price_counts_what_goes_on_running() {
    let droplet = json!({"size": "s-2vcpu-2gb", "backups": false});
    let cost = |actions: &[&str], before: &Value, after: &Value| {
        let change = json!({"address": "digitalocean_droplet.server",
            "change": {"actions": actions, "before": before, "after": after}});
        let cost = Cost::of(&plan(vec![change], Vec::new()));
        (cost.before, cost.after)
    };
    assert_eq!(
        cost(&["create"], &Value::Null, &droplet),
        (Some(0.0), Some(18.0))
    );
    assert_eq!(
        cost(&["delete"], &droplet, &Value::Null),
        (Some(18.0), Some(0.0))
    );
    // One that is forgotten goes on costing.
    assert_eq!(
        cost(&["forget"], &droplet, &Value::Null),
        (Some(18.0), Some(18.0))
    );
    let twice = cost(&["forget", "create"], &droplet, &droplet);
    assert_eq!(twice, (Some(18.0), Some(36.0)));
    let strange = json!({"size": "s-999"});
    assert_eq!(cost(&["create"], &Value::Null, &strange), (Some(0.0), None));
}
