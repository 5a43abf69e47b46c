//! What goes wrong when it is asked for.

use std::time::{Duration, Instant};

use serde_json::json;

use super::super::{Fault, FaultKind, Seed, Status, Step};
use super::{Client, KEY, run, simulation, wanted_droplet};

#[test]
fn a_fault_is_met_as_often_as_it_says() {
    run(async {
        let simulation = simulation(&["droplet=rate-limited*2", "droplet=server-error*1"]).await;
        let cloud = Client::digitalocean(&simulation);
        for status in [429, 429, 500, 202, 202] {
            let answer = cloud.post("v2/droplets", wanted_droplet()).await;
            assert_eq!(answer.status, status);
            assert_eq!(status == 429, answer.head.contains("retry-after: 1"));
        }
        assert_eq!(simulation.account().droplets.len(), 2);
        simulation.add_fault(Fault::always(Step::Droplet, FaultKind::Forbidden));
        for _ in 0..3 {
            assert_eq!(
                cloud.post("v2/droplets", wanted_droplet()).await.status,
                403
            );
        }
        simulation.clear_faults();
        assert_eq!(
            cloud.post("v2/droplets", wanted_droplet()).await.status,
            202
        );
    });
}

#[test]
fn each_fault_answers_as_the_real_api_does() {
    run(async {
        let cases = [
            (
                "ssh-key=key-in-use",
                "v2/account/keys",
                (422, "SSH Key is already in use on your account"),
            ),
            (
                "ssh-key=unauthorized",
                "v2/account/keys",
                (401, "Unable to authenticate you"),
            ),
            (
                "droplet",
                "v2/droplets",
                (422, "Size is not available in this region."),
            ),
            (
                "firewall=forbidden",
                "v2/firewalls",
                (403, "You are not authorized to perform this operation"),
            ),
            (
                "reserved-ip=server-error",
                "v2/reserved_ips",
                (500, "Unexpected server-side error"),
            ),
            (
                "project=rate-limited",
                "v2/projects",
                (429, "API Rate limit exceeded."),
            ),
        ];
        for (fault, path, outcome) in cases {
            let simulation = simulation(&[fault]).await;
            let cloud = Client::digitalocean(&simulation);
            assert_eq!(
                cloud.post(path, json!({})).await.outcome(),
                outcome,
                "{fault}"
            );
        }
        let cases = [
            ("dns-record", 400, 81_053),
            ("dns-record=rate-limited", 429, 971),
            ("dns-record=server-error", 500, 10_000),
            ("dns-record=forbidden", 403, 10_000),
            ("dns-record=unauthorized", 403, 9109),
            ("dns-record=timeout", 504, 10_000),
        ];
        for (fault, status, code) in cases {
            let simulation = simulation(&[fault]).await;
            let dns = Client::cloudflare(&simulation);
            let zone = simulation.zone("seance.dev");
            let answer = dns
                .post(&format!("zones/{zone}/dns_records"), json!({}))
                .await;
            assert_eq!(
                (answer.status, answer.at("/errors/0/code")),
                (status, &json!(code))
            );
            assert!(answer.head.contains("x-should-retry: false"), "{fault}");
            assert_eq!(dns.get("zones").await.status, 200);
        }
        let simulation = simulation(&["zone"]).await;
        assert_eq!(
            Client::cloudflare(&simulation)
                .get("zones?name=a")
                .await
                .status,
            403
        );
    });
}

#[test]
fn a_droplet_can_stay_new_and_still_be_deleted() {
    run(async {
        let simulation = simulation(&["droplet=never-active*1"]).await;
        let cloud = Client::digitalocean(&simulation);
        let made = cloud.post("v2/droplets", wanted_droplet()).await;
        tokio::time::sleep(Duration::from_millis(5)).await;
        assert_eq!(simulation.account().droplets[0].status, Status::New);
        let path = format!("v2/droplets/{}", made.at("/droplet/id"));
        assert_eq!(cloud.delete(&path).await.status, 204);
        cloud.post("v2/droplets", wanted_droplet()).await;
        assert_eq!(simulation.account().droplets[0].status, Status::Active);
    });
}

#[test]
fn an_action_can_end_in_an_error_without_effect() {
    run(async {
        let simulation = simulation(&["droplet-action"]).await;
        let cloud = Client::digitalocean(&simulation);
        let made = cloud.post("v2/droplets", wanted_droplet()).await;
        let actions = format!("v2/droplets/{}/actions", made.at("/droplet/id"));
        cloud.post(&actions, json!({ "type": "power_off" })).await;
        assert_eq!(simulation.account().droplets[0].status, Status::Off);
        let resize = json!({ "type": "resize", "size": "s-2vcpu-4gb", "disk": false });
        let started = cloud.post(&actions, resize).await;
        assert_eq!(started.status, 201);
        let action = cloud
            .get(&format!("v2/actions/{}", started.at("/action/id")))
            .await;
        assert_eq!(action.at("/action/status"), "errored");
        assert!(action.at("/action/completed_at").is_string());
        assert_eq!(simulation.account().droplets[0].size, "s-1vcpu-1gb");
    });
}

#[test]
fn a_cut_connection_and_a_lost_answer_differ_in_what_was_done() {
    run(async {
        let simulation = simulation(&["droplet=connection-cut*1", "droplet=answer-lost*1"]).await;
        let cloud = Client::digitalocean(&simulation);
        let body = wanted_droplet().to_string();
        assert!(cloud.try_raw("POST", "v2/droplets", &body).await.is_none());
        assert_eq!(simulation.account().droplets.len(), 0);
        assert!(cloud.try_raw("POST", "v2/droplets", &body).await.is_none());
        assert_eq!(simulation.account().droplets.len(), 1);
        let statuses: Vec<Option<u16>> = simulation
            .requests()
            .iter()
            .map(|request| request.status)
            .collect();
        assert_eq!(statuses, [None, None]);
    });
}

#[test]
fn a_timeout_holds_one_request_and_not_the_others() {
    run(async {
        let simulation = simulation(&["firewall=timeout"]).await;
        let cloud = Client::digitalocean(&simulation);
        let start = Instant::now();
        let waiting = cloud.clone();
        let waiting =
            tokio::spawn(async move { waiting.post("v2/firewalls", json!({})).await.status });
        tokio::task::yield_now().await;
        assert_eq!(cloud.get("v2/account").await.status, 200);
        assert_eq!(waiting.await.unwrap(), 504);
        assert!(start.elapsed() >= Duration::from_millis(50));
    });
}

#[test]
fn what_takes_things_down_meets_no_fault() {
    run(async {
        let simulation = simulation(&[
            "droplet-action=server-error",
            "ssh-key=server-error",
            "project=server-error",
            "dns-record=server-error",
        ])
        .await;
        let cloud = Client::digitalocean(&simulation);
        let public_key = KEY.to_owned();
        let name = "laptop".to_owned();
        let key = simulation.seed(Seed::Key { name, public_key }).unwrap();
        let droplet = Seed::Droplet {
            name: "old".to_owned(),
            region: "fra1".to_owned(),
            size: "s-1vcpu-1gb".to_owned(),
        };
        let id = simulation.seed(droplet).unwrap();
        let actions = format!("v2/droplets/{id}/actions");
        assert_eq!(
            cloud
                .post(&actions, json!({ "type": "shutdown" }))
                .await
                .status,
            201
        );
        assert_eq!(
            cloud
                .post(&actions, json!({ "type": "power_on" }))
                .await
                .status,
            500
        );
        let back = json!({ "resources": [format!("do:droplet:{id}")] });
        let default = "v2/projects/default/resources";
        assert_eq!(cloud.post(default, back).await.status, 200);
        assert_eq!(cloud.delete(&format!("v2/droplets/{id}")).await.status, 204);
        assert_eq!(
            cloud.delete(&format!("v2/account/keys/{key}")).await.status,
            204
        );
    });
}
