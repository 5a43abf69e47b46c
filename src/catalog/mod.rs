//! Embedded facts with their dates: regions, sizes, prices, attributes that force replacement.
//!
//! Facts help offline; the provider's API is the authority, so every message that rests on a
//! fact names its date.

mod droplet;
mod region;
mod release;
mod size;

pub use droplet::{
    BackupPrice, ReplacingAttribute, backup_price, provider_version, replacing_attributes,
};
pub use region::{Region, RegionStatus, find_region, region, regions, regions_as_of};
pub use release::{NEWEST_RELEASE, is_past_its_end, releases_as_of, supported_until};
pub use size::{DropletSize, find_size, size, sizes, sizes_as_of};
