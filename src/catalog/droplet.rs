//! What changing or backing up a droplet costs.

use std::sync::LazyLock;

use serde::Deserialize;

/// An attribute of `digitalocean_droplet` whose change destroys the droplet and its disk.
#[derive(Debug, PartialEq, Eq, Deserialize)]
pub struct ReplacingAttribute {
    /// Name in the provider's schema.
    pub name: String,
    /// The only direction of change that replaces, such as "from true to false"; any when absent.
    pub only: Option<String>,
}

/// What backups of the whole disk add to the price of a droplet.
#[derive(Debug, PartialEq, Eq, Deserialize)]
pub struct BackupPrice {
    /// Weekly backups, in percent of the plan's price.
    pub weekly_percent: u32,
    /// Daily backups, in percent of the plan's price.
    pub daily_percent: u32,
    /// Whether the provider's price list confirms it.
    pub certain: bool,
}

#[derive(Deserialize)]
struct Facts {
    provider_version: String,
    replacing: Vec<ReplacingAttribute>,
}

#[expect(clippy::expect_used, reason = "the embedded file is checked by a test")]
static FACTS: LazyLock<Facts> = LazyLock::new(|| {
    serde_json::from_str(include_str!("data/droplet-attributes.json"))
        .expect("embedded droplet attributes parse")
});

#[expect(clippy::expect_used, reason = "the embedded file is checked by a test")]
static BACKUPS: LazyLock<BackupPrice> = LazyLock::new(|| {
    serde_json::from_str(include_str!("data/backups.json")).expect("embedded backup prices parse")
});

/// Every droplet attribute whose change destroys the droplet, in the provider version of
/// [`provider_version`].
pub fn replacing_attributes() -> &'static [ReplacingAttribute] {
    &FACTS.replacing
}

/// The version of the `DigitalOcean` provider that the droplet facts were read from.
pub fn provider_version() -> &'static str {
    &FACTS.provider_version
}

/// What backups add to the price of a droplet.
pub fn backup_price() -> &'static BackupPrice {
    &BACKUPS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn embedded_facts_parse() {
        assert_eq!(provider_version(), "2.99.1");
        assert_eq!(backup_price().weekly_percent, 20);
        assert!(!backup_price().certain);
    }

    #[test]
    fn size_and_name_change_in_place() {
        let names: Vec<&str> = replacing_attributes()
            .iter()
            .map(|attribute| attribute.name.as_str())
            .collect();
        assert!(names.contains(&"image") && names.contains(&"user_data"));
        assert!(!names.contains(&"size") && !names.contains(&"name"));
        let ipv6 = replacing_attributes()
            .iter()
            .find(|attribute| attribute.name == "ipv6")
            .unwrap();
        assert_eq!(ipv6.only.as_deref(), Some("from true to false"));
    }
}
