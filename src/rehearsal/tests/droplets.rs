//! Droplets and what is done to them.

use std::time::Duration;

use serde_json::json;

use super::super::{Seed, Settings, Simulation, Status};
use super::{Answer, Client, KEY, run, simulation, wanted_droplet};

async fn created(cloud: &Client) -> String {
    let answer = cloud.post("v2/droplets", wanted_droplet()).await;
    assert_eq!(answer.status, 202, "{answer:?}");
    format!("v2/droplets/{}", answer.at("/droplet/id"))
}

async fn act(cloud: &Client, droplet: &str, action: serde_json::Value) -> Answer {
    cloud.post(&format!("{droplet}/actions"), action).await
}

#[test]
fn a_droplet_becomes_active_after_a_while() {
    run(async {
        let settings = Settings {
            delay: Duration::from_millis(80),
            ..Settings::default()
        };
        let simulation = Simulation::start_with(settings).await.unwrap();
        let cloud = Client::digitalocean(&simulation);
        let answer = cloud.post("v2/droplets", wanted_droplet()).await;
        assert_eq!(answer.status, 202);
        assert_eq!(answer.at("/droplet/status"), "new");
        assert_eq!(answer.at("/droplet/locked"), true);
        assert_eq!(answer.at("/droplet/networks/v4"), &json!([]));
        let path = format!("v2/droplets/{}", answer.at("/droplet/id"));
        let busy = act(&cloud, &path, json!({ "type": "power_off" })).await;
        assert_eq!(
            busy.outcome(),
            (422, "Droplet already has a pending event.")
        );
        assert_eq!(cloud.delete(&path).await.status, 422);
        let action = format!("v2/actions/{}", answer.at("/links/actions/0/id"));
        assert_eq!(
            cloud.get(&action).await.at("/action/completed_at"),
            &json!(null)
        );
        tokio::time::sleep(Duration::from_millis(120)).await;
        let action = cloud.get(&action).await;
        assert_eq!(action.at("/action/status"), "completed");
        assert!(action.at("/action/completed_at").is_string());
        let droplet = cloud.get(&path).await;
        assert_eq!(droplet.at("/droplet/status"), "active");
        assert_eq!(droplet.at("/droplet/locked"), false);
        assert_eq!(droplet.at("/droplet/region/slug"), "sfo3");
        assert_eq!(droplet.at("/droplet/size/price_monthly"), 6.0);
        assert_eq!(
            droplet.at("/droplet/features"),
            &json!(["droplet_agent", "ipv6", "private_networking"])
        );
        assert_eq!(droplet.at("/droplet/networks/v4/0/type"), "public");
        assert_eq!(droplet.at("/droplet/networks/v6/0/netmask"), 64);
    });
}

#[test]
fn orders_that_cannot_be_filled_are_refused() {
    run(async {
        let simulation = simulation(&[]).await;
        let cloud = Client::digitalocean(&simulation);
        simulation.seed(Seed::SoldOut {
            size: "s-2vcpu-4gb".to_owned(),
            region: "sfo3".to_owned(),
        });
        let cases = [
            ("name", json!("back_end"), "Only valid hostname"),
            ("name", json!(""), "Only valid hostname"),
            ("region", json!("sfo9"), "You specified an invalid region"),
            ("region", json!("SFO3"), "You specified an invalid region"),
            ("region", json!("sfo1"), "Size is not available"),
            (
                "size",
                json!("s-3vcpu-1gb"),
                "You specified an invalid size",
            ),
            ("size", json!("s-2vcpu-4gb"), "Size is not available"),
            (
                "image",
                json!("nixos-26-05"),
                "You specified an invalid image",
            ),
            ("image", json!(42), "You specified an invalid image"),
            ("ssh_keys", json!([7]), "7 are invalid key identifiers"),
            ("tags", json!(["a b"]), "tag names may hold"),
            (
                "backup_policy",
                json!({ "plan": "hourly" }),
                "Backup policy plan",
            ),
            ("volumes", json!([{ "id": "x" }]), "volume is not available"),
        ];
        for (field, value, message) in cases {
            let mut wanted = wanted_droplet();
            wanted[field] = value;
            let answer = cloud.post("v2/droplets", wanted).await;
            assert_eq!(answer.status, 422, "{field}");
            assert!(answer.outcome().1.starts_with(message), "{answer:?}");
        }
        assert_eq!(simulation.account().droplets.len(), 0);
    });
}

#[test]
fn keys_and_images_of_the_account_can_be_ordered() {
    run(async {
        let simulation = simulation(&[]).await;
        let cloud = Client::digitalocean(&simulation);
        let name = "laptop".to_owned();
        let public_key = KEY.to_owned();
        let key = simulation.seed(Seed::Key { name, public_key }).unwrap();
        simulation.seed(Seed::Image { id: 42 });
        let mut wanted = wanted_droplet();
        wanted["ssh_keys"] = json!([simulation.account().keys[0].fingerprint]);
        wanted["image"] = json!(42);
        assert_eq!(cloud.post("v2/droplets", wanted).await.status, 202);
        let droplet = &simulation.account().droplets[0];
        assert_eq!(droplet.ssh_keys, [key.parse::<u64>().unwrap()]);
        assert_eq!(droplet.image, "42");
    });
}

#[test]
fn a_key_that_only_the_account_knows_can_be_ordered_by_its_fingerprint() {
    run(async {
        let simulation = simulation(&[]).await;
        let cloud = Client::digitalocean(&simulation);
        let fingerprint = "14:EB:a5:c7:a2:b4:99:02:e0:70:36:ec:1a:34:20:00".to_owned();
        let seed = || {
            simulation.seed(Seed::Fingerprint {
                fingerprint: fingerprint.clone(),
            })
        };
        let key = seed().unwrap();
        assert_eq!(seed().unwrap(), key);
        let mut wanted = wanted_droplet();
        wanted["ssh_keys"] = json!([fingerprint.to_lowercase()]);
        assert_eq!(cloud.post("v2/droplets", wanted).await.status, 202);
        let keys = simulation.account().droplets[0].ssh_keys.clone();
        assert_eq!(keys, [key.parse::<u64>().unwrap()]);
    });
}

#[test]
fn the_account_holds_ten_droplets_with_an_address_each() {
    run(async {
        let simulation = simulation(&[]).await;
        let cloud = Client::digitalocean(&simulation);
        for _ in 0..10 {
            created(&cloud).await;
        }
        let answer = cloud.post("v2/droplets", wanted_droplet()).await;
        assert!(answer.outcome().1.ends_with("exceed your droplet limit"));
        let droplets = simulation.account().droplets;
        let addresses: std::collections::BTreeSet<_> =
            droplets.iter().filter_map(|droplet| droplet.ipv4).collect();
        assert_eq!(addresses.len(), 10);
        assert!(droplets.is_sorted_by_key(|droplet| droplet.id));
        assert!((simulation.account().monthly_price() - 60.0).abs() < f64::EPSILON);
    });
}

#[test]
fn a_resize_wants_the_droplet_off_and_the_disk_no_smaller() {
    run(async {
        let simulation = simulation(&[]).await;
        let cloud = Client::digitalocean(&simulation);
        let path = created(&cloud).await;
        let resize =
            |size: &str, disk: bool| json!({ "type": "resize", "size": size, "disk": disk });
        let droplet = || simulation.account().droplets[0].clone();
        let refused = act(&cloud, &path, resize("s-2vcpu-4gb", false)).await;
        assert!(refused.outcome().1.starts_with("Droplet is currently on."));
        act(&cloud, &path, json!({ "type": "power_off" })).await;
        assert_eq!(droplet().status, Status::Off);
        let again = act(&cloud, &path, json!({ "type": "power_off" })).await;
        assert_eq!(again.outcome(), (422, "Droplet is already powered off."));
        let started = act(&cloud, &path, resize("s-2vcpu-4gb", false)).await;
        assert_eq!(started.status, 201);
        assert_eq!(started.at("/action/status"), "in-progress");
        assert_eq!(
            (droplet().size.as_str(), droplet().disk_gib),
            ("s-2vcpu-4gb", 25)
        );
        act(&cloud, &path, resize("s-1vcpu-1gb", false)).await;
        assert_eq!(
            (droplet().size.as_str(), droplet().disk_gib),
            ("s-1vcpu-1gb", 25)
        );
        act(&cloud, &path, resize("s-2vcpu-4gb", true)).await;
        assert_eq!(droplet().disk_gib, 80);
        let refused = act(&cloud, &path, resize("s-1vcpu-1gb", false)).await;
        assert!(refused.outcome().1.contains("smaller disk"), "{refused:?}");
        let refused = act(&cloud, &path, resize("s-2vcpu-4gb", false)).await;
        assert_eq!(refused.status, 422);
        act(&cloud, &path, json!({ "type": "power_on" })).await;
        assert_eq!(droplet().status, Status::Active);
    });
}

#[test]
fn the_other_actions_change_what_they_name() {
    run(async {
        let simulation = simulation(&[]).await;
        let cloud = Client::digitalocean(&simulation);
        let mut wanted = wanted_droplet();
        wanted["ipv6"] = json!(false);
        let answer = cloud.post("v2/droplets", wanted).await;
        let path = format!("v2/droplets/{}", answer.at("/droplet/id"));
        let steps = [
            (json!({ "type": "rename", "name": "other" }), 201),
            (json!({ "type": "rename", "name": "not_one" }), 422),
            (json!({ "type": "enable_ipv6" }), 201),
            (json!({ "type": "enable_ipv6" }), 422),
            (json!({ "type": "disable_backups" }), 422),
            (
                json!({ "type": "enable_backups", "backup_policy": { "plan": "weekly", "weekday": "FUN" } }),
                422,
            ),
            (
                json!({ "type": "enable_backups", "backup_policy": { "plan": "weekly", "weekday": "SUN", "hour": 4 } }),
                201,
            ),
            (json!({ "type": "enable_backups" }), 422),
            (
                json!({ "type": "change_backup_policy", "backup_policy": { "plan": "daily", "hour": 20 } }),
                201,
            ),
            (json!({ "type": "shutdown" }), 201),
            (json!({ "type": "shutdown" }), 201),
            (json!({ "type": "explode" }), 422),
        ];
        for (action, status) in steps {
            let answer = act(&cloud, &path, action.clone()).await;
            assert_eq!(answer.status, status, "{action} {answer:?}");
        }
        let droplet = simulation.account().droplets[0].clone();
        assert_eq!(droplet.name, "other");
        assert_eq!(droplet.status, Status::Off);
        assert!(droplet.ipv6.is_some() && droplet.backups);
        let actions = cloud.get(&format!("{path}/actions")).await;
        assert_eq!(actions.at("/meta/total"), 7);
    });
}

#[test]
fn a_deleted_droplet_leaves_nothing_behind_but_its_tag() {
    run(async {
        let simulation = simulation(&[]).await;
        let cloud = Client::digitalocean(&simulation);
        let before = simulation.account();
        let path = created(&cloud).await;
        let left = simulation.account().left_over(&before);
        assert_eq!(left.len(), 1);
        assert!(
            left[0].starts_with("droplet `backend` (50000000"),
            "{left:?}"
        );
        assert_eq!(
            cloud
                .get("v2/droplets?tag_name=SEANCE")
                .await
                .at("/meta/total"),
            1
        );
        assert_eq!(
            cloud.get("v2/droplets?name=none").await.at("/meta/total"),
            0
        );
        assert_eq!(cloud.delete(&path).await.status, 204);
        assert_eq!(cloud.delete(&path).await.status, 404);
        assert_eq!(cloud.get(&path).await.status, 404);
        let after = simulation.account();
        assert_eq!(after.left_over(&before), [""; 0]);
        assert_eq!(after.tags, ["Seance"]);
        assert_eq!(after.projects[0].resources, [""; 0]);
    });
}
