//! Name servers of these tests' own, on loopback.

use std::net::Ipv4Addr;
use std::str::FromStr;

use hickory_resolver::proto::op::{Message, MessageType};
use hickory_resolver::proto::rr::rdata::{A, AAAA, CNAME, NS};
use hickory_resolver::proto::rr::{Name, Record};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, UdpSocket};

use super::*;

const PATIENCE: Duration = Duration::from_millis(2400);

type Zone = fn(&str, RecordType, &mut Message);

/// Answers by this table, as an authority does, until the test's runtime ends.
async fn serve(zone: Zone) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    let listener = TcpListener::bind(address).await.unwrap();
    tokio::spawn(async move {
        let mut buffer = [0; 4096];
        while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
            if let Some(answer) = respond(&buffer[..length], zone, false) {
                socket.send_to(&answer, from).await.unwrap();
            }
        }
    });
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let length = usize::from(stream.read_u16().await.unwrap());
            let mut question = vec![0; length];
            stream.read_exact(&mut question).await.unwrap();
            let answer = respond(&question, zone, true).unwrap();
            stream
                .write_u16(u16::try_from(answer.len()).unwrap())
                .await
                .unwrap();
            stream.write_all(&answer).await.unwrap();
        }
    });
    address
}

/// Over TCP nothing is truncated. No answer at all for names that begin with `silent`.
fn respond(question: &[u8], zone: Zone, over_tcp: bool) -> Option<Vec<u8>> {
    let question = Message::from_vec(question).unwrap();
    let query = question.queries[0].clone();
    let mut answer = Message::response(question.metadata.id, question.metadata.op_code);
    answer.metadata.message_type = MessageType::Response;
    answer.metadata.authoritative = true;
    answer.add_query(query.clone());
    let name = query.name().to_string();
    zone(&name, query.query_type(), &mut answer);
    if over_tcp {
        answer.metadata.truncation = false;
    } else if answer.metadata.truncation {
        answer.answers.clear();
    }
    (!name.starts_with("silent")).then(|| answer.to_vec().unwrap())
}

fn add(answer: &mut Message, name: &str, data: RData) {
    answer.add_answer(Record::from_rdata(Name::from_str(name).unwrap(), 60, data));
}

fn v4(address: [u8; 4]) -> RData {
    RData::A(A(Ipv4Addr::from(address)))
}

fn authority(name: &str, kind: RecordType, answer: &mut Message) {
    use RecordType as Kind;
    match (name, kind) {
        ("app.example." | "long.example.", Kind::A) => {
            answer.metadata.truncation = name.starts_with("long");
            add(answer, name, v4([203, 0, 113, 7]));
        }
        ("app.example.", Kind::AAAA) => {
            let address = "2001:db8::7".parse().unwrap();
            add(answer, name, RData::AAAA(AAAA(address)));
        }
        ("two.example.", Kind::A) => {
            add(answer, name, v4([203, 0, 113, 7]));
            add(answer, name, v4([203, 0, 113, 8]));
        }
        ("proxied.example.", Kind::A) => {
            add(answer, name, v4([104, 21, 5, 5]));
            add(answer, name, v4([172, 67, 5, 5]));
        }
        ("alias.example.", Kind::A | Kind::CNAME) => {
            let other = Name::from_str("elsewhere.test.").unwrap();
            add(answer, name, RData::CNAME(CNAME(other)));
        }
        ("inner.example.", Kind::A) => {
            let other = Name::from_str("app.example.").unwrap();
            add(answer, name, RData::CNAME(CNAME(other)));
            add(answer, "app.example.", v4([203, 0, 113, 7]));
        }
        ("empty.example." | "long.example." | "two.example.", _) => {}
        ("broken.example.", _) => answer.metadata.response_code = ResponseCode::ServFail,
        (name, _) if name.ends_with("example.") => {
            answer.metadata.response_code = ResponseCode::NXDomain;
        }
        _ => answer.metadata.response_code = ResponseCode::Refused,
    }
}

async fn answer(name: &str, ipv6: bool) -> Answer {
    let servers = Servers::Given(vec![serve(authority).await]);
    let servers = super::servers("example", &servers, PATIENCE).await.unwrap();
    let mut told = ask(name, ipv6, &servers, PATIENCE).await;
    assert_eq!(told.len(), 1);
    told.remove(0).answer
}

fn addresses(texts: &[&str]) -> BTreeSet<IpAddr> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

#[tokio::test]
async fn every_kind_of_answer_is_told_apart() {
    let machine = Answer::Addresses(addresses(&["203.0.113.7"]));
    assert_eq!(answer("app.example", false).await, machine);
    assert_eq!(answer("long.example", false).await, machine);
    assert_eq!(answer("inner.example", false).await, machine);
    let ipv6 = Answer::Addresses(addresses(&["2001:db8::7"]));
    assert_eq!(answer("app.example.", true).await, ipv6);
    let two = Answer::Addresses(addresses(&["203.0.113.7", "203.0.113.8"]));
    assert_eq!(answer("two.example", false).await, two);
    let proxied = Answer::Proxied(addresses(&["104.21.5.5", "172.67.5.5"]));
    assert_eq!(answer("proxied.example", false).await, proxied);
    let alias = Answer::Alias("elsewhere.test".into());
    assert_eq!(answer("alias.example", false).await, alias);
    assert_eq!(answer("empty.example", false).await, Answer::NoAddress);
    assert_eq!(answer("none.example", false).await, Answer::NoName);
    assert_eq!(answer("silent.example", false).await, Answer::Silent);
    let failed = Answer::Refused("Server Failure".into());
    assert_eq!(answer("broken.example", false).await, failed);
    let refused = Answer::Refused("Query Refused".into());
    assert_eq!(answer("app.other", false).await, refused);
}

/// The resolver that knows where `example` is served: on 127.0.0.1, by two names, one of them dead.
fn parent(name: &str, kind: RecordType, answer: &mut Message) {
    match (name, kind) {
        ("example.", RecordType::NS) => {
            for server in ["ns1.example.", "ns2.example."] {
                let server = Name::from_str(server).unwrap();
                add(answer, name, RData::NS(NS(server)));
            }
        }
        ("ns1.example.", RecordType::A) => add(answer, name, v4([127, 0, 0, 1])),
        ("ns1.example.", _) => {}
        _ => answer.metadata.response_code = ResponseCode::NXDomain,
    }
}

#[tokio::test]
async fn the_zones_own_servers_are_found_and_asked() {
    let (resolver, zone) = (serve(parent).await, serve(authority).await);
    let found_by = Servers::FoundBy {
        resolver,
        port: zone.port(),
    };
    let found = servers("example", &found_by, PATIENCE).await.unwrap();
    let expected = Server {
        name: "ns1.example".into(),
        address: zone,
    };
    assert_eq!(found, [expected]);
    let told = ask("app.example", false, &found, PATIENCE).await;
    assert_eq!(told[0].server, "ns1.example");
    assert_eq!(
        told[0].answer,
        Answer::Addresses(addresses(&["203.0.113.7"]))
    );
    let unregistered = servers("nobody", &found_by, PATIENCE).await;
    assert_eq!(unregistered, Err(Answer::NoName));
}

#[tokio::test]
async fn a_server_that_is_not_there() {
    let nobody = {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        socket.local_addr().unwrap()
    };
    let here = serve(authority).await;
    let given = |addresses: Vec<SocketAddr>| Servers::Given(addresses);
    let servers = super::servers("example", &given(vec![nobody, here]), PATIENCE).await;
    let told = ask("app.example", false, &servers.unwrap(), PATIENCE).await;
    assert!(
        matches!(told[0].answer, Answer::Silent | Answer::Failed(_)),
        "{told:?}"
    );
    assert!(matches!(told[1].answer, Answer::Addresses(_)), "{told:?}");
}

#[test]
fn cloudflares_networks() {
    let is = |text: &str| is_cloudflare(text.parse().unwrap());
    assert!(is("104.16.0.1") && is("172.71.255.255") && is("2606:4700::1111"));
    assert!(!is("203.0.113.7") && !is("104.28.0.0") && !is("2001:db8::1"));
    let read = CLOUDFLARE
        .iter()
        .filter(|text| text.parse::<IpNet>().is_ok());
    assert_eq!(read.count(), CLOUDFLARE.len());
}
