//! Where an input comes from.

use crate::deployment::NixosRelease;

/// A flake reference, taken apart as far as rules ask.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reference {
    /// `github`, `gitlab`, `git`, `tarball`, `path`, `indirect` and their like.
    pub kind: String,
    /// The owner on a forge.
    pub owner: Option<String>,
    /// The repository on a forge, or the name in the registry.
    pub repo: Option<String>,
    /// A branch or tag, or a revision where a URL does not tell which.
    pub reference: Option<String>,
    /// A revision.
    pub rev: Option<String>,
    /// The URL, for kinds that have one.
    pub url: Option<String>,
}

impl Reference {
    /// Takes apart a reference as it is written in `flake.nix` or `devenv.yaml`.
    pub fn parse(text: &str) -> Self {
        let (address, query) = text.split_once('?').unwrap_or((text, ""));
        let parameter = |name: &str| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value.to_owned())
        };
        let mut reference = match address.split_once(':') {
            Some((kind @ ("github" | "gitlab" | "sourcehut"), rest)) => forge(kind, rest),
            Some(("flake", rest)) => indirect(rest),
            Some((kind, _)) => url(kind, address),
            None if address.starts_with(['.', '/']) => url("path", address),
            None => indirect(address),
        };
        reference.reference = parameter("ref").or(reference.reference);
        reference.rev = parameter("rev").or(reference.rev);
        reference
    }

    /// Whether it is nixpkgs itself, by its usual names.
    pub fn is_nixpkgs(&self) -> bool {
        let is = |value: &Option<String>, name: &str| {
            value
                .as_deref()
                .is_some_and(|it| it.eq_ignore_ascii_case(name))
        };
        let channel = |url: &String| {
            url.contains("//channels.nixos.org/")
                || url.contains("//nixos.org/channels/")
                || url.contains("//releases.nixos.org/")
                || url.contains("/NixOS/nixpkgs")
        };
        match &*self.kind {
            "github" => is(&self.owner, "nixos") && is(&self.repo, "nixpkgs"),
            "indirect" => is(&self.repo, "nixpkgs"),
            _ => self.url.as_ref().is_some_and(channel),
        }
    }

    /// The release of nixpkgs that its branch or URL names; `None` for `nixos-unstable`, for a
    /// revision and for everything else.
    pub fn release(&self) -> Option<NixosRelease> {
        let branch = self.reference.as_deref();
        let named = branch.or_else(|| {
            let url = self.url.as_deref()?;
            url.split('/').find(|part| release_of(part).is_some())
        });
        release_of(named?)
    }

    /// Whether it names a branch that moves on without a release: `nixos-unstable`, `master`.
    pub fn is_unstable(&self) -> bool {
        let branch = self.reference.as_deref().unwrap_or_default();
        matches!(branch, "master" | "main") || branch.contains("unstable")
    }
}

/// `26.05` of `nixos-26.05`, `nixos-26.05-small`, `nixpkgs-26.05-darwin` or `release-26.05`.
fn release_of(branch: &str) -> Option<NixosRelease> {
    let prefixes = ["nixos-", "nixpkgs-", "release-"];
    let rest = prefixes.iter().find_map(|it| branch.strip_prefix(it))?;
    let release = rest.split('-').next().unwrap_or(rest);
    NixosRelease::try_from(release).ok()
}

fn forge(kind: &str, rest: &str) -> Reference {
    let mut parts = rest.splitn(3, '/').map(str::to_owned);
    Reference {
        kind: kind.to_owned(),
        owner: parts.next(),
        repo: parts.next(),
        reference: parts.next().filter(|part| !part.is_empty()),
        ..Reference::default()
    }
}

fn indirect(rest: &str) -> Reference {
    let mut parts = rest.splitn(2, '/').map(str::to_owned);
    Reference {
        kind: "indirect".to_owned(),
        repo: parts.next(),
        reference: parts.next(),
        ..Reference::default()
    }
}

fn url(kind: &str, address: &str) -> Reference {
    let kind = match kind.split('+').next().unwrap_or(kind) {
        "http" | "https" | "tarball" | "file" => "tarball",
        other => other,
    };
    Reference {
        kind: kind.to_owned(),
        url: Some(address.to_owned()),
        ..Reference::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_taken_apart() {
        let parsed = Reference::parse("github:NixOS/nixpkgs/nixos-26.05");
        assert_eq!(parsed.repo.as_deref(), Some("nixpkgs"));
        assert!(parsed.is_nixpkgs() && !parsed.is_unstable());
        assert_eq!(parsed.release().unwrap().as_str(), "26.05");
        let parsed = Reference::parse("git+https://example.org/x.git?ref=main&rev=abc");
        assert_eq!((&*parsed.kind, parsed.rev.as_deref()), ("git", Some("abc")));
        assert!(parsed.is_unstable());
        assert_eq!(Reference::parse("./sub").kind, "path");
    }

    #[test]
    fn releases_are_read_where_they_are_named() {
        for (text, release) in [
            ("nixpkgs/nixos-25.11", Some("25.11")),
            ("github:nixos/nixpkgs?ref=nixos-25.05-small", Some("25.05")),
            ("github:nixos/nixpkgs/nixpkgs-26.05-darwin", Some("26.05")),
            (
                "https://channels.nixos.org/nixos-25.11/nixexprs.tar.xz",
                Some("25.11"),
            ),
            ("github:NixOS/nixpkgs/nixos-unstable", None),
            ("github:NixOS/nixpkgs/nixos-26.99", None),
            ("github:NixOS/nixpkgs", None),
        ] {
            let parsed = Reference::parse(text);
            assert!(parsed.is_nixpkgs(), "{text}");
            let found = parsed.release();
            assert_eq!(found.as_ref().map(NixosRelease::as_str), release, "{text}");
        }
        assert!(!Reference::parse("github:nix-community/disko").is_nixpkgs());
    }
}
