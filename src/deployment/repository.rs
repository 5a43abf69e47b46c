//! Where the application comes from.

use std::net::Ipv4Addr;

use super::domain::check_label;
use super::newtype::{Refusal, shown, shown_character, stranger, text_newtype};

text_newtype! {
    /// A git URL, `https://` or ssh, without credentials.
    GitUrl
}

const HELP: &str =
    "write `https://host/owner/name.git`, or `git@host:owner/name.git` with a deploy key";

impl GitUrl {
    fn check(text: &str) -> Result<String, Refusal> {
        if text.is_empty() {
            return Err(Refusal::new("the repository is empty", HELP));
        }
        refuse_credentials(text)?;
        refuse_shorthand(text)?;
        match text.split_once("://") {
            Some((scheme, rest)) => check_url(scheme, rest, text)?,
            None => check_scp(text)?,
        }
        Ok(text.to_owned())
    }

    /// Whether git reaches it over ssh, so that the server needs a key.
    pub fn is_ssh(&self) -> bool {
        !self.0.starts_with("https://")
    }

    /// The host that git connects to.
    pub fn host(&self) -> &str {
        let authority = match self.0.split_once("://") {
            Some((_, rest)) => rest.split('/').next().unwrap_or_default(),
            None => &self.0,
        };
        let host = authority
            .split_once('@')
            .map_or(authority, |(_, host)| host);
        host.split(':').next().unwrap_or_default()
    }
}

/// Refuses a user name or password in the URL, without repeating it.
fn refuse_credentials(text: &str) -> Result<(), Refusal> {
    let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let Some((user, _)) = authority.rsplit_once('@') else {
        return Ok(());
    };
    let over_ssh = matches!(scheme, "ssh" | "git+ssh" | "");
    if over_ssh && !user.contains([':', '@']) {
        return Ok(());
    }
    Err(Refusal::new(
        "the repository URL carries a user name, token or password (hidden)",
        "remove everything before the `@` and revoke it if the file was shared; for a private repository use the ssh URL and `deploy_key = true`",
    ))
}

/// Refuses local paths and the short forms of other tools.
fn refuse_shorthand(text: &str) -> Result<(), Refusal> {
    if text.starts_with(['/', '.', '~']) || text.starts_with("file:") {
        return Err(Refusal::new(
            format!(
                "{} is a path on one machine, the server cannot clone it",
                shown(text)
            ),
            HELP,
        ));
    }
    refuse_flake_reference(text)?;
    if text.contains("::") {
        return Err(Refusal::new(
            format!(
                "{} names a transport helper, which can run any command",
                shown(text)
            ),
            HELP,
        ));
    }
    let allowed =
        |character: char| character.is_ascii_alphanumeric() || "._~/+@:-".contains(character);
    match stranger(text, allowed) {
        Some(character) => Err(Refusal::new(
            format!(
                "the repository {} holds {}",
                shown(text),
                shown_character(character)
            ),
            HELP,
        )),
        None => Ok(()),
    }
}

/// Refuses flake references, which git does not read.
fn refuse_flake_reference(text: &str) -> Result<(), Refusal> {
    for (prefix, host) in [("github:", "github.com"), ("gitlab:", "gitlab.com")] {
        if let Some(name) = text.strip_prefix(prefix) {
            return Err(Refusal::new(
                format!("{} is a flake reference, a git URL is needed", shown(text)),
                HELP,
            )
            .suggesting(format!("https://{host}/{name}.git")));
        }
    }
    if let Some(bare) = text.strip_prefix("git+") {
        return Err(Refusal::new(
            format!("{} is a flake reference, a git URL is needed", shown(text)),
            "leave out `git+`",
        )
        .suggesting(bare));
    }
    Ok(())
}

/// The refusal of a scheme without encryption; another port speaks another protocol.
fn refuse_plain(scheme: &str, rest: &str) -> Refusal {
    let refusal = Refusal::new(
        format!(
            "the repository is fetched over `{scheme}://`, where anyone on the way can change the code that the server runs"
        ),
        "use `https://`",
    );
    if rest
        .split('/')
        .next()
        .is_some_and(|place| place.contains(':'))
    {
        return refusal;
    }
    refusal.suggesting(format!("https://{rest}"))
}

fn check_url(scheme: &str, rest: &str, text: &str) -> Result<(), Refusal> {
    match scheme {
        "https" | "ssh" => {}
        "http" | "git" => return Err(refuse_plain(scheme, rest)),
        _ => {
            return Err(Refusal::new(
                format!("{} is no scheme that the server clones from", shown(scheme)),
                HELP,
            ));
        }
    }
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (user, place) = match authority.split_once('@') {
        Some((user, place)) => (Some(user), place),
        None => (None, authority),
    };
    if scheme == "ssh" {
        let Some(user) = user else {
            return Err(Refusal::new(
                format!(
                    "{} has no user, so the user of the service would be tried",
                    shown(text)
                ),
                "write `git@` before the host",
            )
            .suggesting(format!("ssh://git@{rest}")));
        };
        check_user(user)?;
    }
    let (host, port) = match place.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (place, None),
    };
    check_host(host, text)?;
    if port.is_some_and(|port| port.parse::<std::num::NonZeroU16>().is_err()) {
        return Err(Refusal::new(
            format!("the port in {} is no number from 1 to 65535", shown(text)),
            HELP,
        ));
    }
    check_path(path, text)?;
    check_web_page(scheme, host, path, text)
}

/// `git@host:owner/name`, the form that hosts show for cloning.
fn check_scp(text: &str) -> Result<(), Refusal> {
    let Some((place, path)) = text.split_once(':') else {
        let refusal = Refusal::new(format!("{} is no git URL", shown(text)), HELP);
        let has_host = text
            .split('/')
            .next()
            .is_some_and(|first| first.contains('.'));
        return Err(if has_host {
            refusal.suggesting(format!("https://{text}"))
        } else {
            refusal
        });
    };
    let Some((user, host)) = place.split_once('@') else {
        return Err(Refusal::new(
            format!(
                "{} has no user, so the user of the service would be tried",
                shown(text)
            ),
            "write `git@` before the host",
        )
        .suggesting(format!("git@{text}")));
    };
    check_user(user)?;
    check_host(host, text)?;
    let first = path.split('/').next().unwrap_or_default();
    if !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::new(
            format!(
                "{} has a port, which this form of URL cannot express",
                shown(text)
            ),
            "write it as `ssh://user@host:port/path`",
        )
        .suggesting(format!("ssh://{place}:{path}")));
    }
    check_path(path.trim_start_matches('/'), text)
}

fn check_user(user: &str) -> Result<(), Refusal> {
    let valid = user.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && user
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
    if valid {
        return Ok(());
    }
    Err(Refusal::new(
        format!("{} is no user name", shown(user)),
        "write `git` before the `@`",
    ))
}

fn check_host(host: &str, text: &str) -> Result<(), Refusal> {
    if host.parse::<Ipv4Addr>().is_ok() {
        return Ok(());
    }
    let lower = host.to_ascii_lowercase();
    if host != lower {
        return Err(Refusal::new(
            format!("the host in {} has upper-case letters", shown(text)),
            "write it in lower case",
        )
        .suggesting(text.replacen(host, &lower, 1)));
    }
    if lower == "localhost" {
        return Err(Refusal::new(
            format!(
                "{} lies on this machine, the server cannot clone it",
                shown(text)
            ),
            HELP,
        ));
    }
    host.split('.')
        .try_for_each(|label| check_label(label, host))
}

fn check_path(path: &str, text: &str) -> Result<(), Refusal> {
    if path.is_empty() {
        return Err(Refusal::new(
            format!("{} has no path to a repository", shown(text)),
            HELP,
        ));
    }
    if path.ends_with('/') {
        return Err(Refusal::new(
            format!("{} ends in a slash", shown(text)),
            "leave out the final slash",
        )
        .suggesting(text.trim_end_matches('/')));
    }
    let odd = |part: &str| part.is_empty() || matches!(part, "." | "..") || part.starts_with('-');
    if path.split('/').any(odd) || path.contains(['@', ':']) {
        return Err(Refusal::new(
            format!("the path of {} has an odd component", shown(text)),
            HELP,
        ));
    }
    if text.len() > 1024 {
        return Err(Refusal::new("the repository URL is too long", HELP));
    }
    Ok(())
}

/// On the large hosts a repository has two components; more is the address of a page.
fn check_web_page(scheme: &str, host: &str, path: &str, text: &str) -> Result<(), Refusal> {
    let parts: Vec<&str> = path.split('/').collect();
    if scheme != "https" || host != "github.com" || parts.len() == 2 {
        return Ok(());
    }
    let refusal = Refusal::new(
        format!("{} is a page of GitHub, no repository", shown(text)),
        HELP,
    );
    Err(match parts.as_slice() {
        [owner, name, ..] => refusal.suggesting(format!("https://github.com/{owner}/{name}")),
        _ => refusal,
    })
}

#[cfg(test)]
mod tests;
