//! Pages and certificates of a real Caddy.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use seance::remote::certificate::{Authority, Certificate, Problem, TlsFailure, Trust, look};
use seance::remote::http::{Failure, Target, get};
use seance::remote::port::Port;

use super::caddy::{Caddy, LOOPBACK, make_certificate, now, trust};
use super::sshd::free_port;
use crate::support::enabled;

const PATIENCE: Duration = Duration::from_secs(5);
const SHORT: Duration = Duration::from_millis(500);
const DAY: i64 = 24 * 60 * 60;

fn target(address: SocketAddr, host: &str, path: &str, is_https: bool) -> Target {
    Target {
        address,
        host: host.into(),
        path: path.into(),
        is_https,
    }
}

const APP: &str = "app.example.test {\n\
    \thandle /long {\n\t\trespond {args[0]}\n\t}\n\
    \thandle /who {\n\t\trespond \"{host} {remote_host}\"\n\t}\n\
    \thandle /down {\n\t\treverse_proxy 127.0.0.1:1\n\t}\n\
    \thandle /gone {\n\t\trespond \"no such page\" 404\n\t}\n\
    \thandle {\n\t\trespond \"hello\x1b[31m\n\tthere\" 200\n\t}\n}\n";

#[tokio::test]
async fn pages() {
    if !enabled("pages of Caddy") {
        return;
    }
    let long = "x".repeat(100_000);
    let sites = APP.replace("{args[0]}", &format!("\"{long}\""));
    let caddy = Caddy::start("\tlocal_certs", &sites, |_| ())
        .ready("app.example.test")
        .await;
    let page = |path: &str| target(caddy.at_https(), "app.example.test", path, true);

    let answer = get(&page("/"), PATIENCE).await.unwrap();
    assert_eq!((answer.status, answer.is_healthy()), (200, true));
    assert_eq!(answer.start, "hello [31m  there");
    assert_eq!(answer.server.as_deref(), Some("Caddy"));
    assert!(answer.took < PATIENCE);
    let answer = get(&page("/who"), PATIENCE).await.unwrap();
    assert_eq!(answer.start, "app.example.test 127.0.0.1");
    let answer = get(&page("/long"), PATIENCE).await.unwrap();
    assert_eq!(answer.start.len(), 200);

    for (path, status, words) in [("/down", 502, "behind it"), ("/gone", 404, "path")] {
        let answer = get(&page(path), PATIENCE).await.unwrap();
        assert_eq!((answer.status, answer.is_healthy()), (status, false));
        let advice = answer.advice(&page(path));
        assert!(advice.cause.contains(words), "{advice:?}");
    }

    let plain = target(caddy.at_http(), "app.example.test", "/a", false);
    let answer = get(&plain, PATIENCE).await.unwrap();
    assert_eq!(answer.status, 308);
    let location = answer.location.unwrap();
    assert!(
        location.starts_with("https://app.example.test"),
        "{location}"
    );

    let stranger = target(caddy.at_https(), "stranger.example.test", "/", true);
    let failure = get(&stranger, PATIENCE).await.unwrap_err();
    assert_eq!(failure, Failure::Tls(TlsFailure::NoCertificate));
    let not_tls = target(caddy.at_http(), "app.example.test", "/", true);
    let failure = get(&not_tls, PATIENCE).await.unwrap_err();
    assert_eq!(failure, Failure::Tls(TlsFailure::NotTls));
    let bad_path = get(&page("a b"), PATIENCE).await.unwrap_err();
    assert!(matches!(bad_path, Failure::NotHttp(_)), "{bad_path:?}");
}

/// A server that reads a request and then says this.
fn server(words: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind((LOOPBACK, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _read = stream.read(&mut [0; 4096]);
            let _written = stream.write_all(words);
        }
    });
    address
}

#[tokio::test]
async fn servers_that_misbehave() {
    if !enabled("servers that misbehave") {
        return;
    }
    let silent = TcpListener::bind((LOOPBACK, 0)).unwrap();
    let silent = silent
        .local_addr()
        .map(|address| (silent, address))
        .unwrap();
    let nobody = SocketAddr::new(LOOPBACK, free_port());
    let ask = async |address, is_https| {
        get(&target(address, "app.example.test", "/", is_https), SHORT).await
    };
    assert_eq!(ask(silent.1, false).await, Err(Failure::Silent));
    assert_eq!(
        ask(silent.1, true).await,
        Err(Failure::Tls(TlsFailure::Silent))
    );
    assert_eq!(ask(nobody, false).await, Err(Failure::Port(Port::Refused)));
    let refused = Failure::Tls(TlsFailure::Port(Port::Refused));
    assert_eq!(ask(nobody, true).await, Err(refused));
    assert_eq!(ask(server(b""), false).await, Err(Failure::Closed));
    assert_eq!(
        ask(server(b""), true).await,
        Err(Failure::Tls(TlsFailure::Closed))
    );
    let noise = ask(server(b"220 mail ready\r\n"), false).await.unwrap_err();
    assert!(matches!(noise, Failure::NotHttp(_)), "{noise:?}");
    let noise = ask(server(b"220 mail ready\r\n"), true).await;
    assert_eq!(noise, Err(Failure::Tls(TlsFailure::NotTls)));

    // The end of the connection is the end of the page.
    let old = server(b"HTTP/1.0 200 OK\r\n\r\nthat is all");
    assert_eq!(ask(old, false).await.unwrap().start, "that is all");
    let cut = server(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\ncut o");
    assert_eq!(ask(cut, false).await.unwrap().start, "cut o");
}

async fn seen(caddy: &Caddy, name: &str, trust: &Trust, now: i64) -> Certificate {
    look(caddy.at_https(), name, trust, now, PATIENCE)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_certificate_over_its_life() {
    if !enabled("certificates of Caddy") {
        return;
    }
    let name = "app.example.test";
    let caddy = Caddy::start("\tlocal_certs", APP, |_| ()).ready(name).await;
    let (own, now) = (caddy.trust(), now());
    let fresh = seen(&caddy, name, &own, now).await;
    assert_eq!(fresh.problem(), None, "{fresh:?}");
    assert_eq!(fresh.names, [name]);
    assert!(fresh.issuer.contains("Caddy Local Authority"), "{fresh:?}");
    assert_eq!(fresh.days_left(), 0);

    let last = seen(&caddy, name, &own, fresh.not_after - 1).await;
    assert_eq!((last.problem(), last.seconds_left), (None, 1));
    let ended = seen(&caddy, name, &own, fresh.not_after + DAY + 1).await;
    assert_eq!(ended.problem(), Some(Problem::Expired));
    assert_eq!(
        (ended.authority, ended.days_left()),
        (Authority::Trusted, -2)
    );
    let early = seen(&caddy, name, &own, fresh.not_before - 1).await;
    assert_eq!(early.problem(), Some(Problem::Early));

    let public = seen(&caddy, name, &Trust::Public, now).await;
    let local = Problem::Authority(Authority::Local);
    assert_eq!(public.problem(), Some(local));
}

#[tokio::test]
async fn certificates_that_browsers_refuse() {
    if !enabled("certificates that browsers refuse") {
        return;
    }
    let (own, staging, other) = (
        "own.example.test",
        "staging.example.test",
        "other.example.test",
    );
    let mut sites = String::new();
    for (name, file) in [
        (own, "own"),
        (staging, "staging"),
        (other, "other"),
        ("wrong.example.test", "own"),
    ] {
        sites.push_str(&format!(
            "{name} {{\n\ttls @/{file}.crt @/{file}.key\n\trespond hi\n}}\n"
        ));
    }
    let caddy = Caddy::start("\tauto_https disable_certs", &sites, |folder| {
        make_certificate(folder, "own", own, 40, None);
        make_certificate(folder, "authority", "(STAGING) Pretend Pear X1", 400, None);
        make_certificate(folder, "staging", staging, 40, Some("authority"));
        make_certificate(folder, "private", "Private Authority", 400, None);
        make_certificate(folder, "other", other, 40, Some("private"));
    });
    let problem =
        async |name: &str, trust: &Trust| seen(&caddy, name, trust, now()).await.problem();
    let refused = |authority| Some(Problem::Authority(authority));
    let public = Trust::Public;
    assert_eq!(problem(own, &public).await, refused(Authority::SelfSigned));
    assert_eq!(problem(staging, &public).await, refused(Authority::Staging));
    assert_eq!(problem(other, &public).await, refused(Authority::Unknown));
    let wrong = "wrong.example.test";
    assert_eq!(problem(wrong, &public).await, Some(Problem::WrongName));
    let private = trust(&caddy.path("private.crt"));
    assert_eq!(problem(other, &private).await, None);
    assert_eq!(
        problem(staging, &private).await,
        refused(Authority::Staging)
    );
    assert_eq!(
        seen(&caddy, other, &private, now() + 60).await.days_left(),
        39
    );
}
