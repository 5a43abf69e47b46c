//! What can be ordered: sizes, regions, images; and who orders.

use serde_json::{Value, json};

use super::super::cloud::Cloud;
use super::super::http::{Answer, Call, Reply};
use super::{list, not_found};
use crate::catalog::{DropletSize, Region, RegionStatus, regions, sizes};

/// How many droplets the account may have.
pub(super) const DROPLET_LIMIT: usize = 10;
/// How many reserved addresses the account may have.
pub(super) const RESERVED_IP_LIMIT: usize = 3;
/// How many volumes the account may have.
pub(super) const VOLUME_LIMIT: usize = 100;

/// Stock images that droplets can be made from, with the number of each.
const IMAGES: &[(u64, &str)] = &[
    (100_000_001, "almalinux-8-x64"),
    (100_000_002, "almalinux-9-x64"),
    (100_000_003, "almalinux-10-x64"),
    (100_000_004, "centos-stream-9-x64"),
    (100_000_005, "centos-stream-10-x64"),
    (100_000_006, "debian-11-x64"),
    (100_000_007, "debian-12-x64"),
    (100_000_008, "debian-13-x64"),
    (100_000_009, "fedora-41-x64"),
    (100_000_010, "fedora-42-x64"),
    (100_000_011, "rockylinux-8-x64"),
    (100_000_012, "rockylinux-9-x64"),
    (100_000_013, "rockylinux-10-x64"),
    (100_000_014, "ubuntu-20-04-x64"),
    (100_000_015, "ubuntu-22-04-x64"),
    (100_000_016, "ubuntu-24-04-x64"),
    (100_000_017, "ubuntu-25-04-x64"),
    (100_000_018, "ubuntu-25-10-x64"),
    (100_000_019, "ubuntu-26-04-x64"),
];

pub(super) fn route(
    cloud: &mut Cloud,
    call: &Call,
    method: &str,
    family: &str,
    path: &[&str],
) -> Answer {
    if method != "GET" {
        return Err(not_found());
    }
    match (family, path) {
        ("account", []) => Ok(Reply::new(200, json!({ "account": account() }))),
        ("sizes", []) => {
            let sizes = sizes().iter().map(|size| size_object(cloud, size));
            Ok(list(call, "sizes", sizes.collect()))
        }
        ("regions", []) => {
            let regions = regions().iter().map(|region| region_object(cloud, region));
            Ok(list(call, "regions", regions.collect()))
        }
        ("images", []) => {
            let images = IMAGES.iter().map(|(_, slug)| image_object(slug));
            Ok(list(call, "images", images.collect()))
        }
        ("images", [name]) => match image(cloud, name) {
            Some(image) => Ok(Reply::new(200, json!({ "image": image_object(&image) }))),
            None => Err(not_found()),
        },
        ("vpcs", []) => Ok(list(
            call,
            "vpcs",
            regions().iter().map(vpc_object).collect(),
        )),
        ("vpcs", [id]) => {
            let mut regions = regions().iter();
            let region = regions.find(|region| vpc(&region.slug) == *id);
            let region = region.ok_or_else(not_found)?;
            Ok(Reply::new(200, json!({ "vpc": vpc_object(region) })))
        }
        _ => Err(not_found()),
    }
}

fn account() -> Value {
    json!({
        "droplet_limit": DROPLET_LIMIT,
        "floating_ip_limit": RESERVED_IP_LIMIT,
        "reserved_ip_limit": RESERVED_IP_LIMIT,
        "volume_limit": VOLUME_LIMIT,
        "email": "rehearsal@example.com",
        "name": "Rehearsal",
        "uuid": "5ea9ce00-0000-4000-8000-000000000000",
        "email_verified": true,
        "status": "active",
        "status_message": "",
    })
}

/// Whether new droplets of this size can be made there. The facts know of closed regions alone;
/// a size that is sold out in one is seeded.
pub(super) fn is_sold(cloud: &Cloud, size: &str, region: &Region) -> bool {
    let pair = (size.to_owned(), region.slug.clone());
    region.status != RegionStatus::Closed && !cloud.sold_out.contains(&pair)
}

/// The size as a droplet and the list of sizes show it.
pub(super) fn size_object(cloud: &Cloud, size: &DropletSize) -> Value {
    let regions = regions().iter();
    let sold: Vec<&str> = regions
        .filter(|region| is_sold(cloud, &size.slug, region))
        .map(|region| region.slug.as_str())
        .collect();
    json!({
        "slug": size.slug,
        "memory": size.memory_mib,
        "vcpus": size.vcpus,
        "disk": size.disk_gib,
        "transfer": f64::from(size.transfer_gib().unwrap_or(1000)) / 1000.0,
        "price_monthly": size.price_monthly_usd,
        "price_hourly": size.price_hourly_usd,
        "regions": sold,
        "available": true,
        "description": "Basic",
        "disk_info": [{ "type": "local", "size": { "amount": size.disk_gib, "unit": "gib" } }],
    })
}

/// The region as a resource in it and the list of regions show it.
pub(super) fn region_object(cloud: &Cloud, region: &Region) -> Value {
    let sizes = sizes().iter();
    let sold: Vec<&str> = sizes
        .map(|size| size.slug.as_str())
        .filter(|size| is_sold(cloud, size, region))
        .collect();
    json!({
        "slug": region.slug,
        "name": region.place,
        "sizes": sold,
        "available": region.status != RegionStatus::Closed,
        "features": ["backups", "ipv6", "metadata", "install_agent", "storage", "image_transfer"],
    })
}

/// The region of a slug as JSON; null for one that is no region.
pub(super) fn region_of(cloud: &Cloud, slug: &str) -> Value {
    crate::catalog::region(slug).map_or(Value::Null, |region| region_object(cloud, region))
}

/// How the image with this slug or number is called, if it can be ordered.
pub(super) fn image(cloud: &Cloud, text: &str) -> Option<String> {
    if let Ok(number) = text.parse::<u64>() {
        if cloud.images.contains(&number) {
            return Some(number.to_string());
        }
        let mut stock = IMAGES.iter();
        let found = stock.find(|(known, _)| *known == number);
        return found.map(|(_, slug)| (*slug).to_owned());
    }
    let mut stock = IMAGES.iter();
    stock
        .any(|(_, slug)| *slug == text)
        .then(|| text.to_owned())
}

/// An image that can be ordered, as JSON.
pub(super) fn image_object(name: &str) -> Value {
    let mut stock = IMAGES.iter();
    let public = stock.find(|(_, slug)| *slug == name);
    let number = public.map_or_else(|| name.parse().unwrap_or_default(), |(number, _)| *number);
    let distribution = name.split('-').next().unwrap_or_default();
    let regions: Vec<&str> = regions()
        .iter()
        .map(|region| region.slug.as_str())
        .collect();
    json!({
        "id": number,
        "name": name,
        "type": if public.is_some() { "base" } else { "snapshot" },
        "distribution": distribution,
        "slug": public.map(|(_, slug)| slug),
        "public": public.is_some(),
        "regions": regions,
        "min_disk_size": 10,
        "size_gigabytes": 2.5,
        "created_at": "2025-12-01T00:00:00Z",
        "status": "available",
        "tags": [],
    })
}

/// The private network that a droplet of this region is in unless another is asked for.
pub(super) fn vpc(region: &str) -> String {
    let place = regions().iter().position(|known| known.slug == region);
    format!("5ea9ce00-0000-4000-9000-{:012x}", place.unwrap_or_default())
}

fn vpc_object(region: &Region) -> Value {
    let id = vpc(&region.slug);
    json!({
        "id": id,
        "urn": format!("do:vpc:{id}"),
        "name": format!("default-{}", region.slug),
        "description": "",
        "ip_range": "10.120.0.0/16",
        "region": region.slug,
        "created_at": "2025-12-01T00:00:00Z",
        "default": true,
    })
}
