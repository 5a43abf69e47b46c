//! Words of a POSIX shell.

/// One word that the shell reads back as exactly this text.
pub(crate) fn quote(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "@%+=:,./_-".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// Words joined into a command line.
pub(crate) fn command<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().map(quote).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_survive_a_shell() {
        assert_eq!(quote("nix/a.nix"), "nix/a.nix");
        assert_eq!(quote("my dir/it's"), r"'my dir/it'\''s'");
        assert_eq!(quote(""), "''");
    }

    #[test]
    fn the_shell_reads_every_word_back() {
        for word in [
            "",
            "plain",
            "two words",
            "it's",
            "$(id)",
            "`id`",
            "a\nb",
            "\"",
            "\\",
            "*",
            "~",
        ] {
            let script = format!("printf %s {}", quote(word));
            let output = std::process::Command::new("sh")
                .arg("-c")
                .arg(script)
                .output()
                .unwrap();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), word);
        }
    }
}
