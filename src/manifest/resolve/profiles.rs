//! `[profiles.<name>.env]`, and the two site variables.

use std::collections::BTreeMap;

use super::Resolver;
use crate::deployment::{
    DomainKey, DomainName, EnvironmentName, Profile, ProfileName, ServiceName, SiteAddress,
};
use crate::manifest::draft::DraftService;
use crate::manifest::{defaults, v1};

/// The variable with the address of the first site.
pub(crate) const CADDY_DOMAIN: &str = "CADDY_DOMAIN";
/// The variable with the address of the second site, or nothing.
pub(crate) const APP_DOMAIN: &str = "APP_DOMAIN";

impl Resolver<'_> {
    pub(super) fn profiles(
        &mut self,
        raw: Option<&BTreeMap<String, v1::Profile>>,
    ) -> BTreeMap<ProfileName, Profile> {
        let mut profiles = BTreeMap::new();
        for (name, profile) in raw.into_iter().flatten() {
            let key = self.key(&["profiles", name]);
            let profile = self.profile(name, profile);
            if let Some(key) = key {
                profiles.insert(key, profile);
            }
        }
        profiles
    }

    fn profile(&mut self, name: &str, raw: &v1::Profile) -> Profile {
        let path = ["profiles", name, "env"];
        let mut env = self.environment(&path, raw.env.as_ref());
        Profile {
            caddy_domain: self.site(name, CADDY_DOMAIN, &mut env),
            app_domain: self.site(name, APP_DOMAIN, &mut env),
            env,
        }
    }

    /// Takes a site variable out of the environment. The empty text is "no site".
    #[expect(
        clippy::option_option,
        reason = "the outer one is a gap, the inner one a choice"
    )]
    fn site(
        &mut self,
        profile: &str,
        variable: &str,
        env: &mut BTreeMap<EnvironmentName, String>,
    ) -> Option<Option<SiteAddress>> {
        let text = env.remove(variable)?;
        if text.is_empty() {
            return Some(None);
        }
        self.text(&["profiles", profile, "env", variable], &text)
            .map(Some)
    }
}

/// Adds what the manifest leaves out: the base environment, the server's profile `prod`, and the
/// site variables of both.
pub(super) fn complete(
    profiles: &mut BTreeMap<ProfileName, Profile>,
    server_profile: Option<&ProfileName>,
    domains: &BTreeMap<DomainKey, Option<DomainName>>,
    services: &BTreeMap<ServiceName, DraftService>,
) {
    if let Some(name) = server_profile {
        let is_given = matches!(name.as_str(), defaults::PROFILE | defaults::BASE_PROFILE);
        if is_given && !profiles.contains_key(name) {
            profiles.insert(name.clone(), Profile::default());
        }
        if let Some(profile) = profiles.get_mut(name) {
            give_sites(profile, domains, services);
        }
    }
    if let Ok(base) = ProfileName::try_from(defaults::BASE_PROFILE) {
        let profile = profiles.entry(base).or_default();
        let local = || SiteAddress::try_from(defaults::LOCAL_SITE).ok();
        profile.caddy_domain.get_or_insert_with(local);
        profile.app_domain.get_or_insert(None);
    }
}

/// The first and the second domain of the one service that has any.
fn give_sites(
    profile: &mut Profile,
    domains: &BTreeMap<DomainKey, Option<DomainName>>,
    services: &BTreeMap<ServiceName, DraftService>,
) {
    let mut with_domains = services
        .values()
        .filter(|service| !service.domains.is_empty());
    let (Some(service), None) = (with_domains.next(), with_domains.next()) else {
        return;
    };
    let address = |index: usize| {
        let (_, key) = service.domains.get(index)?;
        let name = domains.get(key)?.as_ref()?;
        SiteAddress::try_from(name.as_str()).ok()
    };
    // A domain that is written as the other variable is not given out a second time.
    if profile.caddy_domain.is_none() {
        let taken = profile.app_domain.clone().flatten();
        let free = (0..service.domains.len())
            .filter_map(address)
            .find(|site| Some(site) != taken.as_ref());
        profile.caddy_domain = Some(free);
    }
    if profile.app_domain.is_none() {
        let taken = profile.caddy_domain.clone().flatten();
        let free = address(1).filter(|site| Some(site) != taken.as_ref());
        profile.app_domain = Some(free);
    }
}
