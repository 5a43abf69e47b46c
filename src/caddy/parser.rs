//! Lines, blocks and sites out of tokens.

use std::collections::BTreeMap;

use super::import::{paths, shared, with_arguments};
use super::lexer::{Token, tokens};
use super::{Address, Directive, Environment, File, Site, SyntaxError, Texts};

/// How deep blocks may nest.
const DEEPEST_BLOCK: usize = 64;
/// How deep imports may nest; a circle is deeper than any depth.
const DEEPEST_IMPORT: u8 = 32;
/// How many tokens imports may add; snippets that import each other grow without end.
const MOST_IMPORTED: usize = 200_000;

type Result<T> = std::result::Result<T, SyntaxError>;

/// Reads one file with its imports.
pub(super) fn read(path: &str, texts: &Texts, environment: &Environment) -> File {
    let mut parser = Parser {
        texts,
        environment,
        tokens: Vec::new(),
        snippets: BTreeMap::new(),
        files: BTreeMap::new(),
        imported: 0,
        quote: None,
        ends_with_brace: false,
        file: File {
            path: path.to_owned(),
            global: Vec::new(),
            sites: Vec::new(),
            complete: true,
            errors: Vec::new(),
        },
    };
    let text = texts.get(path).map_or("", String::as_str);
    let outcome = tokens(&shared(path), text, environment).and_then(|mut tokens| {
        parser.quote = tokens.last().filter(|token| token.unclosed).cloned();
        parser.ends_with_brace = tokens.last().is_some_and(|token| token.is_brace("}"));
        tokens.reverse();
        parser.tokens = tokens;
        parser.file()
    });
    if let Err(error) = outcome {
        parser.file.errors.push(error);
        parser.file.complete = false;
    }
    parser.file
}

/// What is wrong with a part of a Caddyfile, which may hold sites or directives: only its tokens
/// and braces tell.
pub(super) fn part_errors(path: &str, text: &str) -> Vec<SyntaxError> {
    let tokens = match tokens(&shared(path), text, &Environment::unknown()) {
        Ok(tokens) => tokens,
        Err(error) => return vec![error],
    };
    let mut open: Vec<&Token> = Vec::new();
    for token in &tokens {
        if token.is_brace("{") {
            open.push(token);
        } else if token.is_brace("}") && open.pop().is_none() {
            return vec![error("this brace closes no block", token)];
        }
    }
    let quote = tokens.last().filter(|token| token.unclosed);
    match (open.pop(), quote) {
        (Some(_), Some(quote)) => vec![error("this quote is never closed", quote)],
        (Some(brace), None) => vec![error("this block is never closed", brace)],
        (None, _) => Vec::new(),
    }
}

struct Parser<'a> {
    texts: &'a Texts,
    environment: &'a Environment,
    /// What is still to be read, the next at the end.
    tokens: Vec<Token>,
    snippets: BTreeMap<String, Vec<Token>>,
    /// Imported files: one may be imported by a thousand lines.
    files: BTreeMap<String, Vec<Token>>,
    imported: usize,
    /// The quote that the file leaves open.
    quote: Option<Token>,
    /// Whether the file's last token closes a block.
    ends_with_brace: bool,
    file: File,
}

/// The words before a block.
struct Head {
    words: Vec<Token>,
    brace: Option<Token>,
}

impl Parser<'_> {
    fn file(&mut self) -> Result<()> {
        let mut first = true;
        while let Some(head) = self.head()? {
            match (&head.words[..], &head.brace) {
                ([], Some(brace)) if first => {
                    self.file.global = self.block(Some(brace), 0)?;
                }
                ([name], Some(brace)) if is_parenthesised(name, "(") => {
                    self.snippet(name, brace)?;
                    continue;
                }
                ([name], Some(brace)) if is_parenthesised(name, "&(") => {
                    self.block(Some(brace), 0)?;
                }
                _ => self.site(head)?,
            }
            first = false;
        }
        Ok(())
    }

    fn site(&mut self, head: Head) -> Result<()> {
        let directives = self.block(head.brace.as_ref(), 0)?;
        let all = head.words.first().into_iter().chain(&head.brace);
        let mut places = all.map(|token| &token.place);
        let Some(mut place) = places.next().cloned() else {
            return Ok(());
        };
        if let Some(last) = head.words.last().filter(|it| it.place.file == place.file) {
            place.end = place.end.max(last.place.end);
        }
        self.file.sites.push(Site {
            addresses: head.words.into_iter().map(Address::new).collect(),
            place,
            directives,
        });
        Ok(())
    }

    /// The addresses before the next block; `None` at the end of the file.
    fn head(&mut self) -> Result<Option<Head>> {
        let mut words: Vec<Token> = Vec::new();
        let mut comma: Option<Token> = None;
        loop {
            let Some(token) = self.tokens.last() else {
                if let Some(comma) = comma {
                    let message = "the file ends where another address is expected";
                    return Err(error(message, &comma));
                }
                return Ok((!words.is_empty()).then_some(Head { words, brace: None }));
            };
            if token.starts_line && !words.is_empty() && comma.is_none() && !token.is_brace("{") {
                return Ok(Some(Head { words, brace: None }));
            }
            if token.starts_line && token.is("import") {
                self.import()?;
                continue;
            }
            let Some(mut token) = self.tokens.pop() else {
                continue;
            };
            if token.is_brace("{") {
                if let Some(comma) = comma {
                    let message = "another address is expected after this comma";
                    return Err(error(message, &comma));
                }
                let brace = Some(token);
                return Ok(Some(Head { words, brace }));
            }
            check_address(&token)?;
            comma = None;
            if token.text.ends_with(',') {
                comma = Some(token.clone());
                // A comma that a variable brought along has no place of its own.
                if token.place.range().len() == token.text.len() {
                    token.place.end -= 1;
                }
                token.text.pop();
            }
            if !token.text.is_empty() {
                words.push(token);
            }
        }
    }

    /// Takes in a snippet without reading it: it is read where it is imported.
    fn snippet(&mut self, name: &Token, brace: &Token) -> Result<()> {
        let body = self.body(brace)?;
        let name = name.text[1..name.text.len() - 1].to_owned();
        self.snippets.insert(name, body);
        Ok(())
    }

    /// The tokens up to the brace that closes this one.
    fn body(&mut self, brace: &Token) -> Result<Vec<Token>> {
        let mut depth = 1;
        let mut body = Vec::new();
        while let Some(token) = self.tokens.pop() {
            if token.is_brace("{") {
                depth += 1;
            } else if token.is_brace("}") {
                depth -= 1;
                if depth == 0 {
                    return Ok(body);
                }
            }
            body.push(token);
        }
        Err(self.never_closed(brace))
    }

    /// The lines up to the closing brace, or to the end of the file for a site without braces.
    fn block(&mut self, brace: Option<&Token>, depth: usize) -> Result<Vec<Directive>> {
        if let Some(brace) = brace.filter(|_| depth > DEEPEST_BLOCK) {
            return Err(error("blocks nest too deep here", brace));
        }
        let mut directives = Vec::new();
        loop {
            let Some(token) = self.tokens.last() else {
                return match brace {
                    // Caddy takes the last brace of a file for the brace of the site, too.
                    Some(_) if depth == 0 && self.ends_with_brace => Ok(directives),
                    Some(brace) => Err(self.never_closed(brace)),
                    None => Ok(directives),
                };
            };
            if token.is_brace("}") {
                // Caddy lets it end a site without braces as well.
                self.tokens.pop();
                return Ok(directives);
            }
            if token.is("import") {
                self.import()?;
                continue;
            }
            if let Some(name) = self.tokens.pop() {
                directives.push(self.directive(name, depth)?);
            }
        }
    }

    /// A quote that is left open swallows every brace after it.
    fn never_closed(&self, brace: &Token) -> SyntaxError {
        match &self.quote {
            Some(quote) => error("this quote is never closed", quote),
            None => error("this block is never closed", brace),
        }
    }

    fn directive(&mut self, name: Token, depth: usize) -> Result<Directive> {
        if name.is_brace("{") {
            let message = "a block opens on a line of its own; Caddy wants the brace at the end of \
                           the line before";
            return Err(error(message, &name));
        }
        let mut directive = Directive {
            name,
            arguments: Vec::new(),
            block: Vec::new(),
        };
        while let Some(token) = self
            .tokens
            .pop_if(|it| !it.starts_line && !it.is_brace("}"))
        {
            if token.is_brace("{") {
                if self.tokens.last().is_some_and(|next| !next.starts_line) {
                    let message = "something follows this brace on its line; Caddy wants the block \
                                   on lines of its own";
                    return Err(error(message, &token));
                }
                directive.block = self.block(Some(&token), depth + 1)?;
                break;
            }
            directive.arguments.push(token);
        }
        if depth == 0
            && let Some(brace) = self.tokens.last()
            && brace.is_brace("}")
            && !brace.starts_line
        {
            return Err(error("this brace closes no block", brace));
        }
        Ok(directive)
    }

    /// Puts the tokens of a snippet or of files in place of an import's line.
    fn import(&mut self) -> Result<()> {
        let Some(keyword) = self.tokens.pop() else {
            return Ok(());
        };
        let mut words = Vec::new();
        while let Some(token) = self
            .tokens
            .pop_if(|it| !it.starts_line && !it.is_brace("}"))
        {
            if token.is_brace("{") {
                // The block is handed to the snippet, which may put it anywhere.
                self.file.complete = false;
                self.body(&token)?;
                break;
            }
            words.push(token);
        }
        let Some((target, arguments)) = words.split_first() else {
            return Err(error("this import names nothing", &keyword));
        };
        let depth = keyword.depth + 1;
        if depth > DEEPEST_IMPORT {
            return Err(error("imports lead round in a circle here", &keyword));
        }
        let Some(name) = target.literal() else {
            self.file.complete = false;
            return Ok(());
        };
        let added = if let Some(snippet) = self.snippets.get(name) {
            with_arguments(snippet, arguments, depth)
        } else {
            self.imported_files(name, target, arguments, depth)?
        };
        self.imported += added.len();
        if self.imported > MOST_IMPORTED {
            return Err(error("imports add more than can be read here", &keyword));
        }
        if let Some(next) = self.tokens.last_mut() {
            next.starts_line = true;
        }
        self.tokens.extend(added.into_iter().rev());
        Ok(())
    }

    fn imported_files(
        &mut self,
        pattern: &str,
        target: &Token,
        arguments: &[Token],
        depth: u8,
    ) -> Result<Vec<Token>> {
        let Some(paths) = paths(pattern, &target.place.file, self.texts) else {
            self.file.complete = false;
            return Ok(Vec::new());
        };
        let mut added = Vec::new();
        for path in paths {
            if !self.files.contains_key(path) {
                let text = self.texts.get(path).map_or("", String::as_str);
                let read = tokens(&shared(path), text, self.environment)?;
                self.files.insert(path.to_owned(), read);
            }
            let read = self.files.get(path).map_or(&[][..], Vec::as_slice);
            added.extend(with_arguments(read, arguments, depth));
        }
        Ok(added)
    }
}

/// Mistakes that Caddy looks for in addresses.
fn check_address(token: &Token) -> Result<()> {
    if token.is_brace("}") {
        return Err(error("this brace closes no block", token));
    }
    let Some(text) = token.literal().or(token.decided.then_some(&token.text)) else {
        return Ok(());
    };
    if text.starts_with('@') {
        let message = format!("the matcher `{text}` stands outside of every site");
        return Err(error(&message, token));
    }
    if text.ends_with('{') {
        let message = format!("there is no space before the brace of `{text}`");
        return Err(error(&message, token));
    }
    if text.strip_suffix(',').unwrap_or(text).contains(',') {
        let message = format!("there is no space after the comma in `{text}`");
        return Err(error(&message, token));
    }
    Ok(())
}

fn is_parenthesised(token: &Token, open: &str) -> bool {
    token.decided && token.text.starts_with(open) && token.text.ends_with(')')
}

fn error(message: &str, token: &Token) -> SyntaxError {
    SyntaxError {
        message: message.to_owned(),
        place: token.place.clone(),
    }
}
