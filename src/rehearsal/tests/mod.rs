//! The simulators, asked over real sockets.

mod client;
mod cloudflare;
mod droplets;
mod faults;
mod resources;

use std::time::Duration;

use serde_json::{Value, json};

use super::{Fault, Settings, Simulation};
use client::{Answer, Client};

const KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGRotexGBwA4RH2R2MXxIxw4T+GXKsgVR4iFCX7uEtGd one";

/// Runs a future on a runtime of one thread, as the product does.
fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(future)
}

/// A simulation in which nothing takes time.
async fn simulation(faults: &[&str]) -> Simulation {
    let settings = Settings {
        faults: faults
            .iter()
            .map(|fault| fault.parse::<Fault>().unwrap())
            .collect(),
        delay: Duration::ZERO,
        timeout: Duration::from_millis(50),
    };
    Simulation::start_with(settings).await.unwrap()
}

fn wanted_droplet() -> Value {
    json!({
        "name": "backend",
        "region": "sfo3",
        "size": "s-1vcpu-1gb",
        "image": "ubuntu-24-04-x64",
        "ssh_keys": [],
        "backups": false,
        "ipv6": true,
        "monitoring": false,
        "tags": ["Seance"],
    })
}

#[test]
fn tokens_are_asked_for_and_never_kept() {
    run(async {
        let simulation = simulation(&[]).await;
        let cloud = Client::digitalocean(&simulation);
        assert_eq!(cloud.without_token().get("v2/account").await.status, 401);
        assert_eq!(
            cloud.with_token("invalid-1").get("v2/account").await.status,
            401
        );
        let refused = cloud.with_token("").get("v2/account").await;
        assert_eq!(refused.status, 401);
        assert_eq!(refused.at("/message"), "Unable to authenticate you");
        assert!(refused.at("/request_id").is_string());
        assert_eq!(
            cloud.get("v2/account").await.at("/account/droplet_limit"),
            10
        );
        let dns = Client::cloudflare(&simulation);
        let refused = dns.without_token().get("zones").await;
        assert_eq!(
            (refused.status, refused.at("/errors/0/code")),
            (400, &json!(9106))
        );
        let refused = dns.with_token("invalid").get("zones").await;
        assert_eq!(
            (refused.status, refused.at("/errors/0/code")),
            (403, &json!(9109))
        );
        let verified = dns.get("user/tokens/verify").await;
        assert_eq!(verified.at("/result/status"), "active");
        let requests = format!("{:?}", simulation.requests());
        assert_eq!(simulation.requests().len(), 7);
        assert!(!requests.contains("canary"), "{requests}");
    });
}

#[test]
fn dropping_a_simulation_ends_both_servers() {
    run(async {
        let simulation = simulation(&[]).await;
        let clients = [
            Client::digitalocean(&simulation),
            Client::cloudflare(&simulation),
        ];
        let open = clients[0].connect().await.unwrap();
        let pause = Duration::from_millis(20);
        tokio::time::sleep(pause).await;
        drop(simulation);
        tokio::time::sleep(pause).await;
        for client in clients {
            assert!(client.connect().await.is_err());
        }
        assert!(client::is_closed(open).await);
    });
}

#[test]
fn what_is_no_address_or_no_json_is_refused() {
    run(async {
        let simulation = simulation(&[]).await;
        let cloud = Client::digitalocean(&simulation);
        assert_eq!(cloud.get("").await.status, 404);
        assert_eq!(cloud.get("v2/kubernetes/clusters").await.status, 404);
        assert_eq!(cloud.get("v2/droplets/x/actions").await.status, 404);
        assert_eq!(cloud.send("DELETE", "v2/account", None).await.status, 404);
        let refused = cloud.raw("POST", "v2/droplets", "{\"name\":").await;
        assert_eq!(
            (refused.status, refused.at("/id")),
            (400, &json!("bad_request"))
        );
        let dns = Client::cloudflare(&simulation);
        assert_eq!(dns.get("accounts").await.at("/errors/0/code"), 7003);
    });
}

#[test]
fn lists_come_in_pages() {
    run(async {
        let simulation = simulation(&[]).await;
        let cloud = Client::digitalocean(&simulation);
        let sizes = cloud.get("v2/sizes?per_page=5&page=2").await;
        assert_eq!(sizes.at("/sizes").as_array().unwrap().len(), 5);
        assert_eq!(sizes.at("/meta/total"), crate::catalog::sizes().len());
        assert!(
            sizes
                .at("/links/pages/next")
                .as_str()
                .unwrap()
                .contains("page=3")
        );
        let all = cloud.get("v2/regions?per_page=200").await;
        assert_eq!(all.at("/links"), &json!({}));
        assert_eq!(all.at("/regions/0/slug"), "nyc1");
        assert_eq!(cloud.get("v2/images/debian-12-x64").await.status, 200);
        assert_eq!(cloud.get("v2/images/debian-1").await.status, 404);
    });
}
