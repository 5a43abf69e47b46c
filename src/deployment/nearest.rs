//! Guessing what a misspelt word was meant to be.

/// The known word that is nearest to a misspelt one, when one is near enough to be meant.
///
/// Near enough is one edit for every three characters, at least one; swapped neighbours are one
/// edit and case does not count. Of equally near words the first wins.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let limit = (word.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|candidate| (distance(&word, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// As [`nearest`], when no other known word is as near: what an edit may take without asking.
pub fn only_nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let known: Vec<&str> = known.into_iter().collect();
    let found = nearest(word, known.iter().copied())?;
    let others = known.iter().copied().filter(|other| *other != found);
    let second = nearest(word, others);
    let word = word.to_lowercase();
    let far = |other: &str| distance(&word, &other.to_lowercase());
    second
        .is_none_or(|second| far(second) > far(found))
        .then_some(found)
}

/// Edits between two words; words whose lengths alone are hopeless are not compared.
fn distance(word: &str, candidate: &str) -> usize {
    if word.len().abs_diff(candidate.len()) > 64 || word.len() > 256 {
        return usize::MAX;
    }
    strsim::osa_distance(word, candidate)
}

#[cfg(test)]
mod tests {
    use super::{nearest, only_nearest};

    #[test]
    fn finds_what_was_meant() {
        let known = ["region", "size", "ssh_keys", "state_version"];
        assert_eq!(nearest("regoin", known), Some("region"));
        assert_eq!(nearest("SIZE", known), Some("size"));
        assert_eq!(nearest("sshkeys", known), Some("ssh_keys"));
        assert_eq!(nearest("state-versoin", known), Some("state_version"));
    }

    #[test]
    fn stays_silent_when_nothing_is_near() {
        assert_eq!(nearest("proxied", ["region", "size"]), None);
        assert_eq!(nearest("", ["region"]), None);
        assert_eq!(nearest("anything", []), None);
        assert_eq!(nearest(&"x".repeat(100_000), ["region"]), None);
    }

    #[test]
    fn the_first_of_equally_near_words_wins() {
        assert_eq!(nearest("nyc4", ["nyc1", "nyc3"]), Some("nyc1"));
        assert_eq!(only_nearest("nyc4", ["nyc1", "nyc3"]), None);
        assert_eq!(only_nearest("nyc", ["nyc1", "fra1"]), Some("nyc1"));
    }
}
