//! Embedded facts with their dates: regions, sizes, prices.
//!
//! Facts help offline; the provider's API is the authority, so every message that rests on a
//! fact names its date.

use std::sync::LazyLock;

use serde::Deserialize;

/// A `DigitalOcean` region.
#[derive(Debug, PartialEq, Eq, Deserialize)]
pub struct Region {
    /// Slug, such as `sfo3`.
    pub slug: String,
    /// City.
    pub place: String,
    /// Whether new droplets can be made there.
    pub status: RegionStatus,
}

/// Whether new droplets can be made in a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RegionStatus {
    /// Open to everyone.
    Open,
    /// Existing customers only.
    Restricted,
    /// No new droplets.
    Closed,
    /// Named by no reliable list.
    Unconfirmed,
}

/// A `DigitalOcean` droplet size.
#[derive(Debug, PartialEq, Deserialize)]
pub struct DropletSize {
    /// Slug, such as `s-2vcpu-2gb`.
    pub slug: String,
    /// Virtual CPUs.
    pub vcpus: u32,
    /// Memory in MiB.
    pub memory_mib: u32,
    /// Disk in GiB.
    pub disk_gib: u32,
    /// US dollars a month.
    pub price_monthly_usd: f64,
    /// US dollars an hour.
    pub price_hourly_usd: f64,
    /// Whether the price was read from a reliable list.
    pub certain: bool,
}

#[derive(Deserialize)]
struct RegionFacts {
    as_of: String,
    regions: Vec<Region>,
}

#[derive(Deserialize)]
struct SizeFacts {
    as_of: String,
    sizes: Vec<DropletSize>,
}

#[expect(clippy::expect_used, reason = "the embedded file is checked by a test")]
static REGIONS: LazyLock<RegionFacts> = LazyLock::new(|| {
    serde_json::from_str(include_str!("data/regions.json")).expect("embedded regions parse")
});

#[expect(clippy::expect_used, reason = "the embedded file is checked by a test")]
static SIZES: LazyLock<SizeFacts> = LazyLock::new(|| {
    serde_json::from_str(include_str!("data/droplet-sizes.json")).expect("embedded sizes parse")
});

/// Every known region, in the order of the facts.
pub fn regions() -> &'static [Region] {
    &REGIONS.regions
}

/// When the region facts were read, such as `2026-10`.
pub fn regions_as_of() -> &'static str {
    &REGIONS.as_of
}

/// Every known size, smallest first.
pub fn sizes() -> &'static [DropletSize] {
    &SIZES.sizes
}

/// When the size facts were read.
pub fn sizes_as_of() -> &'static str {
    &SIZES.as_of
}

/// The region with this slug.
pub fn region(slug: &str) -> Option<&'static Region> {
    regions().iter().find(|region| region.slug == slug)
}

/// The size with this slug.
pub fn size(slug: &str) -> Option<&'static DropletSize> {
    sizes().iter().find(|size| size.slug == slug)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn embedded_facts_parse() {
        assert!(region("sfo3").is_some_and(|region| region.status == RegionStatus::Open));
        assert!(size("s-2vcpu-2gb").is_some_and(|size| size.memory_mib == 2048));
    }
}
