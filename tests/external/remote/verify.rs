//! A machine that is as it should be, and the same with one thing wrong at a time.
//!
//! sshd and Caddy are real; what the machine says of itself is a recorded answer of a NixOS, given
//! by sshd in place of any command.

use std::fs;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use hickory_resolver::proto::op::{Message, ResponseCode};
use hickory_resolver::proto::rr::rdata::A;
use hickory_resolver::proto::rr::{RData, Record as DnsRecord};
use seance::remote::certificate::Trust;
use seance::remote::dns::Servers;
use seance::remote::ssh::{Ssh, Stage};
use seance::remote::system::{Kind, Question};
use seance::remote::verify::{
    Check, Expectation, Outcome, Record, Report, Site, verify, wait_for_health, wait_for_login,
};
use tokio::net::UdpSocket;

use super::caddy::{Caddy, LOOPBACK, now};
use super::sshd::{Sshd, free_port};
use crate::support::enabled;

const SYSTEM: &str =
    "/nix/store/8d0a1mbk4w3m2vqkqf5c1zq8m2kzq2iv-nixos-system-seance-backend-26.05";

/// What a healthy machine says.
const ANSWER: &str = "begin\t1
os\tID=nixos
os\tPRETTY_NAME=\"NixOS 26.05 (Yarara)\"
os\tVERSION_ID=\"26.05\"
hostname\tseance-backend
kernel\t6.18.46
clock\t1795415421
synchronized\tyes
boot_time\t1795391650
memory\tMemTotal\t2014208
memory\tMemAvailable\t1120404
oom_kills\t0
current\tSYSTEM\t/nix/store/k-linux/bzImage\t/nix/store/i-initrd/initrd\t/nix/store/m-modules
booted\tSYSTEM\t/nix/store/k-linux/bzImage\t/nix/store/i-initrd/initrd\t/nix/store/m-modules
profile\tsystem-42-link\tSYSTEM
disk\t/\t48211576\t13102944\t32627216
state\trunning
unit\tId=seance-backend.service
unit\tLoadState=loaded
unit\tActiveState=active
unit\tSubState=running
unit\tResult=success
unit\tNRestarts=0
unit\tExecMainStatus=0
unit\tStateChangeTimestamp=@1795391702
unit\tMemoryCurrent=114688000
end\t1
";

const SITE: &str = "app.example.test {
\thandle /down {
\t\treverse_proxy 127.0.0.1:1
\t}
\thandle {
\t\trespond hi
\t}
}
";

struct Machine {
    sshd: Sshd,
    caddy: Caddy,
    name_server: SocketAddr,
}

impl Machine {
    async fn start() -> Self {
        let machine = Self {
            sshd: Sshd::start("ForceCommand cat @/answer\n"),
            caddy: Caddy::start("\tlocal_certs", SITE, |_| ())
                .ready("app.example.test")
                .await,
            name_server: name_server().await,
        };
        machine.says(ANSWER);
        machine
    }

    fn says(&self, answer: &str) {
        let answer = answer.replace("SYSTEM", SYSTEM);
        fs::write(self.sshd.path("answer"), answer).unwrap();
    }

    fn expectation(&self) -> Expectation {
        Expectation {
            address: LOOPBACK,
            ssh: self.sshd.ssh(),
            system: Some(SYSTEM.into()),
            units: vec!["seance-backend.service".into()],
            sites: vec![Site {
                domain: "app.example.test".into(),
                paths: vec!["/".into(), "/ui".into()],
            }],
            zone: Some("example.test".into()),
            records: vec![Record {
                name: "app.example.test".into(),
                address: LOOPBACK,
            }],
            name_servers: Servers::Given(vec![self.name_server]),
            http_port: self.caddy.http,
            https_port: self.caddy.https,
            trust: self.caddy.trust(),
            staging: false,
            now: now(),
            patience: Duration::from_secs(5),
        }
    }
}

/// Says 127.0.0.1 for `app.example.test`, and that nothing else exists.
async fn name_server() -> SocketAddr {
    let socket = UdpSocket::bind((LOOPBACK, 0)).await.unwrap();
    let address = socket.local_addr().unwrap();
    tokio::spawn(async move {
        let mut buffer = [0; 2048];
        while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
            let question = Message::from_vec(&buffer[..length]).unwrap();
            let query = question.queries[0].clone();
            let mut answer = Message::response(question.metadata.id, question.metadata.op_code);
            answer.add_query(query.clone());
            if query.name().to_string() == "app.example.test." {
                let data = RData::A(A([127, 0, 0, 1].into()));
                answer.add_answer(DnsRecord::from_rdata(query.name().clone(), 60, data));
            } else {
                answer.metadata.response_code = ResponseCode::NXDomain;
            }
            socket
                .send_to(&answer.to_vec().unwrap(), from)
                .await
                .unwrap();
        }
    });
    address
}

fn names(report: &Report, outcome: Outcome) -> Vec<&str> {
    let with = |check: &&Check| check.outcome == outcome;
    report
        .checks
        .iter()
        .filter(with)
        .map(|check| &*check.name)
        .collect()
}

/// What fails once this is changed about what is expected.
async fn failing(machine: &Machine, change: impl FnOnce(&mut Expectation)) -> Report {
    let mut expectation = machine.expectation();
    change(&mut expectation);
    let report = verify(&expectation).await;
    assert!(!report.is_healthy(), "{report:#?}");
    for check in report.failures() {
        assert!(check.cause.is_some() && check.next.is_some(), "{check:?}");
    }
    report
}

#[tokio::test]
async fn a_healthy_machine() {
    if !enabled("verify of a healthy machine") {
        return;
    }
    let machine = Machine::start().await;
    let start = Instant::now();
    let report = verify(&machine.expectation()).await;
    eprintln!("verify took {} ms", start.elapsed().as_millis());
    assert!(start.elapsed() < Duration::from_secs(2));
    assert!(report.is_healthy(), "{report:#?}");
    let (http, https) = (machine.caddy.http, machine.caddy.https);
    let expected = [
        "login".to_owned(),
        "system".into(),
        "units".into(),
        "unit seance-backend.service".into(),
        "record app.example.test".into(),
        format!("port {http}"),
        format!("port {https}"),
        "redirect app.example.test".into(),
        "certificate app.example.test".into(),
        "page app.example.test/".into(),
        "page app.example.test/ui".into(),
    ];
    assert_eq!(names(&report, Outcome::Passed), expected);
    assert_eq!(report.system.unwrap().hostname, "seance-backend");
}

#[tokio::test]
async fn one_thing_wrong_at_a_time() {
    if !enabled("verify of machines with a fault") {
        return;
    }
    let machine = Machine::start().await;
    let failed = async |change: fn(&mut Expectation)| {
        let report = failing(&machine, change).await;
        names(&report, Outcome::Failed).join("; ")
    };
    let system = failed(|wanted| wanted.system = Some("/nix/store/newer".into())).await;
    assert_eq!(system, "system");
    let unit = failed(|wanted| wanted.units = vec!["other.service".into()]).await;
    assert_eq!(unit, "unit other.service");
    let page = failed(|wanted| wanted.sites[0].paths = vec!["/down".into(), "/".into()]).await;
    assert_eq!(page, "page app.example.test/down");
    let certificate = failed(|wanted| wanted.trust = Trust::Public).await;
    assert_eq!(certificate, "certificate app.example.test");
    let expired = failed(|wanted| wanted.now += 30 * 24 * 60 * 60).await;
    assert_eq!(expired, "certificate app.example.test");
    let record = failed(|wanted| wanted.records[0].name = "www.example.test".into()).await;
    assert_eq!(record, "record www.example.test");
    let moved = failed(|wanted| wanted.records[0].address = [203, 0, 113, 7].into()).await;
    assert_eq!(moved, "record app.example.test");
    let stranger = failed(|wanted| wanted.sites[0].domain = "no.example.test".into()).await;
    assert_eq!(
        stranger,
        "certificate no.example.test; page no.example.test/; page no.example.test/ui"
    );
}

#[tokio::test]
async fn what_needs_something_that_failed_is_skipped() {
    if !enabled("verify of unreachable parts") {
        return;
    }
    let machine = Machine::start().await;
    let report = failing(&machine, |wanted| {
        let mut host = wanted.ssh.host().clone();
        host.port = free_port();
        wanted.ssh = Ssh::new(host).without_user_configuration();
        wanted.https_port = free_port();
        wanted.name_servers = Servers::Given(vec![SocketAddr::new(LOOPBACK, free_port())]);
    })
    .await;
    let failed = names(&report, Outcome::Failed);
    assert_eq!(
        (failed[0], failed[1], failed.len()),
        ("login", "record app.example.test", 3)
    );
    assert_eq!(
        names(&report, Outcome::Skipped),
        [
            "system",
            "units",
            "unit seance-backend.service",
            "certificate app.example.test",
            "page app.example.test/",
            "page app.example.test/ui"
        ]
    );
    assert!(report.system.is_none());
}

#[tokio::test]
async fn a_machine_on_its_way() {
    if !enabled("waiting for a machine") {
        return;
    }
    let machine = Machine::start().await;
    let stock =
        "begin\t1\nos\tID=ubuntu\nos\tPRETTY_NAME=\"Ubuntu 24.04.3 LTS\"\nclock\t1\nend\t1\n";
    machine.says(stock);
    let (ssh, question) = (machine.sshd.ssh(), Question::default());
    let mut seen = Vec::new();
    let found = wait_for_login(
        &ssh,
        &question,
        &Kind::Nixos,
        Duration::from_secs(30),
        |waiting| {
            seen.push(waiting.seen.stage.clone());
            match seen.len() {
                1 => machine.sshd.know("other"),
                2 => {
                    machine.sshd.know("host");
                    machine.says(ANSWER);
                }
                _ => panic!("{:?}", waiting.seen),
            }
        },
    );
    assert_eq!(found.await.unwrap().kind, Kind::Nixos);
    assert_eq!(
        seen[0],
        Stage::WrongSystem(Kind::Other("Ubuntu 24.04.3 LTS".into()))
    );
    assert!(matches!(seen[1], Stage::HostKeyChanged { .. }), "{seen:?}");

    machine.says(stock);
    let patience = Duration::from_secs(2);
    let expired = wait_for_login(&ssh, &question, &Kind::Nixos, patience, |_| ()).await;
    let advice = expired.unwrap_err().advice();
    assert!(
        advice.what.contains("still runs Ubuntu 24.04.3 LTS"),
        "{advice:?}"
    );
}

#[tokio::test]
async fn health_that_comes_and_health_that_does_not() {
    if !enabled("waiting for health") {
        return;
    }
    let machine = Machine::start().await;
    let starting = ANSWER
        .replace("ActiveState=active", "ActiveState=activating")
        .replace("SubState=running", "SubState=start-pre");
    machine.says(&starting);
    let mut looks = 0;
    let expectation = machine.expectation();
    let report = wait_for_health(&expectation, Duration::from_secs(30), |waiting| {
        assert_eq!(waiting.seen[0].name, "unit seance-backend.service");
        looks += 1;
        if looks == 2 {
            machine.says(ANSWER);
        }
    });
    assert!(report.await.unwrap().is_healthy());

    let mut expectation = expectation.clone();
    expectation.sites[0].paths = vec!["/down".into()];
    let expired = wait_for_health(&expectation, Duration::from_secs(2), |_| ()).await;
    let advice = expired.unwrap_err().advice();
    assert!(advice.what.contains("status 502"), "{advice:?}");
    assert!(advice.cause.contains("does not listen"), "{advice:?}");
}
