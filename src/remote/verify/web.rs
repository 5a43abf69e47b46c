//! What visitors see: the DNS records, the certificate, the pages.

use std::net::SocketAddr;
use std::pin::Pin;
use std::time::Duration;

use super::{Check, Expectation, Record, Site};
use crate::remote::certificate::{self, Authority, Problem};
use crate::remote::dns::{self, Answer, Told};
use crate::remote::http::{self, Target};
use crate::remote::port::{self, Port};
use crate::remote::{Advice, side_by_side};

/// Each record, by the zone's own servers.
pub(super) async fn records(expectation: &Expectation) -> Vec<Check> {
    let Some(zone) = &expectation.zone else {
        return Vec::new();
    };
    let patience = expectation.patience;
    let servers = match dns::servers(zone, &expectation.name_servers, patience).await {
        Ok(servers) if !servers.is_empty() => servers,
        nothing => {
            let answer = nothing.err().unwrap_or(Answer::NoAddress);
            let mut checks = vec![Check::failed(
                format!("zone {zone}"),
                no_servers(zone, &answer),
            )];
            let skipped = |record: &Record| {
                Check::skipped(
                    format!("record {}", record.name),
                    "needs the zone's name servers",
                )
            };
            checks.extend(expectation.records.iter().map(skipped));
            return checks;
        }
    };
    let asked = expectation.records.iter().map(|record| {
        let (record, servers) = (record.clone(), servers.clone());
        async move {
            let is_ipv6 = record.address.is_ipv6();
            let told = dns::ask(&record.name, is_ipv6, &servers, patience).await;
            self::record(&record, &told)
        }
    });
    side_by_side(asked).await
}

fn no_servers(zone: &str, answer: &Answer) -> Advice {
    match answer {
        Answer::NoName | Answer::NoAddress => Advice::new(
            format!("the zone {zone} has no name servers"),
            "the domain is not registered, has run out, or its registrar names no servers",
            format!("run `dig +short NS {zone}`"),
        ),
        _ => Advice::new(
            format!("the name servers of {zone} could not be found"),
            "this machine's own resolver does not answer",
            format!("run `dig +short NS {zone}`"),
        ),
    }
}

/// One record: every server must say the same address.
fn record(record: &Record, told: &[Told]) -> Check {
    let name = format!("record {}", record.name);
    let wrong = told.iter().find(|told| !is_right(record, &told.answer));
    match wrong {
        None if told.is_empty() => Check::skipped(name, "no name server could be asked"),
        None => {
            let servers = if told.len() == 1 { "server" } else { "servers" };
            let detail = format!("{}, by {} name {servers}", record.address, told.len());
            Check::passed(name, detail)
        }
        Some(wrong) => Check::failed(name, record_advice(record, wrong)),
    }
}

fn is_right(record: &Record, answer: &Answer) -> bool {
    matches!(answer, Answer::Addresses(found) if found.len() == 1 && found.contains(&record.address))
}

fn record_advice(record: &Record, told: &Told) -> Advice {
    let (name, server, wanted) = (&record.name, &told.server, record.address);
    let list = |found: &std::collections::BTreeSet<std::net::IpAddr>| {
        let texts: Vec<String> = found.iter().map(ToString::to_string).collect();
        texts.join(", ")
    };
    let (what, cause, next) = match &told.answer {
        Answer::Addresses(found) if found.contains(&wanted) => (
            format!(
                "{server} says that {name} is {}, of which only {wanted} is the machine",
                list(found)
            ),
            "an older record of the same name was left in the zone",
            "delete the other record at the DNS provider",
        ),
        Answer::Addresses(found) => (
            format!("{server} says that {name} is {}, not {wanted}", list(found)),
            "the record is of an earlier machine, or was changed by hand",
            "run `seance apply`",
        ),
        Answer::Proxied(found) => (
            format!(
                "{server} says that {name} is {}, which is Cloudflare's proxy",
                list(found)
            ),
            "the record is proxied, so that Caddy cannot get its certificate the usual way",
            "run `seance apply`, which makes the record DNS only",
        ),
        Answer::Alias(other) => (
            format!("{server} says that {name} is another name for {other}"),
            "a CNAME record was made by hand",
            "delete the CNAME record at the DNS provider and run `seance apply`",
        ),
        Answer::NoAddress | Answer::NoName => (
            format!("{server} knows no address of {name}"),
            "the record was not made, or its name is not the one in `[domains]`",
            "run `seance apply`",
        ),
        Answer::Refused(code) => (
            format!("{server} does not answer for {name}: {code}"),
            "the registrar names servers that do not serve the zone",
            "enter the provider's name servers at the domain's registrar",
        ),
        Answer::Silent => (
            format!("{server} does not answer"),
            "the network here lets no DNS queries out, or the server is down",
            "run `seance verify` from another network",
        ),
        Answer::Failed(words) => (
            format!("{server} could not be asked: {words}"),
            "the network here lets no DNS queries out",
            "run `seance verify` from another network",
        ),
    };
    Advice::new(what, cause, next)
}

/// The ports, then for each site its redirect, its certificate and its pages.
pub(super) async fn sites(expectation: &Expectation) -> Vec<Check> {
    if expectation.sites.is_empty() {
        return Vec::new();
    }
    let http = SocketAddr::new(expectation.address, expectation.http_port);
    let https = SocketAddr::new(expectation.address, expectation.https_port);
    let patience = expectation.patience;
    let (plain, secure) = tokio::join!(port::probe(http, patience), port::probe(https, patience));
    let mut looks: Vec<Look> = Vec::new();
    for site in &expectation.sites {
        let (name, target) = redirect_of(site, http);
        looks.push(match plain {
            Port::Open => Box::pin(redirect(target, patience, name)),
            _ => skipped(name, http),
        });
    }
    for site in &expectation.sites {
        let name = format!("certificate {}", site.domain);
        looks.push(match secure {
            Port::Open => Box::pin(certificate(
                expectation.clone(),
                site.domain.clone(),
                https,
                name,
            )),
            _ => skipped(name, https),
        });
        for (name, target) in pages(site, https) {
            looks.push(match secure {
                Port::Open => Box::pin(page(target, patience, name)),
                _ => skipped(name, https),
            });
        }
    }
    let mut checks = vec![port_check(http, &plain), port_check(https, &secure)];
    checks.extend(side_by_side(looks).await);
    checks
}

/// One check on its way.
type Look = Pin<Box<dyn Future<Output = Check> + Send>>;

fn skipped(name: String, address: SocketAddr) -> Look {
    let why = format!("needs port {}", address.port());
    Box::pin(std::future::ready(Check::skipped(name, why)))
}

fn port_check(address: SocketAddr, port: &Port) -> Check {
    let name = format!("port {}", address.port());
    match port {
        Port::Open => Check::passed(name, "open"),
        other => Check::failed(name, certificate::port_advice(other, address)),
    }
}

fn pages(site: &Site, address: SocketAddr) -> Vec<(String, Target)> {
    let page = |path: &String| {
        let target = Target {
            address,
            host: site.domain.clone(),
            path: path.clone(),
            is_https: true,
        };
        (format!("page {}{path}", site.domain), target)
    };
    site.paths.iter().map(page).collect()
}

fn redirect_of(site: &Site, address: SocketAddr) -> (String, Target) {
    let target = Target {
        address,
        host: site.domain.clone(),
        path: "/".to_owned(),
        is_https: false,
    };
    (format!("redirect {}", site.domain), target)
}

async fn redirect(target: Target, patience: Duration, name: String) -> Check {
    let host = &target.host;
    match http::get(&target, patience).await {
        Err(failure) => Check::failed(name, failure.advice(&target)),
        Ok(response) => match &response.location {
            Some(location) if leads_to_https(location, host) => {
                Check::passed(name, format!("{} to {location}", response.status))
            }
            _ => Check::failed(
                name,
                Advice::new(
                    format!(
                        "http://{host} answers with status {} and does not lead to HTTPS",
                        response.status
                    ),
                    "another program than Caddy answers on the port, or the site is not in the \
                     Caddyfile that runs",
                    "run `seance status` to see what listens",
                ),
            ),
        },
    }
}

/// Whether this is the same site, on whichever port.
fn leads_to_https(location: &str, host: &str) -> bool {
    let rest = location
        .strip_prefix("https://")
        .and_then(|rest| rest.strip_prefix(host));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', ':', '?']))
}

async fn certificate(
    expectation: Expectation,
    domain: String,
    address: SocketAddr,
    name: String,
) -> Check {
    let Expectation {
        trust,
        now,
        patience,
        staging,
        ..
    } = expectation;
    match certificate::look(address, &domain, &trust, now, patience).await {
        Err(failure) => Check::failed(name, failure.advice(&domain, address)),
        Ok(seen) => match seen.problem() {
            Some(Problem::Authority(Authority::Staging)) if staging => {
                let days = seen.days_left();
                Check::passed(
                    name,
                    format!("of Let's Encrypt's rehearsal, {days} days left"),
                )
            }
            Some(problem) => Check::failed(name, problem.advice(&domain, &seen)),
            None => {
                let detail = format!("{}, {} days left", seen.issuer, seen.days_left());
                Check::passed(name, detail)
            }
        },
    }
}

async fn page(target: Target, patience: Duration, name: String) -> Check {
    match http::get(&target, patience).await {
        Err(failure) => Check::failed(name, failure.advice(&target)),
        Ok(response) if response.is_healthy() => {
            let took = response.took.as_millis();
            Check::passed(name, format!("{} in {took} ms", response.status))
        }
        Ok(response) => Check::failed(name, response.advice(&target)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_stays_at_the_site() {
        let leads = |location| leads_to_https(location, "app.seance.dev");
        assert!(leads("https://app.seance.dev/") && leads("https://app.seance.dev:8443/a"));
        assert!(!leads("https://app.seance.dev.example/") && !leads("http://app.seance.dev/"));
    }

    #[test]
    fn answers_of_name_servers() {
        let address = |text: &str| text.parse::<std::net::IpAddr>().unwrap();
        let wanted = Record {
            name: "app.seance.dev".into(),
            address: address("203.0.113.7"),
        };
        let set = |texts: &[&str]| texts.iter().map(|text| address(text)).collect();
        let answers = [
            Answer::Addresses(set(&["203.0.113.7"])),
            Answer::Addresses(set(&["203.0.113.7", "203.0.113.8"])),
            Answer::Addresses(set(&["203.0.113.8"])),
            Answer::Proxied(set(&["104.16.0.1"])),
            Answer::Alias("elsewhere.example".into()),
            Answer::NoAddress,
            Answer::NoName,
            Answer::Refused("Query Refused".into()),
            Answer::Silent,
            Answer::Failed("io error".into()),
        ];
        let mut page = String::new();
        for answer in answers {
            let told = Told {
                server: "ns1.example".into(),
                address: "192.0.2.1:53".parse().unwrap(),
                answer,
            };
            let seen = record(&wanted, &[told]);
            let (cause, next) = (
                seen.cause.unwrap_or_default(),
                seen.next.unwrap_or_default(),
            );
            page.push_str(&format!(
                "{:?}: {} | {cause} | {next}\n",
                seen.outcome, seen.detail
            ));
        }
        insta::assert_snapshot!(page);
    }
}
