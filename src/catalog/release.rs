//! Releases of NixOS.

use crate::deployment::NixosRelease;

/// The year and the month that the facts about releases are of.
const AS_OF: (u16, u8) = (2026, 10);

/// The newest stable release, as of [`releases_as_of`].
pub const NEWEST_RELEASE: &str = "26.05";

/// The month that the facts about releases are of, such as `2026-10`.
pub fn releases_as_of() -> String {
    format!("{}-{:02}", AS_OF.0, AS_OF.1)
}

/// The last month that a release gets security fixes in: it is supported for seven months.
pub fn supported_until(release: &NixosRelease) -> (u16, u8) {
    match release.year_month() {
        (year, 5) => (year, 12),
        (year, _) => (year + 1, 6),
    }
}

/// Whether a release got no more fixes when the facts were gathered. No clock has a say, so that
/// the same files give the same answer on every day.
pub fn is_past_its_end(release: &NixosRelease) -> bool {
    supported_until(release) < AS_OF
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_ends_with_the_seventh_month() {
        let release = |text: &str| NixosRelease::try_from(text).expect("a release");
        assert_eq!(supported_until(&release("25.11")), (2026, 6));
        assert!(is_past_its_end(&release("25.11")));
        assert!(!is_past_its_end(&release(NEWEST_RELEASE)));
        assert!(!is_past_its_end(&release("26.11")));
        assert_eq!(releases_as_of(), "2026-10");
    }
}
