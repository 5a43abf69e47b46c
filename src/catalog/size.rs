//! Droplet sizes and their prices.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::deployment::{Refusal, nearest, shown};

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
    transfer_gib: Option<u32>,
}

impl DropletSize {
    /// Outgoing transfer included in a month, in GiB; `None` where it is not known.
    pub fn transfer_gib(&self) -> Option<u32> {
        self.transfer_gib
    }

    /// What a droplet of this size costs a month, in cents precisely, weekly backups included.
    pub fn monthly_usd(&self, backups: bool) -> f64 {
        let share = if backups {
            f64::from(super::backup_price().weekly_percent) / 100.0
        } else {
            0.0
        };
        (self.price_monthly_usd * (1.0 + share) * 100.0).round() / 100.0
    }

    /// What a person should know before relying on the price; `None` when it is certain.
    pub fn remark(&self) -> Option<String> {
        (!self.certain).then(|| {
            format!(
                "the price of `{}` was read from a less certain list, as of {}",
                self.slug,
                sizes_as_of()
            )
        })
    }
}

#[derive(Deserialize)]
struct Facts {
    as_of: String,
    sizes: Vec<DropletSize>,
}

#[expect(clippy::expect_used, reason = "the embedded file is checked by a test")]
static FACTS: LazyLock<Facts> = LazyLock::new(|| {
    serde_json::from_str(include_str!("data/droplet-sizes.json")).expect("embedded sizes parse")
});

/// Every known size, smallest first.
pub fn sizes() -> &'static [DropletSize] {
    &FACTS.sizes
}

/// When the size facts were read.
pub fn sizes_as_of() -> &'static str {
    &FACTS.as_of
}

/// The size with this slug.
pub fn size(slug: &str) -> Option<&'static DropletSize> {
    sizes().iter().find(|size| size.slug == slug)
}

/// Families that exist but whose prices and memory are not embedded.
const DEDICATED: &[&str] = &[
    "c-", "c2-", "c5-", "g-", "gd-", "g5-", "m-", "m3-", "m6-", "so-", "so1_5-", "gpu-",
];

/// The size with this slug, unless no embedded fact tells what it is.
///
/// Sizes of uncertain price are accepted; [`DropletSize::remark`] says so.
pub fn find_size(slug: &str) -> Result<&'static DropletSize, Refusal> {
    size(slug).ok_or_else(|| refuse_unknown(slug))
}

fn refuse_unknown(slug: &str) -> Refusal {
    let name = shown(slug);
    if DEDICATED.iter().any(|family| slug.starts_with(family)) {
        return Refusal::new(
            format!(
                "{name} is of a dedicated family, whose memory and price are not among the embedded facts of {}",
                sizes_as_of()
            ),
            "choose a shared size, such as `s-2vcpu-4gb`: `seance` checks memory and price before it spends money",
        );
    }
    let refusal = Refusal::new(
        format!("{name} is no droplet size, as of {}", sizes_as_of()),
        "write a slug such as `s-2vcpu-4gb`; `doctl compute size list` lists them",
    );
    match meant(slug) {
        Some(meant) => Refusal {
            help: format!("write `{meant}`"),
            ..refusal
        }
        .suggesting(meant),
        None => refusal,
    }
}

/// The known size that a misspelt slug means.
///
/// Numbers are not spelling: `s-3vcpu-4gb` is nearest to several sizes of different prices, so a
/// size is only suggested when it has the same numbers in the same order.
fn meant(slug: &str) -> Option<&'static str> {
    let numbers = numbers(slug);
    nearest(
        slug,
        sizes()
            .iter()
            .map(|size| size.slug.as_str())
            .filter(|known| self::numbers(known) == numbers),
    )
}

fn numbers(slug: &str) -> Vec<&str> {
    slug.split(|character: char| !character.is_ascii_digit())
        .filter(|number| !number.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_sizes_are_found() {
        let size = find_size("s-2vcpu-2gb").unwrap();
        assert_eq!((size.vcpus, size.memory_mib, size.disk_gib), (2, 2048, 60));
        assert_eq!(size.transfer_gib(), Some(3000));
        assert_eq!(size.remark(), None);
        assert_eq!(find_size("s-2vcpu-2gb-amd").unwrap().transfer_gib(), None);
    }

    #[test]
    fn uncertain_prices_have_a_remark() {
        let remark = find_size("s-4vcpu-8gb").unwrap().remark().unwrap();
        assert!(remark.starts_with("the price of `s-4vcpu-8gb` was read from a less certain list"));
    }

    #[test]
    fn dedicated_families_are_real_but_unknown() {
        let refusal = find_size("c-2").unwrap_err();
        assert!(
            refusal
                .message
                .starts_with("`c-2` is of a dedicated family"),
            "{refusal:?}"
        );
        assert!(refusal.message.contains("2025-07"), "{refusal:?}");
        assert_eq!(refusal.suggestion, None);
    }

    #[test]
    fn unknown_sizes_get_the_nearest_of_the_same_numbers() {
        let suggestion = |slug| find_size(slug).unwrap_err().suggestion;
        assert_eq!(suggestion("s-2vcpu-2g").as_deref(), Some("s-2vcpu-2gb"));
        assert_eq!(suggestion("S-2VCPU-4GB").as_deref(), Some("s-2vcpu-4gb"));
        assert_eq!(suggestion("2vcpu-4gb").as_deref(), Some("s-2vcpu-4gb"));
        assert_eq!(suggestion("s-3vcpu-4gb"), None);
        assert_eq!(suggestion(""), None);
    }

    #[test]
    fn facts_are_consistent() {
        for size in sizes() {
            // The monthly price is capped at 672 hours.
            let monthly = size.price_hourly_usd * 672.0;
            assert!(
                (monthly - size.price_monthly_usd).abs() < 0.05,
                "{}",
                size.slug
            );
            assert_eq!(
                sizes()
                    .iter()
                    .filter(|other| other.slug == size.slug)
                    .count(),
                1,
                "{}",
                size.slug
            );
        }
    }
}
