//! `Caddyfile`.

use minijinja::Value;

use crate::deployment::{CertificateAuthority, Deployment, sites};
use crate::render::value::{CaddyToken, caddy, list, map};

pub(in crate::render) fn caddyfile(deployment: &Deployment) -> Value {
    let email = deployment
        .caddy
        .email
        .as_ref()
        .map_or(Value::from(()), caddy);
    let staging = deployment.caddy.ca == CertificateAuthority::Staging;
    let sites = sites(deployment).into_iter().filter_map(|site| {
        let service = deployment.services.get(&site.service)?;
        Some(map([
            ("variable", caddy(CaddyToken::variable_part(&site.service))),
            ("service", caddy(&site.service)),
            ("port", caddy(service.port)),
        ]))
    });
    map([
        ("email", email),
        ("staging", Value::from(staging)),
        ("sites", list(sites)),
    ])
}
