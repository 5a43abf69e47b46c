//! What holds for every newtype, whatever is written.

use proptest::prelude::*;

use super::*;

/// Characters that file formats and shells give a meaning.
const LIVE: &str = "{}\"'`\\#$";

/// Texts near what people write: any Unicode, or pieces that the checks look for.
fn text() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a",
        "B",
        "1",
        "-",
        "_",
        ".",
        "..",
        "/",
        "//",
        ":",
        "@",
        "%",
        "%2",
        "#",
        "$",
        "{",
        "}",
        "\"",
        "'",
        "`",
        "\\",
        " ",
        "\n",
        "\r",
        "\u{0}",
        "é",
        "ß",
        "語",
        "\u{200b}",
        "xn--",
        "localhost",
        "http://",
        "https://",
        "ssh://",
        "git@",
        "seance.dev",
        "/dev/",
        "vda",
        "nvme0n1p",
        "/opt/",
        "2G",
        "0.5",
        "MD5:",
        "ssh-ed25519 ",
        "AAAA",
        "sha256:",
        "26.05",
        "nixos-",
        "UTC",
        "Europe/",
        "pkgs.",
        "refs/heads/",
        "203.0.113.7",
        "/24",
        "::",
        "mailto:",
        "<",
        ">",
        "=",
        "-part",
        "*.",
        "PRIVATE KEY",
        "disk/by-id/",
        "github:",
        "+",
    ]);
    prop_oneof![
        any::<String>(),
        prop::collection::vec(piece, 0..7).prop_map(|pieces| pieces.concat()),
    ]
}

fn holds<T>(text: &str) -> Result<(), TestCaseError>
where
    T: for<'a> TryFrom<&'a str, Error = Refusal> + std::fmt::Display,
{
    match T::try_from(text) {
        Ok(value) => {
            let again = T::try_from(&value.to_string());
            prop_assert_eq!(again.map(|again| again.to_string()), Ok(value.to_string()));
        }
        Err(refusal) => {
            let first = refusal.message.chars().next();
            prop_assert!(first.is_some_and(|first| !first.is_whitespace()));
            prop_assert!(!refusal.message.ends_with('.') && !refusal.help.ends_with('.'));
            prop_assert!(!refusal.message.contains(char::is_control), "{:?}", refusal);
            prop_assert!(!refusal.help.contains(char::is_control), "{:?}", refusal);
            if let Some(suggestion) = refusal.suggestion {
                let accepted = T::try_from(suggestion.as_str()).map(|value| value.to_string());
                prop_assert_eq!(accepted, Ok(suggestion));
            }
        }
    }
    Ok(())
}

fn is_closed<T>(text: &str) -> Result<(), TestCaseError>
where
    T: for<'a> TryFrom<&'a str, Error = Refusal> + std::fmt::Display,
{
    let live = |character: char| {
        LIVE.contains(character) || character.is_whitespace() || character.is_control()
    };
    let accepted = T::try_from(text).map(|value| value.to_string());
    prop_assert!(!accepted.is_ok_and(|value| value.contains(live)));
    Ok(())
}

fn hides<T>(secret: &str, digits: &str) -> Result<(), TestCaseError>
where
    T: for<'a> TryFrom<&'a str, Error = Refusal>,
{
    if let Err(refusal) = T::try_from(secret) {
        prop_assert!(!format!("{refusal:?}").contains(digits), "{refusal:?}");
    }
    Ok(())
}

/// Runs one check for every text newtype of the model.
macro_rules! for_every_newtype {
    ($check:ident, $($argument:expr),+) => {
        $check::<SshPublicKey>($($argument),+)?;
        $check::<SshFingerprint>($($argument),+)?;
        $check::<DomainName>($($argument),+)?;
        $check::<SiteAddress>($($argument),+)?;
        $check::<UrlPath>($($argument),+)?;
        $check::<Email>($($argument),+)?;
        $check::<ZoneId>($($argument),+)?;
        $check::<Cidr>($($argument),+)?;
        $check::<ProjectName>($($argument),+)?;
        $check::<ServerName>($($argument),+)?;
        $check::<ServiceName>($($argument),+)?;
        $check::<ProfileName>($($argument),+)?;
        $check::<PortName>($($argument),+)?;
        $check::<DomainKey>($($argument),+)?;
        $check::<EnvironmentName>($($argument),+)?;
        $check::<PackageName>($($argument),+)?;
        $check::<BranchName>($($argument),+)?;
        $check::<NixosRelease>($($argument),+)?;
        $check::<TimeZone>($($argument),+)?;
        $check::<ImageSlug>($($argument),+)?;
        $check::<DigitalOceanProject>($($argument),+)?;
        $check::<AbsolutePath>($($argument),+)?;
        $check::<RelativePath>($($argument),+)?;
        $check::<DevicePath>($($argument),+)?;
        $check::<ShellCommand>($($argument),+)?;
        $check::<ContainerImage>($($argument),+)?;
        $check::<GitUrl>($($argument),+)?;
        $check::<DiskSize>($($argument),+)?;
    };
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn every_text_is_accepted_for_good_or_refused_with_a_way_out(text in text()) {
        for_every_newtype!(holds, &text);
    }

    #[test]
    fn what_reaches_the_caddyfile_holds_no_live_character(text in text(), live in any::<char>()) {
        for candidate in [text.clone(), format!("a{live}.dev"), format!("/{live}"), format!("o{live}@a.dev")] {
            is_closed::<DomainName>(&candidate)?;
            is_closed::<SiteAddress>(&candidate)?;
            is_closed::<UrlPath>(&candidate)?;
            is_closed::<Email>(&candidate)?;
            is_closed::<ServiceName>(&candidate)?;
        }
    }

    #[test]
    fn looking_for_secrets_and_regions_never_panics(text in text(), name in text()) {
        let _ = looks_like_secret(&text);
        let _ = looks_like_secret_named(&name, &text);
        let _ = crate::catalog::find_size(&text);
        let _ = crate::catalog::find_region(&text);
    }

    #[test]
    fn a_token_is_never_repeated(prefix in text(), digits in "[0-9a-f]{64}") {
        for secret in [
            format!("{prefix} dop_v1_{digits}"),
            format!("dop_v1_{digits}{prefix}"),
            format!("https://ada:{digits}@{prefix}"),
        ] {
            for_every_newtype!(hides, &secret, &digits);
        }
    }
}
