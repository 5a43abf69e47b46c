//! What an apply that was killed made and could not write down: it is on the account, costs money,
//! and the next apply would make it a second time.

use serde_json::Value;

use super::passes::DROPLET;
use crate::deployment::Deployment;
use crate::engine::environment::Environment;
use crate::engine::gate::What;
use crate::engine::plan::{Plan, ResourceChange};
use crate::remote::api::{Api, ApiError};

/// Where the providers find the APIs unless the environment says otherwise.
const DIGITALOCEAN: &str = "https://api.digitalocean.com";
const CLOUDFLARE: &str = "https://api.cloudflare.com/client/v4";

/// Something on the account that the state does not know and a plan would make again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stray {
    /// Its address in the module.
    pub address: String,
    /// How the provider names it for an import.
    pub id: String,
    /// What it is, for a person.
    pub what: String,
}

/// Both APIs, as the providers would reach them.
#[derive(Debug)]
pub struct Clouds {
    digitalocean: Api,
    cloudflare: Option<Api>,
}

impl Clouds {
    /// The APIs with the tokens of the environment; `None` without them.
    pub fn of(environment: &Environment) -> Option<Self> {
        let text = |name: &str| environment.get(name).and_then(|value| value.to_str());
        let token = text("DIGITALOCEAN_TOKEN").or_else(|| text("DIGITALOCEAN_ACCESS_TOKEN"))?;
        let base = text("DIGITALOCEAN_API_URL").unwrap_or(DIGITALOCEAN);
        let cloudflare = text("CLOUDFLARE_API_TOKEN")
            .map(|token| Api::new(text("CLOUDFLARE_BASE_URL").unwrap_or(CLOUDFLARE), token));
        Some(Self {
            digitalocean: Api::new(base, token),
            cloudflare,
        })
    }

    /// Looks for everything that a plan would make under a name that the account has already.
    pub async fn strays(
        &self,
        plan: &Plan,
        deployment: &Deployment,
    ) -> Result<Vec<Stray>, ApiError> {
        let mut strays = Vec::new();
        let created = plan
            .resource_changes
            .iter()
            .filter(|change| change.mode == "managed" && What::of(change) == Some(What::Create));
        for change in created {
            let found = match change.kind.as_str() {
                "digitalocean_droplet" if change.address == DROPLET => {
                    self.droplet(deployment).await?
                }
                "digitalocean_firewall" => self.named("firewalls", change).await?,
                "digitalocean_ssh_key" => self.key(change).await?,
                "cloudflare_dns_record" => self.record(change, deployment).await?,
                _ => None,
            };
            strays.extend(found.map(|(id, what)| Stray {
                address: change.address.clone(),
                id,
                what,
            }));
        }
        Ok(strays)
    }

    /// A droplet of the server's name that carries the project's tag: nobody else tags it so.
    async fn droplet(&self, deployment: &Deployment) -> Result<Option<(String, String)>, ApiError> {
        let name = deployment.server().name.as_str();
        let page = self.tagged(deployment).await?;
        let droplet = items(&page, "droplets").find(|droplet| droplet["name"] == name);
        Ok(droplet.map(|droplet| (droplet["id"].to_string(), format!("the droplet `{name}`"))))
    }

    async fn named(
        &self,
        list: &str,
        change: &ResourceChange,
    ) -> Result<Option<(String, String)>, ApiError> {
        let name = &change.change.after["name"];
        let page = self
            .digitalocean
            .get(&format!("/v2/{list}?per_page=200"))
            .await?;
        let found = items(&page, list).find(|item| item["name"] == *name);
        let id = found.and_then(|item| item["id"].as_str());
        Ok(id.map(|id| (id.to_owned(), format!("the firewall {name}"))))
    }

    /// A key is the same key under any name, but only one under ours was made by an apply.
    async fn key(&self, change: &ResourceChange) -> Result<Option<(String, String)>, ApiError> {
        let after = &change.change.after;
        let words = |key: &Value| -> Option<String> {
            let text = key.as_str()?;
            Some(
                text.split_whitespace()
                    .take(2)
                    .collect::<Vec<_>>()
                    .join(" "),
            )
        };
        let page = self
            .digitalocean
            .get("/v2/account/keys?per_page=200")
            .await?;
        let found = items(&page, "ssh_keys").find(|key| {
            key["name"] == after["name"] && words(&key["public_key"]) == words(&after["public_key"])
        });
        Ok(found.map(|key| {
            (
                key["id"].to_string(),
                format!("the SSH key {}", after["name"]),
            )
        }))
    }

    /// The id of the zone, by the manifest or by its name.
    async fn zone(cloudflare: &Api, deployment: &Deployment) -> Result<Option<String>, ApiError> {
        if let Some(id) = &deployment.dns.zone_id {
            return Ok(Some(id.to_string()));
        }
        let path = format!("/zones?name={}", deployment.dns.zone);
        let page = cloudflare.get(&path).await?;
        Ok(page["result"][0]["id"].as_str().map(str::to_owned))
    }

    /// Droplets that look like the server and are not the one in the state: the answer to their
    /// creation was lost, the provider asked again, and both are charged.
    pub async fn doubles(
        &self,
        deployment: &Deployment,
        known: &str,
    ) -> Result<Vec<String>, ApiError> {
        let name = deployment.server().name.as_str();
        let page = self.tagged(deployment).await?;
        let ids = items(&page, "droplets")
            .filter(|droplet| droplet["name"] == name)
            .map(|droplet| droplet["id"].to_string());
        Ok(ids.filter(|id| id != known).collect())
    }

    async fn tagged(&self, deployment: &Deployment) -> Result<Value, ApiError> {
        let tag = deployment.project.name.as_str();
        let path = format!("/v2/droplets?per_page=200&tag_name={tag}");
        self.digitalocean.get(&path).await
    }

    /// A record of the right name and type; one with another address is somebody else's.
    async fn record(
        &self,
        change: &ResourceChange,
        deployment: &Deployment,
    ) -> Result<Option<(String, String)>, ApiError> {
        let (Some(cloudflare), Some(name), Some(kind)) = (
            &self.cloudflare,
            change.change.after["name"].as_str(),
            change.change.after["type"].as_str(),
        ) else {
            return Ok(None);
        };
        let Some(zone) = Self::zone(cloudflare, deployment).await? else {
            return Ok(None);
        };
        let path = format!("/zones/{zone}/dns_records?name={name}&type={kind}&per_page=100");
        let page = cloudflare.get(&path).await?;
        let wanted = &change.change.after["content"];
        // As long as nobody knows the address, a record of the name is somebody else's.
        let found = items(&page, "result")
            .find(|record| record["name"] == name && record["content"] == *wanted);
        let id = found.and_then(|record| record["id"].as_str());
        Ok(id.map(|id| {
            (
                format!("{zone}/{id}"),
                format!("the {kind} record of {name}"),
            )
        }))
    }
}

fn items<'a>(page: &'a Value, list: &str) -> impl Iterator<Item = &'a Value> {
    page[list].as_array().into_iter().flatten()
}
