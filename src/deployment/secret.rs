//! Recognising secrets, so that none is stored in a manifest or repeated in a message.

/// The shape of a credential that announces itself by a prefix.
struct Shape {
    prefix: &'static str,
    /// What may follow the prefix.
    alphabet: fn(char) -> bool,
    /// How much of it must follow, so that a mere mention of the prefix is no secret.
    least: usize,
    kind: &'static str,
}

const fn shape(
    prefix: &'static str,
    alphabet: fn(char) -> bool,
    least: usize,
    kind: &'static str,
) -> Shape {
    Shape {
        prefix,
        alphabet,
        least,
        kind,
    }
}

/// No credential that announces itself is shorter: `xoxa-` and ten characters.
const SHORTEST: usize = 15;

const SHAPES: &[Shape] = &[
    shape("dop_v1_", is_hex, 32, "DigitalOcean access token"),
    shape("doo_v1_", is_hex, 32, "DigitalOcean OAuth token"),
    shape("dor_v1_", is_hex, 32, "DigitalOcean refresh token"),
    shape("github_pat_", is_word, 22, "GitHub token"),
    shape("ghp_", is_word, 30, "GitHub token"),
    shape("gho_", is_word, 30, "GitHub token"),
    shape("ghu_", is_word, 30, "GitHub token"),
    shape("ghs_", is_word, 30, "GitHub token"),
    shape("ghr_", is_word, 30, "GitHub token"),
    shape("glpat-", is_word, 20, "GitLab token"),
    shape("xoxa-", is_word, 10, "Slack token"),
    shape("xoxb-", is_word, 10, "Slack token"),
    shape("xoxe-", is_word, 10, "Slack token"),
    shape("xoxp-", is_word, 10, "Slack token"),
    shape("xoxr-", is_word, 10, "Slack token"),
    shape("xoxs-", is_word, 10, "Slack token"),
    shape("xapp-", is_word, 10, "Slack token"),
    shape("sk_live_", is_word, 16, "Stripe secret key"),
    shape("rk_live_", is_word, 16, "Stripe restricted key"),
    shape("npm_", is_word, 36, "npm token"),
    shape("AGE-SECRET-KEY-1", is_word, 20, "age secret key"),
];

fn is_hex(character: char) -> bool {
    character.is_ascii_hexdigit()
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '-')
}

/// What stands right before a credential inside a longer text. Base64 and names run on.
fn is_boundary(before: Option<char>) -> bool {
    before.is_none_or(|character| !is_word(character) && !matches!(character, '+' | '/'))
}

/// The kind of secret that a text holds, when it surely holds one.
///
/// Only shapes that nothing else has are recognised: public keys, image digests, zone ids and
/// references to variables, such as `postgres://app:$PASSWORD@db/app`, are left alone.
pub fn looks_like_secret(text: &str) -> Option<&'static str> {
    // Every value of a project is asked about, and most are short.
    if text.len() < SHORTEST {
        return holds_url_password(text).then_some("password in a URL");
    }
    if holds_private_key(text) {
        return Some("private key");
    }
    SHAPES
        .iter()
        .find(|shape| holds_shape(text, shape))
        .map(|shape| shape.kind)
        .or_else(|| holds_aws_key(text).then_some("AWS access key id"))
        .or_else(|| holds_url_password(text).then_some("password in a URL"))
}

/// Like [`looks_like_secret`], for the value of a variable whose name says what it holds.
pub fn looks_like_secret_named(name: &str, value: &str) -> Option<&'static str> {
    looks_like_secret(value).or_else(|| {
        let name = name.to_ascii_uppercase();
        if !names_a_secret(&name) {
            return None;
        }
        if is_cloudflare(&name) && is_cloudflare_credential(value) {
            return Some("Cloudflare token");
        }
        looks_random(value).then_some("value of a variable that is named like a secret")
    })
}

fn holds_private_key(text: &str) -> bool {
    text.contains("PRIVATE KEY-----")
        || text
            .split_once("-----BEGIN")
            .is_some_and(|(_, rest)| rest.contains("PRIVATE KEY"))
}

fn holds_shape(text: &str, shape: &Shape) -> bool {
    text.match_indices(shape.prefix).any(|(start, prefix)| {
        is_boundary(text[..start].chars().next_back())
            && text[start + prefix.len()..]
                .chars()
                .take_while(|character| (shape.alphabet)(*character))
                .count()
                >= shape.least
    })
}

fn holds_aws_key(text: &str) -> bool {
    text.split(|character: char| !is_word(character) && !matches!(character, '+' | '/'))
        .any(|word| {
            word.len() == 20
                && (word.starts_with("AKIA") || word.starts_with("ASIA"))
                && word
                    .chars()
                    .all(|character| character.is_ascii_uppercase() || character.is_ascii_digit())
        })
}

/// Whether a URL in the text carries a literal password.
fn holds_url_password(text: &str) -> bool {
    text.match_indices("://").any(|(start, separator)| {
        let rest = &text[start + separator.len()..];
        let end = rest
            .find(|character: char| {
                character.is_whitespace() || matches!(character, '/' | '?' | '#' | '"' | '\'')
            })
            .unwrap_or(rest.len());
        rest[..end]
            .rsplit_once('@')
            .and_then(|(user, _)| user.split_once(':'))
            .is_some_and(|(_, password)| !password.is_empty() && !is_placeholder(password))
    })
}

/// Whether a word stands for a value that is filled in elsewhere.
fn is_placeholder(word: &str) -> bool {
    word.starts_with(['$', '<', '{', '%'])
        || word
            .chars()
            .all(|character| matches!(character, '*' | 'x' | 'X' | '.' | '…'))
}

/// Whether an upper-case variable name announces a secret.
fn names_a_secret(name: &str) -> bool {
    const SECRET: &[&str] = &[
        "TOKEN",
        "SECRET",
        "PASSWORD",
        "PASSWD",
        "PASSPHRASE",
        "API_KEY",
        "APIKEY",
        "PRIVATE_KEY",
        "ACCESS_KEY",
        "CREDENTIAL",
        "ENCRYPTION_KEY",
        "SIGNING_KEY",
    ];
    const HARMLESS_ENDS: &[&str] = &[
        "_FILE",
        "_PATH",
        "_DIR",
        "_URL",
        "_NAME",
        "_ID",
        "_TTL",
        "_ISSUER",
        "_ALGORITHM",
    ];
    SECRET.iter().any(|word| name.contains(word))
        && !name.contains("PUBLIC")
        && !HARMLESS_ENDS.iter().any(|end| name.ends_with(end))
}

fn is_cloudflare(name: &str) -> bool {
    name.contains("CLOUDFLARE") || name.starts_with("CF_")
}

/// A Cloudflare API token has 40 word characters, the older global key 37 hex digits.
pub(super) fn is_cloudflare_credential(value: &str) -> bool {
    (value.len() == 40 && value.chars().all(is_word))
        || (value.len() == 37 && value.chars().all(is_hex))
}

/// Whether a value is long, unbroken and mixed enough to be generated rather than chosen.
fn looks_random(value: &str) -> bool {
    value.chars().count() >= 16
        && !is_placeholder(value)
        && !value.starts_with(['/', '.', '~'])
        && !value.contains("://")
        && !value.contains(char::is_whitespace)
        && value.chars().any(|character| character.is_ascii_digit())
        && value.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests;
