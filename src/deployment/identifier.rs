//! Names that other tools define: variables, packages and branches.

use super::newtype::{Refusal, only, shown, shown_character, stranger, text_newtype};

text_newtype! {
    /// A POSIX environment variable name.
    EnvironmentName
}
text_newtype! {
    /// A nixpkgs attribute path, such as `nodejs_22` or `python3Packages.uvicorn`.
    PackageName
}
text_newtype! {
    /// A git branch name.
    BranchName
}

/// Words that the Nix language keeps for itself.
const NIX_KEYWORDS: &[&str] = &[
    "assert", "else", "if", "in", "inherit", "let", "or", "rec", "then", "with",
];

impl EnvironmentName {
    fn check(text: &str) -> Result<String, Refusal> {
        const HELP: &str = "use letters, digits and `_`, no digit first";
        if text.is_empty() {
            return Err(Refusal::new("the variable name is empty", HELP));
        }
        if let Some((name, _)) = text.split_once('=') {
            return Err(Refusal::new(
                "the variable name is followed by `=` and a value",
                "write the name alone",
            )
            .suggesting(name));
        }
        let allowed = |character: char| character.is_ascii_alphanumeric() || character == '_';
        if let Some(character) = stranger(text, allowed) {
            let repaired = text.replace(['-', '.'], "_");
            return Err(Refusal::new(
                format!(
                    "the variable name {} holds {}",
                    shown(text),
                    shown_character(character)
                ),
                HELP,
            )
            .suggesting(repaired));
        }
        if text.starts_with(|first: char| first.is_ascii_digit()) {
            return Err(Refusal::new(
                format!("the variable name {} starts with a digit", shown(text)),
                HELP,
            ));
        }
        if text.len() > 255 {
            return Err(Refusal::new(
                format!(
                    "the variable name has {} characters, 255 are the most",
                    text.len()
                ),
                "write a shorter name",
            ));
        }
        Ok(text.to_owned())
    }
}

impl PackageName {
    fn check(text: &str) -> Result<String, Refusal> {
        const HELP: &str = "write the attribute path inside nixpkgs, such as `nodejs_22`; look it up with `nix search nixpkgs NAME`";
        if text.is_empty() {
            return Err(Refusal::new("the package name is empty", HELP));
        }
        for prefix in ["pkgs.", "nixpkgs.", "nixpkgs#", "nixos."] {
            if let Some(bare) = text.strip_prefix(prefix) {
                return Err(Refusal::new(
                    format!("{} starts with `{prefix}`", shown(text)),
                    "write what follows it",
                )
                .suggesting(bare));
            }
        }
        if text.len() > 255 {
            return Err(Refusal::new(
                "the package name is longer than 255 characters",
                HELP,
            ));
        }
        text.split('.')
            .try_for_each(|segment| check_segment(segment, text, HELP))?;
        Ok(text.to_owned())
    }
}

fn check_segment(segment: &str, path: &str, help: &str) -> Result<(), Refusal> {
    let allowed = |character: char| {
        character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '\'')
    };
    if segment.is_empty() {
        return Err(Refusal::new(
            format!(
                "the package name {} has nothing between two dots",
                shown(path)
            ),
            help,
        ));
    }
    only("the package name", segment, allowed, help)?;
    if segment.starts_with(|first: char| first.is_ascii_digit()) {
        let refusal = Refusal::new(
            format!(
                "{} starts with a digit, which no Nix name does",
                shown(segment)
            ),
            "put `_` before it, as nixpkgs does",
        );
        return Err(if segment == path {
            refusal.suggesting(format!("_{segment}"))
        } else {
            refusal
        });
    }
    if segment.starts_with(['-', '\'']) || NIX_KEYWORDS.contains(&segment) {
        return Err(Refusal::new(
            format!("{} is no Nix name", shown(segment)),
            help,
        ));
    }
    Ok(())
}

impl BranchName {
    fn check(text: &str) -> Result<String, Refusal> {
        const HELP: &str = "write the name that `git branch` shows, such as `main`";
        if text.is_empty() {
            return Err(Refusal::new("the branch name is empty", HELP));
        }
        if let Some(bare) = text.strip_prefix("refs/heads/") {
            return Err(Refusal::new(
                format!("{} is a full reference", shown(text)),
                "write the branch name alone",
            )
            .suggesting(bare));
        }
        if text == "HEAD" || text.starts_with("refs/") {
            return Err(Refusal::new(
                format!("{} is a reference, no branch", shown(text)),
                HELP,
            ));
        }
        if text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Refusal::new(
                "the branch is a commit id, and a clone checks out branches only",
                HELP,
            ));
        }
        if text.len() > 244 {
            return Err(Refusal::new(
                "the branch name is longer than 244 bytes",
                HELP,
            ));
        }
        check_branch_characters(text, HELP)?;
        check_branch_shape(text, HELP)?;
        Ok(text.to_owned())
    }
}

/// git allows more; what a shell or systemd would read has no place on the server.
fn check_branch_characters(text: &str, help: &str) -> Result<(), Refusal> {
    let allowed = |character: char| character.is_alphanumeric() || "._/+@#=,-".contains(character);
    match stranger(text, allowed) {
        Some(character) => Err(Refusal::new(
            format!(
                "the branch name {} holds {}",
                shown(text),
                shown_character(character)
            ),
            help,
        )),
        None => Ok(()),
    }
}

/// The rules of `git check-ref-format --branch`.
fn check_branch_shape(text: &str, help: &str) -> Result<(), Refusal> {
    let problem = if text.starts_with('-') {
        "starts with a hyphen, which git reads as an option"
    } else if text.starts_with('/') || text.ends_with('/') || text.contains("//") {
        "has a slash at an end or two in a row"
    } else if text.split('/').any(|part| part.starts_with('.')) {
        "has a component that starts with a dot"
    } else if text.split('/').any(|part| {
        std::path::Path::new(part)
            .extension()
            .is_some_and(|end| end == "lock")
    }) {
        "has a component that ends in `.lock`"
    } else if text.ends_with('.') || text.contains("..") {
        "ends in a dot or has two in a row"
    } else if text == "@" {
        "is git's short form of `HEAD`"
    } else {
        return Ok(());
    };
    Err(Refusal::new(
        format!("the branch name {} {problem}", shown(text)),
        help,
    ))
}

#[cfg(test)]
mod tests;
