//! Zones and records.

use serde_json::{Value, json};

use super::super::Seed;
use super::{Client, run, simulation};

fn record(kind: &str, name: &str, content: &str) -> Value {
    json!({ "type": kind, "name": name, "content": content, "ttl": 300, "proxied": false })
}

#[test]
fn zones_are_found_by_name_and_by_identifier() {
    run(async {
        let simulation = simulation(&[]).await;
        let dns = Client::cloudflare(&simulation);
        let zone = simulation.zone("Seance.dev.");
        assert_eq!(simulation.zone("seance.dev"), zone);
        let id = "0123456789abcdef0123456789abcdef";
        let written = Seed::Zone {
            name: "example.org".to_owned(),
            id: Some(id.to_owned()),
        };
        assert_eq!(simulation.seed(written).as_deref(), Some(id));
        let found = dns.get("zones?name=seance.dev").await;
        assert_eq!(found.at("/result_info/total_count"), 1);
        assert_eq!(found.at("/result/0/id"), zone.as_str());
        assert_eq!(dns.get("zones").await.at("/result_info/count"), 2);
        assert_eq!(
            dns.get("zones?name=none.dev").await.at("/result"),
            &json!([])
        );
        assert_eq!(
            dns.get(&format!("zones/{id}")).await.at("/result/name"),
            "example.org"
        );
        let unknown = dns.get("zones/0/dns_records").await;
        assert_eq!(
            unknown.outcome(),
            (
                404,
                "Could not route to /zones/0/dns_records, perhaps your object identifier is invalid?"
            )
        );
        assert_eq!(unknown.at("/errors/0/code"), 7003);
    });
}

#[test]
fn records_are_written_read_and_deleted() {
    run(async {
        let simulation = simulation(&[]).await;
        let dns = Client::cloudflare(&simulation);
        let records = format!("zones/{}/dns_records", simulation.zone("seance.dev"));
        let made = dns
            .post(&records, record("A", "App.seance.dev", "192.0.2.1"))
            .await;
        assert_eq!(made.status, 200);
        assert_eq!(made.at("/result/name"), "app.seance.dev");
        assert_eq!(made.at("/result/proxiable"), true);
        assert_eq!(made.at("/result/tags"), &json!([]));
        assert_eq!(made.at("/result/comment"), &json!(null));
        let path = format!("{records}/{}", made.at("/result/id").as_str().unwrap());
        let mut wanted = record("A", "app.seance.dev", "192.0.2.2");
        wanted["comment"] = json!("moved");
        wanted["proxied"] = json!(true);
        let changed = dns.put(&path, wanted).await;
        assert_eq!(changed.at("/result/content"), "192.0.2.2");
        assert_eq!(changed.at("/result/ttl"), 1);
        assert_eq!(
            changed.at("/result/created_on"),
            made.at("/result/created_on")
        );
        assert_ne!(
            changed.at("/result/modified_on"),
            made.at("/result/modified_on")
        );
        assert!(changed.at("/result/comment_modified_on").is_string());
        let patched = dns
            .send("PATCH", &path, Some(json!({ "proxied": false, "ttl": 60 })))
            .await;
        assert_eq!(patched.at("/result/comment"), "moved");
        assert_eq!(patched.at("/result/ttl"), 60);
        assert_eq!(
            patched.at("/result/comment_modified_on"),
            changed.at("/result/comment_modified_on")
        );
        let plain = record("A", "app.seance.dev", "192.0.2.2");
        let plain = dns.put(&path, plain).await;
        assert_eq!(plain.at("/result/comment"), &json!(null));
        assert_eq!(plain.at("/result/comment_modified_on"), &json!(null));
        let listed = dns
            .get(&format!("{records}?name=app.seance.dev&type=A"))
            .await;
        assert_eq!(listed.at("/result_info/total_count"), 1);
        let gone = dns.delete(&path).await;
        assert_eq!(gone.at("/result/id"), made.at("/result/id"));
        let gone = dns.get(&path).await;
        assert_eq!(
            (gone.status, gone.at("/errors/0/code")),
            (404, &json!(81044))
        );
    });
}

#[test]
fn names_are_completed_and_contents_checked() {
    run(async {
        let simulation = simulation(&[]).await;
        let dns = Client::cloudflare(&simulation);
        let records = format!("zones/{}/dns_records", simulation.zone("seance.dev"));
        let names = [
            ("@", "seance.dev"),
            ("www", "www.seance.dev"),
            ("*", "*.seance.dev"),
            ("app.other.dev", "app.other.dev.seance.dev"),
            ("notseance.dev", "notseance.dev.seance.dev"),
        ];
        for (name, full) in names {
            let made = dns.post(&records, record("A", name, "192.0.2.1")).await;
            assert_eq!(made.at("/result/name"), full);
        }
        let ttl = |ttl: u32| {
            let mut record = record("A", "ttl", "192.0.2.1");
            record["ttl"] = json!(ttl);
            record
        };
        let mut proxied = record("TXT", "x", "text");
        proxied["proxied"] = json!(true);
        let refused = [
            (record("A", "", "192.0.2.1"), 9000),
            (record("A", "a..b", "192.0.2.1"), 9000),
            (record("A", "a*", "192.0.2.1"), 9000),
            (record("", "a", "192.0.2.1"), 9001),
            (record("TXT", "a", ""), 9002),
            (record("ABC", "a", "x"), 9003),
            (proxied, 9004),
            (record("A", "a", "::1"), 9005),
            (record("AAAA", "a", "192.0.2.1"), 9006),
            (record("CNAME", "a", "not a host"), 9007),
            (ttl(59), 9021),
            (ttl(86_401), 9021),
        ];
        for (wanted, code) in refused {
            let answer = dns.post(&records, wanted.clone()).await;
            assert_eq!(
                (answer.status, answer.at("/errors/0/code")),
                (400, &json!(code)),
                "{wanted}"
            );
        }
        let caa = json!({ "type": "CAA", "name": "@", "ttl": 1, "data": { "flags": 0, "tag": "issue", "value": "letsencrypt.org" } });
        let made = dns.post(&records, caa).await;
        assert_eq!(made.at("/result/content"), "0 issue \"letsencrypt.org\"");
        assert_eq!(made.at("/result/data/tag"), "issue");
    });
}

#[test]
fn an_alias_stands_alone_and_addresses_may_stand_together() {
    run(async {
        let simulation = simulation(&[]).await;
        let dns = Client::cloudflare(&simulation);
        let records = format!("zones/{}/dns_records", simulation.zone("seance.dev"));
        let seed = |name: &str, kind: &str, content: &str| {
            simulation.seed(Seed::Record {
                zone: "seance.dev".to_owned(),
                name: name.to_owned(),
                kind: kind.to_owned(),
                content: content.to_owned(),
            })
        };
        assert!(seed("a.seance.dev", "A", "192.0.2.1").is_some());
        assert!(seed("c.seance.dev", "CNAME", "example.org").is_some());
        assert!(seed("c.seance.dev", "CNAME", "example.com").is_none());
        let cases = [
            (record("A", "a", "192.0.2.1"), Some(81_058)),
            (record("A", "a", "192.0.2.2"), None),
            (record("AAAA", "a", "2001:db8::1"), None),
            (record("CNAME", "a", "example.org"), Some(81_053)),
            (record("CNAME", "c", "example.net"), Some(81_053)),
            (record("A", "c", "192.0.2.1"), Some(81_054)),
            (record("TXT", "a", "text"), None),
        ];
        for (wanted, code) in cases {
            let answer = dns.post(&records, wanted.clone()).await;
            let found = answer.at("/errors/0/code").as_u64();
            assert_eq!(found, code, "{wanted}");
        }
    });
}
