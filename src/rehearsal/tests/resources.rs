//! What stands beside a droplet: keys, firewalls, addresses, projects, tags, volumes.

use serde_json::{Value, json};

use super::super::Seed;
use super::{Client, KEY, run, simulation, wanted_droplet};

#[test]
fn a_key_is_registered_once() {
    run(async {
        let simulation = simulation(&[]).await;
        let cloud = Client::digitalocean(&simulation);
        let wanted = json!({ "name": "laptop", "public_key": format!("{KEY}\n") });
        let answer = cloud.post("v2/account/keys", wanted.clone()).await;
        assert_eq!(answer.status, 201);
        assert_eq!(answer.at("/ssh_key/public_key"), KEY);
        // As `ssh-keygen -E md5 -lf` prints it.
        assert_eq!(
            answer.at("/ssh_key/fingerprint"),
            "14:eb:a5:c7:a2:b4:99:02:e0:70:36:ec:1a:34:20:ed"
        );
        let again = cloud.post("v2/account/keys", wanted).await;
        assert_eq!(
            again.outcome(),
            (422, "SSH Key is already in use on your account")
        );
        // The comment is no part of the key.
        let other = KEY.replace(" one", " two");
        let again = cloud
            .post(
                "v2/account/keys",
                json!({ "name": "b", "public_key": other }),
            )
            .await;
        assert_eq!(again.status, 422);
        let bad = json!({ "name": "c", "public_key": "ssh-ed25519 AAAA" });
        assert!(
            cloud
                .post("v2/account/keys", bad)
                .await
                .outcome()
                .1
                .starts_with("Key invalid")
        );
        let path = format!("v2/account/keys/{}", answer.at("/ssh_key/id"));
        let renamed = cloud.put(&path, json!({ "name": "desk" })).await;
        assert_eq!(renamed.at("/ssh_key/name"), "desk");
        let listed = cloud.get("v2/account/keys?page=1&per_page=200").await;
        assert_eq!(listed.at("/ssh_keys/0/name"), "desk");
        assert_eq!(cloud.delete(&path).await.status, 204);
        assert_eq!(cloud.get(&path).await.status, 404);
    });
}

fn rule(ports: &str) -> Value {
    json!({ "protocol": "tcp", "ports": ports, "sources": { "addresses": ["0.0.0.0/0", "::/0"] } })
}

fn firewall(rules: &[Value]) -> Value {
    json!({ "name": "seance-backend", "inbound_rules": rules, "outbound_rules": null, "droplet_ids": [], "tags": [] })
}

#[test]
fn a_firewall_is_written_whole() {
    run(async {
        let simulation = simulation(&[]).await;
        let cloud = Client::digitalocean(&simulation);
        let droplet = cloud.post("v2/droplets", wanted_droplet()).await;
        let id = droplet.at("/droplet/id");
        let ping = json!({ "protocol": "icmp", "sources": { "addresses": ["0.0.0.0/0"] } });
        let mut wanted = firewall(&[rule("22"), rule("all"), ping]);
        wanted["droplet_ids"] = json!([id]);
        let answer = cloud.post("v2/firewalls", wanted.clone()).await;
        assert_eq!(answer.status, 202);
        assert_eq!(answer.at("/firewall/status"), "waiting");
        assert_eq!(answer.at("/firewall/pending_changes/0/droplet_id"), id);
        let path = format!(
            "v2/firewalls/{}",
            answer.at("/firewall/id").as_str().unwrap()
        );
        let read = cloud.get(&path).await;
        assert_eq!(read.at("/firewall/status"), "succeeded");
        assert_eq!(read.at("/firewall/pending_changes"), &json!([]));
        let ports = |place: usize| {
            read.at(&format!("/firewall/inbound_rules/{place}/ports"))
                .clone()
        };
        assert_eq!(
            [ports(0), ports(1), ports(2)],
            [json!("22"), json!("0"), json!("0")]
        );
        assert_eq!(
            cloud.post("v2/firewalls", wanted.clone()).await.outcome(),
            (409, "duplicate name")
        );
        wanted["inbound_rules"] = json!([rule("8000-9000")]);
        assert_eq!(cloud.put(&path, wanted).await.status, 200);
        let kept = simulation.account().firewalls[0].clone();
        assert_eq!(kept.inbound_rules.len(), 1);
        assert_eq!(
            kept.created_at,
            read.at("/firewall/created_at").as_str().unwrap()
        );
        let droplet = format!("v2/droplets/{id}");
        assert_eq!(cloud.delete(&droplet).await.status, 204);
        assert_eq!(simulation.account().firewalls[0].droplet_ids, [0; 0]);
        assert_eq!(cloud.delete(&path).await.status, 204);
        assert_eq!(cloud.delete(&path).await.status, 404);
    });
}

#[test]
fn firewalls_that_protect_nothing_are_refused() {
    run(async {
        let simulation = simulation(&[]).await;
        let cloud = Client::digitalocean(&simulation);
        let with = |field: &str, value: Value| {
            let mut wanted = firewall(&[rule("22")]);
            wanted[field] = value;
            wanted
        };
        let nowhere = json!({ "protocol": "tcp", "ports": "22", "sources": {} });
        let wrong = json!({ "protocol": "tcp", "ports": "22", "sources": { "addresses": ["10.0.0.0/33"] } });
        let gre = json!({ "protocol": "gre", "ports": "1", "sources": { "addresses": ["::/0"] } });
        let cases = [
            (firewall(&[]), "must have at least one rule"),
            (firewall(&[rule("")]), "invalid port range: "),
            (firewall(&[rule("0-10")]), "invalid port range: 0-10"),
            (firewall(&[rule("90-80")]), "invalid port range: 90-80"),
            (firewall(&[rule("65536")]), "invalid port range: 65536"),
            (firewall(&[rule("22"), rule("22")]), "duplicate rule"),
            (firewall(&vec![rule("22"); 51]), "may have at most 50 rules"),
            (
                firewall(&[nowhere]),
                "rule must name at least one source or destination",
            ),
            (firewall(&[wrong]), "invalid address: 10.0.0.0/33"),
            (firewall(&[gre]), "invalid protocol: gre"),
            (
                with("name", json!("a_b")),
                "name must begin and end with an alphanumeric character and hold only those, dashes and dots",
            ),
            (with("droplet_ids", json!([1])), "droplet 1 not found"),
            (
                with("droplet_ids", json!([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])),
                "may be applied to at most 10 droplets",
            ),
            (
                with("tags", json!(["a", "b", "c", "d", "e", "f"])),
                "may have at most 5 tags",
            ),
        ];
        for (wanted, message) in cases {
            let answer = cloud.post("v2/firewalls", wanted).await;
            assert_eq!(answer.outcome(), (422, message));
        }
        assert_eq!(
            cloud
                .put("v2/firewalls/none", firewall(&[rule("1")]))
                .await
                .status,
            404
        );
    });
}

#[test]
fn a_reserved_address_outlives_its_droplet() {
    run(async {
        let simulation = simulation(&[]).await;
        let cloud = Client::digitalocean(&simulation);
        let droplet = cloud.post("v2/droplets", wanted_droplet()).await;
        let id = droplet.at("/droplet/id");
        let answer = cloud
            .post("v2/reserved_ips", json!({ "region": "sfo3" }))
            .await;
        assert_eq!(answer.status, 202);
        assert_eq!(answer.at("/reserved_ip/droplet"), &json!(null));
        assert!(answer.at("/reserved_ip/project_id").is_string());
        let path = format!(
            "v2/reserved_ips/{}",
            answer.at("/reserved_ip/ip").as_str().unwrap()
        );
        let actions = format!("{path}/actions");
        let assign = json!({ "type": "assign", "droplet_id": id });
        let started = cloud.post(&actions, assign.clone()).await;
        assert_eq!(
            (started.status, started.at("/action/type")),
            (201, &json!("assign_ip"))
        );
        let action = format!("{actions}/{}", started.at("/action/id"));
        assert_eq!(cloud.get(&action).await.at("/action/status"), "completed");
        assert_eq!(cloud.get(&path).await.at("/reserved_ip/droplet/id"), id);
        assert_eq!(cloud.post(&actions, assign).await.status, 422);
        cloud.delete(&format!("v2/droplets/{id}")).await;
        assert_eq!(simulation.account().reserved_ips[0].droplet_id, None);
        let unassign = json!({ "type": "unassign" });
        assert_eq!(cloud.post(&actions, unassign).await.status, 422);
        let stray = json!({ "type": "assign", "droplet_id": 1 });
        assert_eq!(cloud.post(&actions, stray).await.status, 422);
        for status in [202, 202, 422] {
            let answer = cloud
                .post("v2/reserved_ips", json!({ "region": "sfo3" }))
                .await;
            assert_eq!(answer.status, status);
        }
        assert_eq!(
            cloud
                .post("v2/reserved_ips", json!({ "region": "x" }))
                .await
                .status,
            422
        );
        assert_eq!(cloud.delete(&path).await.status, 204);
        assert_eq!(cloud.get(&path).await.status, 404);
    });
}

#[test]
fn projects_hold_resources_and_give_them_back() {
    run(async {
        let simulation = simulation(&[]).await;
        let cloud = Client::digitalocean(&simulation);
        let name = "web".to_owned();
        let project = simulation.seed(Seed::Project { name }).unwrap();
        let droplet = cloud.post("v2/droplets", wanted_droplet()).await;
        let urn = format!("do:droplet:{}", droplet.at("/droplet/id"));
        let listed = cloud.get("v2/projects").await;
        assert_eq!(listed.at("/meta/total"), 2);
        let default = cloud.get("v2/projects/default").await;
        assert_eq!(default.at("/project/is_default"), true);
        let resources = format!("v2/projects/{project}/resources");
        let answer = cloud.post(&resources, json!({ "resources": [urn] })).await;
        assert_eq!(answer.at("/resources/0/status"), "assigned");
        assert_eq!(
            cloud.get(&resources).await.at("/resources/0/urn"),
            urn.as_str()
        );
        assert_eq!(
            cloud
                .get("v2/projects/default/resources")
                .await
                .at("/meta/total"),
            0
        );
        let again = json!({ "resources": [urn, "do:droplet:1"] });
        let again = cloud.post(&resources, again).await;
        assert_eq!(again.at("/resources/0/status"), "already_assigned");
        assert_eq!(again.at("/resources/1/status"), "not_found");
        assert_eq!(cloud.get(&resources).await.at("/meta/total"), 1);
        let stray = json!({ "resources": ["droplet-1"] });
        assert_eq!(cloud.post(&resources, stray).await.status, 400);
        let path = format!("v2/projects/{project}");
        assert_eq!(cloud.delete(&path).await.status, 412);
        cloud
            .post(
                "v2/projects/default/resources",
                json!({ "resources": [urn] }),
            )
            .await;
        assert_eq!(cloud.delete(&path).await.status, 204);
        assert_eq!(cloud.delete("v2/projects/default").await.status, 422);
        let wanted = json!({ "name": "api", "purpose": "API", "environment": "PRODUCTION" });
        let made = cloud.post("v2/projects", wanted.clone()).await;
        assert_eq!(
            (made.status, made.at("/project/environment")),
            (201, &json!("Production"))
        );
        assert_eq!(cloud.post("v2/projects", wanted).await.status, 409);
        assert_eq!(
            cloud
                .post("v2/projects", json!({ "name": "x" }))
                .await
                .status,
            422
        );
    });
}

#[test]
fn tags_go_on_and_off() {
    run(async {
        let simulation = simulation(&[]).await;
        let cloud = Client::digitalocean(&simulation);
        let droplet = cloud.post("v2/droplets", wanted_droplet()).await;
        let id = droplet.at("/droplet/id").to_string();
        assert_eq!(
            cloud.post("v2/tags", json!({ "name": "a:b" })).await.status,
            201
        );
        assert_eq!(
            cloud.post("v2/tags", json!({ "name": "a b" })).await.status,
            422
        );
        let on = json!({ "resources": [{ "resource_id": id, "resource_type": "droplet" }] });
        assert_eq!(
            cloud
                .post("v2/tags/a%3Ab/resources", on.clone())
                .await
                .status,
            204
        );
        assert_eq!(simulation.account().droplets[0].tags, ["Seance", "a:b"]);
        assert_eq!(
            cloud
                .get("v2/tags/a:b")
                .await
                .at("/tag/resources/droplets/count"),
            1
        );
        assert_eq!(
            cloud
                .send("DELETE", "v2/tags/seance/resources", Some(on.clone()))
                .await
                .status,
            204
        );
        assert_eq!(simulation.account().droplets[0].tags, ["a:b"]);
        assert_eq!(cloud.post("v2/tags/none/resources", on).await.status, 404);
        assert_eq!(cloud.delete("v2/tags/a:b").await.status, 204);
        assert_eq!(simulation.account().droplets[0].tags, [""; 0]);
    });
}

#[test]
fn volumes_are_attached_and_grow() {
    run(async {
        let simulation = simulation(&[]).await;
        let cloud = Client::digitalocean(&simulation);
        let droplet = cloud.post("v2/droplets", wanted_droplet()).await;
        let id = droplet.at("/droplet/id");
        let wanted = json!({ "name": "data", "region": "sfo3", "size_gigabytes": 10, "filesystem_type": "ext4" });
        let answer = cloud.post("v2/volumes", wanted.clone()).await;
        assert_eq!(answer.status, 201);
        assert_eq!(cloud.post("v2/volumes", wanted).await.status, 409);
        assert_eq!(
            cloud
                .post("v2/volumes", json!({ "name": "1", "region": "sfo3" }))
                .await
                .status,
            422
        );
        let path = format!("v2/volumes/{}", answer.at("/volume/id").as_str().unwrap());
        let actions = format!("{path}/actions");
        let attach = json!({ "type": "attach", "droplet_id": id });
        let started = cloud.post(&actions, attach.clone()).await;
        assert_eq!(started.status, 201);
        let action = cloud
            .get(&format!("{actions}/{}", started.at("/action/id")))
            .await;
        assert_eq!(action.at("/action/status"), "completed");
        assert_eq!(cloud.post(&actions, attach).await.status, 422);
        let droplet = cloud.get(&format!("v2/droplets/{id}")).await;
        assert_eq!(droplet.at("/droplet/volume_ids/0"), answer.at("/volume/id"));
        assert_eq!(cloud.delete(&path).await.status, 409);
        let grow = |size: u64| json!({ "type": "resize", "size_gigabytes": size });
        assert_eq!(cloud.post(&actions, grow(20)).await.status, 201);
        assert_eq!(cloud.post(&actions, grow(5)).await.status, 422);
        assert_eq!(
            cloud
                .get("v2/volumes?name=data")
                .await
                .at("/volumes/0/size_gigabytes"),
            20
        );
        let detach = json!({ "type": "detach", "droplet_id": id });
        assert_eq!(cloud.post(&actions, detach.clone()).await.status, 201);
        assert_eq!(cloud.post(&actions, detach).await.status, 422);
        assert_eq!(cloud.delete(&path).await.status, 204);
    });
}
