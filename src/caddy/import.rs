//! Imports: the tokens of snippets and files, put in place of the line that names them.

use std::rc::Rc;

use super::Texts;
use super::lexer::Token;

/// How many arguments of an import are put in.
const MOST_ARGUMENTS: usize = 16;
/// A longer token takes no arguments: snippets that double them would fill the memory.
const LONGEST: usize = 4096;

/// The paths that an import of a file reads; `None` when that cannot be told from the texts.
pub(super) fn paths<'a>(pattern: &str, from: &str, texts: &'a Texts) -> Option<Vec<&'a str>> {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let path = joined(folder, pattern)?;
    if !path.contains('*') {
        let (path, _) = texts.get_key_value(&path)?;
        return Some(vec![path]);
    }
    // Other names than those of Caddyfiles are not among the texts, so only such patterns tell.
    let extension = path.rsplit_once('.').map(|(_, extension)| extension);
    if !matches!(extension, Some("caddy" | "caddyfile")) || path.contains(['?', '[', '\\']) {
        return None;
    }
    let found = texts.keys().filter(|candidate| matches(&path, candidate));
    Some(found.map(String::as_str).collect())
}

/// A relative path from a folder; `None` for one that leads out of the project.
fn joined(folder: &str, path: &str) -> Option<String> {
    if path.starts_with('/') || path.starts_with('~') {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Whether a path fits a pattern in which `*` stands for anything within one folder.
fn matches(pattern: &str, path: &str) -> bool {
    let (patterns, parts): (Vec<_>, Vec<_>) =
        (pattern.split('/').collect(), path.split('/').collect());
    patterns.len() == parts.len()
        && patterns
            .iter()
            .zip(parts)
            .all(|(pattern, part)| part_matches(pattern, part))
}

fn part_matches(pattern: &str, part: &str) -> bool {
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = part.strip_prefix(first) else {
        return false;
    };
    let mut pieces: Vec<&str> = pieces.collect();
    let Some(end) = pieces.pop() else {
        return rest.is_empty();
    };
    for piece in pieces {
        let Some(at) = rest.find(piece) else {
            return false;
        };
        rest = &rest[at + piece.len()..];
    }
    rest.ends_with(end)
}

/// The tokens of a snippet or file with the arguments of the import put in.
pub(super) fn with_arguments(tokens: &[Token], arguments: &[Token], depth: u8) -> Vec<Token> {
    let mut result = Vec::with_capacity(tokens.len());
    for token in tokens {
        let mut token = token.clone();
        token.depth = depth;
        if !token.decided {
            substitute(&mut token, arguments);
        }
        result.push(token);
    }
    if let Some(first) = result.first_mut() {
        first.starts_line = true;
    }
    result
}

/// Puts in `{args.0}` and `{args[0]}`; what else asks for arguments stays undecided.
fn substitute(token: &mut Token, arguments: &[Token]) {
    let mut decided = !token.text.contains("{$");
    for (index, argument) in arguments.iter().take(MOST_ARGUMENTS).enumerate() {
        for placeholder in [format!("{{args.{index}}}"), format!("{{args[{index}]}}")] {
            let count = token.text.matches(&placeholder).count();
            if count > 0 && token.text.len() + count * argument.text.len() <= LONGEST {
                token.text = token.text.replace(&placeholder, &argument.text);
                decided &= argument.decided;
            }
        }
    }
    let open = ["{args.", "{args[", "{block"];
    token.decided = decided && !open.iter().any(|it| token.text.contains(it));
}

/// A path that tokens can share.
pub(super) fn shared(path: &str) -> Rc<str> {
    Rc::from(path)
}
