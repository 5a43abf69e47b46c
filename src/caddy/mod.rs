//! Reading Caddyfiles without running Caddy: sites, their addresses, directives, upstreams.
//!
//! The grammar is Caddy's own: tokens first, with the environment put in before them, then
//! imports and snippets spliced in as tokens, then lines and blocks. Nothing here knows what a
//! directive does, except for [`Upstream`] and the few lookups of [`Site`] and [`File`].

mod address;
mod environment;
mod import;
mod lexer;
mod parser;
#[cfg(test)]
mod tests;
mod upstream;

use std::collections::BTreeMap;

use crate::reading::{Place, Read};

pub use address::{Address, Scheme};
pub use environment::Environment;
pub use lexer::Token;
pub use upstream::Upstream;

/// Texts by path, among which imports are looked up.
type Texts = BTreeMap<String, String>;

/// Something that Caddy refuses to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong, in one sentence.
    pub message: String,
    /// Where.
    pub place: Place,
}

/// One Caddyfile with everything that it imports.
#[derive(Debug, Clone, PartialEq)]
pub struct File {
    /// Path relative to the project's folder, `/` separated.
    pub path: String,
    /// The block of global options; empty when there is none.
    pub global: Vec<Directive>,
    /// The sites, in the order written.
    pub sites: Vec<Site>,
    /// Whether everything that Caddy would read was read: no import is missing, no error ended
    /// the reading early.
    pub complete: bool,
    /// What Caddy would refuse.
    pub errors: Vec<SyntaxError>,
}

/// One block of addresses and directives.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    /// Its addresses, in the order written.
    pub addresses: Vec<Address>,
    /// The line that opens it.
    pub place: Place,
    /// Its directives, imports and snippets put in.
    pub directives: Vec<Directive>,
}

/// One line, with the block that it may open.
#[derive(Debug, Clone, PartialEq)]
pub struct Directive {
    /// The first word, such as `reverse_proxy` or `@matcher`.
    pub name: Token,
    /// The other words of the line.
    pub arguments: Vec<Token>,
    /// The lines of its block; empty when it has none.
    pub block: Vec<Directive>,
}

impl Directive {
    /// The place of its first line.
    pub fn place(&self) -> Place {
        let mut place = self.name.place.clone();
        for argument in &self.arguments {
            if argument.place.file == place.file {
                place.end = place.end.max(argument.place.end);
            }
        }
        place
    }

    /// Its words after the name as one text, when all of them are decided.
    pub fn value(&self) -> Read<String> {
        let words: Option<Vec<&str>> = self.arguments.iter().map(Token::literal).collect();
        match words {
            Some(words) => Read::Known(words.join(" "), Some(self.place())),
            None => Read::Unknown,
        }
    }
}

/// The lines with this name at any depth.
pub fn every<'a>(directives: &'a [Directive], name: &'a str) -> Vec<&'a Directive> {
    let mut found = Vec::new();
    for directive in directives {
        if directive.name.is(name) {
            found.push(directive);
        }
        found.extend(every(&directive.block, name));
    }
    found
}

/// The last line with this name, whether one that cannot be decided might be it.
fn last<'a>(directives: &'a [Directive], name: &str) -> Result<Option<&'a Directive>, ()> {
    if directives.iter().any(|it| it.name.literal().is_none()) {
        return Err(());
    }
    Ok(directives.iter().rev().find(|it| it.name.is(name)))
}

impl File {
    /// Reads one Caddyfile, and what it imports among `texts`. Answers any text, in time and
    /// space that follow the length of what is read.
    pub fn read(path: &str, texts: &Texts, environment: &Environment) -> Self {
        parser::read(path, texts, environment)
    }

    /// Every Caddyfile among the texts. One that is only imported, such as `caddy/headers.caddy`,
    /// is read where it is imported and not by itself.
    pub fn all(texts: &Texts, environment: &Environment) -> Vec<Self> {
        let roots = texts.keys().filter(|path| is_root(path));
        roots
            .map(|path| Self::read(path, texts, environment))
            .collect()
    }

    /// What a global option says, such as `email` or `grace_period`.
    pub fn option(&self, name: &str) -> Read<String> {
        self.look_up(&self.global, name)
    }

    /// Whether `admin off` is written among the global options.
    pub fn admin_is_off(&self) -> Read<bool> {
        match self.option("admin") {
            Read::Known(value, place) => Read::Known(value == "off", place),
            Read::Absent => Read::Known(false, None),
            Read::Unknown => Read::Unknown,
        }
    }

    /// The level of the default logger.
    pub fn log_level(&self) -> Read<String> {
        match last(&self.global, "log") {
            Ok(Some(log)) if log.arguments.is_empty() || log.arguments[0].is("default") => {
                self.look_up(&log.block, "level")
            }
            Ok(None) if self.complete => Read::Absent,
            _ => Read::Unknown,
        }
    }

    fn look_up(&self, directives: &[Directive], name: &str) -> Read<String> {
        match last(directives, name) {
            Ok(Some(directive)) => directive.value(),
            Ok(None) if self.complete => Read::Absent,
            _ => Read::Unknown,
        }
    }

    /// Every backend of every site.
    pub fn upstreams(&self) -> Vec<Upstream> {
        self.sites.iter().flat_map(Site::upstreams).collect()
    }
}

impl Site {
    /// Every backend, in the order written, those in nested blocks among them.
    pub fn upstreams(&self) -> Vec<Upstream> {
        upstream::of(&self.directives)
    }

    /// The lines with this name, at any depth.
    pub fn every<'a>(&'a self, name: &'a str) -> Vec<&'a Directive> {
        every(&self.directives, name)
    }

    /// Whether its certificate comes from Caddy's own authority.
    pub fn tls_is_internal(&self) -> bool {
        let mut lines = self.directives.iter().filter(|it| it.name.is("tls"));
        lines.any(|tls| {
            tls.arguments
                .first()
                .is_some_and(|word| word.is("internal"))
                || every(&tls.block, "issuer")
                    .iter()
                    .any(|it| it.arguments.first().is_some_and(|word| word.is("internal")))
        })
    }

    /// The DNS provider that answers the challenges, such as `cloudflare`.
    pub fn dns_provider(&self) -> Option<&Token> {
        let lines = self.directives.iter().filter(|it| it.name.is("tls"));
        lines
            .flat_map(|tls| every(&tls.block, "dns"))
            .find_map(|dns| dns.arguments.first())
    }
}

/// What Caddy would refuse in the Caddyfiles among these texts, each mistake once.
pub fn syntax_errors(texts: &Texts) -> Vec<SyntaxError> {
    let files = || texts.iter().filter(|(path, _)| is_caddyfile(path));
    let parts = files().filter(|(path, _)| !is_root(path));
    let mut errors: Vec<SyntaxError> = parts
        .flat_map(|(path, text)| parser::part_errors(path, text))
        .collect();
    if !errors.is_empty() {
        // A brace that is left open in a part closes or opens something in whoever imports it.
        return errors;
    }
    for file in File::all(texts, &Environment::unknown()) {
        for error in file.errors {
            if !errors.iter().any(|known| known.place == error.place) {
                errors.push(error);
            }
        }
    }
    errors
}

/// Whether a path is a Caddyfile by its name, a whole one or a part of one.
pub fn is_caddyfile(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    is_root(path) || extension == Some("caddy")
}

/// Whether Caddy would be given this file by itself.
fn is_root(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name == "Caddyfile"
        || name.starts_with("Caddyfile.")
        || name
            .rsplit_once('.')
            .is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("caddyfile"))
}
