//! Names that NixOS and `DigitalOcean` define: releases, time zones, images and projects.

use super::nearest::nearest;
use super::newtype::{Refusal, only, shown, shown_character, text_newtype};

text_newtype! {
    /// A nixpkgs release, `YY.05` or `YY.11`.
    NixosRelease
}
text_newtype! {
    /// An IANA time zone name.
    TimeZone
}
text_newtype! {
    /// The slug of a stock image.
    ImageSlug
}
text_newtype! {
    /// The name of a `DigitalOcean` project, 1 to 175 characters.
    DigitalOceanProject
}

impl NixosRelease {
    fn check(text: &str) -> Result<String, Refusal> {
        const HELP: &str = "write a release such as `26.05`: May is `.05`, November `.11`";
        refuse_branch(text, HELP)?;
        let Some((year, month)) = text.split_once('.') else {
            return Err(Refusal::new(
                format!("{} is no NixOS release", shown(text)),
                HELP,
            ));
        };
        let two_digits =
            |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        if two_digits(year) && month == "5" {
            return Err(
                Refusal::new(format!("{} lacks the zero of its month", shown(text)), HELP)
                    .suggesting(format!("{year}.05")),
            );
        }
        if two_digits(year) && two_digits(month) && year < "21" {
            return Err(Refusal::new(
                format!(
                    "{} is older than 21.05, the first of the present scheme",
                    shown(text)
                ),
                HELP,
            ));
        }
        if !two_digits(year) || !matches!(month, "05" | "11") {
            return Err(Refusal::new(
                format!("{} is no NixOS release", shown(text)),
                HELP,
            ));
        }
        Ok(text.to_owned())
    }

    /// Year and month, such as `(2026, 5)`.
    pub fn year_month(&self) -> (u16, u8) {
        let (year, month) = self.0.split_once('.').unwrap_or_default();
        (
            2000 + year.parse::<u16>().unwrap_or_default(),
            month.parse().unwrap_or_default(),
        )
    }
}

/// Refuses branches of nixpkgs, which are named after releases or move.
fn refuse_branch(text: &str, help: &str) -> Result<(), Refusal> {
    if text.ends_with("unstable") || text == "master" {
        return Err(Refusal::new(
            format!(
                "{} is a moving branch, its option names change without notice",
                shown(text)
            ),
            help,
        ));
    }
    if let Some(bare) = text
        .strip_prefix("nixos-")
        .or_else(|| text.strip_prefix("release-"))
    {
        return Err(Refusal::new(
            format!(
                "{} is a branch of nixpkgs, the release alone is needed",
                shown(text)
            ),
            help,
        )
        .suggesting(bare));
    }
    Ok(())
}

/// First segments of the zone names that the IANA database has, old country ones included.
const AREAS: &[&str] = &[
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
    "Etc",
    "Brazil",
    "Canada",
    "Chile",
    "Mexico",
    "US",
];

impl TimeZone {
    fn check(text: &str) -> Result<String, Refusal> {
        const HELP: &str = "write `UTC` or an IANA name such as `Europe/Berlin`; `timedatectl list-timezones` lists them";
        if text == "UTC" {
            return Ok(text.to_owned());
        }
        if matches!(
            text.to_ascii_uppercase().as_str(),
            "UTC" | "GMT" | "Z" | "ZULU" | "UCT"
        ) {
            return Err(Refusal::new(
                format!("{} is another name of `UTC`", shown(text)),
                "write `UTC`",
            )
            .suggesting("UTC"));
        }
        let allowed = |character: char| {
            character.is_ascii_alphanumeric() || matches!(character, '/' | '_' | '+' | '-')
        };
        only("the time zone", text, allowed, HELP)
            .map_err(|refusal| refusal.suggesting(text.replace(' ', "_")))?;
        let segments: Vec<&str> = text.split('/').collect();
        if !(2..=3).contains(&segments.len())
            || text.len() > 64
            || !segments
                .iter()
                .all(|segment| segment.starts_with(|first: char| first.is_ascii_alphabetic()))
        {
            return Err(Refusal::new(
                format!(
                    "the time zone {} is not of the form `Area/City`",
                    shown(text)
                ),
                HELP,
            ));
        }
        check_area(text, segments[0], HELP)?;
        Ok(text.to_owned())
    }
}

fn check_area(zone: &str, area: &str, help: &str) -> Result<(), Refusal> {
    if AREAS.contains(&area) {
        return check_city(zone, area);
    }
    let refusal = Refusal::new(format!("{} is no area of time zones", shown(area)), help);
    Err(match nearest(area, AREAS.iter().copied()) {
        Some(known) => refusal.suggesting(format!("{known}{}", &zone[area.len()..])),
        None => refusal,
    })
}

/// City names start with a capital; the zone files are found by exact name.
fn check_city(zone: &str, area: &str) -> Result<(), Refusal> {
    let rest = &zone[area.len() + 1..];
    let Some(first) = rest.chars().next().filter(char::is_ascii_lowercase) else {
        return Ok(());
    };
    Err(Refusal::new(
        format!("the time zone {} has a city in lower case", shown(zone)),
        "write the city with a capital: the name is compared letter by letter",
    )
    .suggesting(format!(
        "{area}/{}{}",
        first.to_ascii_uppercase(),
        &rest[1..]
    )))
}

impl ImageSlug {
    fn check(text: &str) -> Result<String, Refusal> {
        const HELP: &str = "write the slug of a stock image, such as `ubuntu-24-04-x64`";
        if text.is_empty() {
            return Err(Refusal::new("the image is empty", HELP));
        }
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Refusal::new(
                format!(
                    "the image {} is the id of a custom image or snapshot, which gets its address by DHCP and no IPv6",
                    shown(text)
                ),
                HELP,
            ));
        }
        if text.starts_with("nixos") {
            return Err(Refusal::new(
                "DigitalOcean has no NixOS image; the installation replaces a stock image by NixOS",
                HELP,
            ));
        }
        let allowed = |character: char| {
            character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-'
        };
        only("the image", text, allowed, HELP).map_err(|refusal| {
            refusal.suggesting(text.to_ascii_lowercase().replace(['.', '_', ' ', ':'], "-"))
        })?;
        if text.split('-').any(str::is_empty) || text.len() > 100 {
            return Err(Refusal::new(
                format!("the image {} is no slug", shown(text)),
                HELP,
            ));
        }
        Ok(text.to_owned())
    }
}

impl DigitalOceanProject {
    fn check(text: &str) -> Result<String, Refusal> {
        const HELP: &str = "write the name that the control panel shows";
        if let Some(character) = text.chars().find(|character| character.is_control()) {
            return Err(Refusal::new(
                format!("the project name holds {}", shown_character(character)),
                HELP,
            ));
        }
        if text.trim() != text {
            return Err(Refusal::new(
                "the project name has white space around it",
                "remove it",
            ));
        }
        let length = text.chars().count();
        if !(1..=175).contains(&length) {
            return Err(Refusal::new(
                format!("the project name has {length} characters, 1 to 175 are allowed"),
                HELP,
            ));
        }
        Ok(text.to_owned())
    }
}

#[cfg(test)]
mod tests;
