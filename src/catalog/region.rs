//! Regions of `DigitalOcean`.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::deployment::{Refusal, nearest, only_nearest, shown};

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

impl Region {
    /// What a person should know before choosing this region; `None` for an open one.
    pub fn remark(&self) -> Option<String> {
        let remark = match self.status {
            RegionStatus::Open => return None,
            RegionStatus::Restricted => {
                "takes new droplets of accounts that already have some there"
            }
            RegionStatus::Closed => "takes no new droplets",
            RegionStatus::Unconfirmed => "is named by no reliable list of regions",
        };
        Some(format!(
            "the region `{}` ({}) {remark}, as of {}",
            self.slug,
            self.place,
            regions_as_of()
        ))
    }
}

#[derive(Deserialize)]
struct Facts {
    as_of: String,
    regions: Vec<Region>,
}

#[expect(clippy::expect_used, reason = "the embedded file is checked by a test")]
static FACTS: LazyLock<Facts> = LazyLock::new(|| {
    serde_json::from_str(include_str!("data/regions.json")).expect("embedded regions parse")
});

/// Every known region, in the order of the facts.
pub fn regions() -> &'static [Region] {
    &FACTS.regions
}

/// When the region facts were read, such as `2026-10`.
pub fn regions_as_of() -> &'static str {
    &FACTS.as_of
}

/// The region with this slug.
pub fn region(slug: &str) -> Option<&'static Region> {
    regions().iter().find(|region| region.slug == slug)
}

/// The region with this slug, unless it is unknown or closed.
///
/// Restricted and unconfirmed regions are accepted; [`Region::remark`] says what is doubtful.
pub fn find_region(slug: &str) -> Result<&'static Region, Refusal> {
    let Some(known) = region(slug) else {
        return Err(refuse_unknown(slug));
    };
    match known.remark() {
        Some(remark) if known.status == RegionStatus::Closed => Err(refuse_closed(known, remark)),
        _ => Ok(known),
    }
}

/// Every slug that droplets can be made in without reserve.
fn open_slugs() -> impl Iterator<Item = &'static str> {
    regions()
        .iter()
        .filter(|region| region.status == RegionStatus::Open)
        .map(|region| region.slug.as_str())
}

fn refuse_unknown(slug: &str) -> Refusal {
    let slugs: Vec<&str> = open_slugs().collect();
    let refusal = Refusal::new(
        format!(
            "{} is no region of DigitalOcean, as of {}",
            shown(slug),
            regions_as_of()
        ),
        format!("choose one of {}", slugs.join(", ")),
    );
    let by_slug = nearest(slug, open_slugs());
    let by_place = || {
        let place = slug.trim().to_lowercase();
        regions()
            .iter()
            .filter(|region| region.status == RegionStatus::Open)
            .rfind(|region| region.place.to_lowercase() == place)
            .map(|region| region.slug.as_str())
    };
    let Some(meant) = by_slug.or_else(by_place) else {
        return refusal;
    };
    let refusal = Refusal {
        help: format!("write `{meant}`, or another of {}", others(&slugs, meant)),
        ..refusal
    };
    // A server in another place than meant is a mistake that nothing else would show.
    let is_guess = by_slug.is_some() && only_nearest(slug, open_slugs()).is_none();
    if is_guess {
        refusal
    } else {
        refusal.suggesting(meant)
    }
}

/// The slugs other than the one that was probably meant.
fn others(slugs: &[&str], meant: &str) -> String {
    let others = slugs.iter().copied().filter(|slug| *slug != meant);
    others.collect::<Vec<_>>().join(", ")
}

fn refuse_closed(closed: &Region, remark: String) -> Refusal {
    let open = regions()
        .iter()
        .rfind(|region| region.status == RegionStatus::Open && region.place == closed.place);
    match open {
        Some(open) => Refusal::new(
            remark,
            format!("write `{}`, the open region of the same city", open.slug),
        )
        .suggesting(&open.slug),
        None => Refusal::new(remark, "choose an open region"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_regions_are_found_without_remark() {
        let region = find_region("sfo3").unwrap();
        assert_eq!(region.status, RegionStatus::Open);
        assert_eq!(region.remark(), None);
    }

    #[test]
    fn doubtful_regions_are_found_with_a_remark() {
        assert_eq!(
            find_region("ric1").unwrap().remark().unwrap(),
            "the region `ric1` (Richmond) is named by no reliable list of regions, as of 2026-10"
        );
        assert!(find_region("nyc2").unwrap().remark().is_some());
    }

    #[test]
    fn closed_regions_name_the_open_one_of_their_city() {
        let refusal = find_region("sfo1").unwrap_err();
        assert_eq!(
            refusal.message,
            "the region `sfo1` (San Francisco) takes no new droplets, as of 2026-10"
        );
        assert_eq!(refusal.suggestion.as_deref(), Some("sfo3"));
        let refusal = find_region("ams2").unwrap_err();
        assert_eq!(refusal.suggestion.as_deref(), Some("ams3"));
    }

    #[test]
    fn unknown_regions_get_the_nearest_one() {
        let refusal = find_region("fra2").unwrap_err();
        assert_eq!(
            refusal.message,
            "`fra2` is no region of DigitalOcean, as of 2026-10"
        );
        assert_eq!(refusal.suggestion.as_deref(), Some("fra1"));
        assert_eq!(
            find_region("FRA1").unwrap_err().suggestion.as_deref(),
            Some("fra1")
        );
        assert_eq!(
            find_region("Frankfurt").unwrap_err().suggestion.as_deref(),
            Some("fra1")
        );
        assert_eq!(find_region("us-east-1").unwrap_err().suggestion, None);
        assert_eq!(find_region("").unwrap_err().suggestion, None);
    }

    #[test]
    fn every_closed_region_has_an_open_neighbour() {
        for region in regions()
            .iter()
            .filter(|region| region.status == RegionStatus::Closed)
        {
            let meant = find_region(&region.slug).unwrap_err().suggestion.unwrap();
            assert!(find_region(&meant).is_ok(), "{meant}");
        }
    }
}
