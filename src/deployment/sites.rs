//! Which addresses lead to which service.
//!
//! Two things break Caddy: a site block with an empty address, and one address in two blocks. What
//! a site may be reached by is decided here; the generated Nix puts it together in each profile.

use super::{Deployment, DomainName, ServiceName};

/// Where a site listens when no profile says otherwise: any user may bind it.
const LOCAL_PORT: u16 = 8080;

/// The sites that lead to one service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// The service behind the reverse proxy.
    pub service: ServiceName,
    /// Whether `CADDY_DOMAIN` is one of its addresses.
    pub takes_caddy_domain: bool,
    /// Whether `APP_DOMAIN` is one of its addresses.
    pub takes_app_domain: bool,
    /// Its other host names, served by the server's profile only.
    pub further: Vec<DomainName>,
}

/// The sites of every service that has domains, in the order of their names.
///
/// `CADDY_DOMAIN` and `APP_DOMAIN` belong to the service whose `domains` hold the value that the
/// server's profile gives them; every other domain is written out.
pub fn sites(deployment: &Deployment) -> Vec<Site> {
    let profile = deployment.profiles.get(&deployment.server().profile);
    let value = |pick: fn(&super::Profile) -> Option<&super::SiteAddress>| {
        profile.and_then(pick).map(ToString::to_string)
    };
    let caddy_domain = value(|profile| profile.caddy_domain.as_ref()?.as_ref());
    let app_domain = value(|profile| profile.app_domain.as_ref()?.as_ref());
    let mut sites = Vec::new();
    for (name, service) in &deployment.services {
        if service.domains.is_empty() {
            continue;
        }
        let mut site = Site {
            service: name.clone(),
            takes_caddy_domain: false,
            takes_app_domain: false,
            further: Vec::new(),
        };
        for domain in service
            .domains
            .iter()
            .filter_map(|key| deployment.domains.get(key))
        {
            if caddy_domain.as_deref() == Some(domain.as_str()) {
                site.takes_caddy_domain = true;
            } else if app_domain.as_deref() == Some(domain.as_str()) {
                site.takes_app_domain = true;
            } else {
                site.further.push(domain.clone());
            }
        }
        sites.push(site);
    }
    sites
}

impl Site {
    /// The address of this site in profiles that give it none: unique, local and never empty, on
    /// the port of the base environment's own site.
    pub fn fallback(&self, deployment: &Deployment) -> String {
        let base = deployment.profiles.get("default");
        let site = base.and_then(|profile| profile.caddy_domain.as_ref()?.as_ref());
        let local = site.filter(|site| site.is_loopback());
        let port = local
            .and_then(super::SiteAddress::port)
            .unwrap_or(LOCAL_PORT);
        format!("http://{}.localhost:{port}", self.service)
    }
}
