//! Patterns and lists that the schema shows to editors. The newtypes of the model decide; these
//! only let an editor tell early.

use serde_json::{Value, json};

use crate::catalog::{self, RegionStatus};

/// Project and server names.
pub(crate) const NAME: &str = "^[a-z][a-z0-9-]*$";
/// Keys of `[ports]` and `[domains]`.
const LABEL: &str = "^[a-z][a-z0-9_-]*$";
/// Host names of at least two labels.
pub(crate) const HOST_NAME: &str =
    r"^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?$";
/// nixpkgs releases.
pub(crate) const RELEASE: &str = r"^[0-9]{2}\.(05|11)$";
/// Names of environment variables.
pub(crate) const ENVIRONMENT: &str = "^[A-Za-z_][A-Za-z0-9_]*$";

/// Keys of `[ports]` and `[domains]`.
pub(crate) fn label() -> Value {
    json!({ "pattern": LABEL })
}

/// Keys of `[services]`.
pub(crate) fn service_name() -> Value {
    json!({ "pattern": NAME, "not": { "enum": ["caddy", "default"] } })
}

/// Keys of an environment.
pub(crate) fn environment() -> Value {
    json!({ "pattern": ENVIRONMENT })
}

/// Values of `[domains]`.
pub(crate) fn host_name() -> Value {
    json!({ "type": "string", "pattern": HOST_NAME })
}

/// Elements of `secrets`.
pub(crate) fn secret() -> Value {
    json!({ "type": "string", "pattern": ENVIRONMENT })
}

/// Elements of `[generate] skip`: every output path.
pub(crate) fn output() -> Value {
    let paths: Vec<&str> = crate::render::outputs::paths().collect();
    json!({ "type": "string", "enum": paths })
}

/// Every region that a droplet can be made in, as far as the facts know.
pub(crate) fn region_slugs() -> Value {
    let slugs: Vec<&str> = offered_regions()
        .map(|region| region.slug.as_str())
        .collect();
    json!(slugs)
}

/// The texts beside [`region_slugs`], in the same order.
pub(crate) fn region_texts() -> Value {
    let texts: Vec<String> = offered_regions().map(region_text).collect();
    json!({ "docs": { "enumValues": texts } })
}

/// Every known size.
pub(crate) fn size_slugs() -> Value {
    let slugs: Vec<&str> = catalog::sizes()
        .iter()
        .map(|size| size.slug.as_str())
        .collect();
    json!(slugs)
}

/// The texts beside [`size_slugs`], in the same order.
pub(crate) fn size_texts() -> Value {
    let texts: Vec<String> = catalog::sizes().iter().map(size_text).collect();
    json!({ "docs": { "enumValues": texts } })
}

fn offered_regions() -> impl Iterator<Item = &'static catalog::Region> {
    catalog::regions()
        .iter()
        .filter(|region| region.status != RegionStatus::Closed)
}

fn region_text(region: &catalog::Region) -> String {
    let status = match region.status {
        RegionStatus::Open => "open to everyone",
        RegionStatus::Restricted => "existing customers only",
        RegionStatus::Closed => "closed",
        RegionStatus::Unconfirmed => "not confirmed by DigitalOcean's list",
    };
    format!(
        "{}, {status} (as of {})",
        region.place,
        catalog::regions_as_of()
    )
}

fn size_text(size: &catalog::DropletSize) -> String {
    let memory = f64::from(size.memory_mib) / 1024.0;
    let processors = if size.vcpus == 1 {
        "processor"
    } else {
        "processors"
    };
    let danger = if size.memory_mib < super::MINIMUM_MEMORY_MIB {
        ": too small to install NixOS on without a larger install_size"
    } else {
        ""
    };
    format!(
        "{} {processors}, {memory} GB memory, {} GB disk, ${:.2} a month{danger}",
        size.vcpus, size.disk_gib, size.price_monthly_usd
    )
}
