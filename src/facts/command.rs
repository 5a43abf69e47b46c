//! Command lines as rules ask about them: which program, with which flags, after which others.
//!
//! No shell: substitutions and loops are not followed. What depends on them is not decided, and
//! asking for it answers no.

use std::ops::Range;

/// One simple command of a command line: a program with its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    words: Vec<Word>,
    /// Leading assignments such as `PORT=3000`.
    assignments: Vec<Word>,
}

/// One word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Its text without quotes.
    pub text: String,
    /// Where it stands in the command line.
    pub range: Range<usize>,
    /// Whether no variable, substitution or interpolation has a say.
    pub decided: bool,
}

/// Programs that run the rest of their line.
const WRAPPERS: [&str; 8] = [
    "command", "doas", "env", "exec", "nice", "nohup", "sudo", "time",
];
/// Words of the shell that stand before a command.
const KEYWORDS: [&str; 9] = [
    "!", "do", "elif", "else", "if", "then", "until", "while", "{",
];

/// The simple commands of a shell text, in the order written.
pub fn of_shell(text: &str) -> Vec<Command> {
    let mut commands = Vec::new();
    let mut words = Vec::new();
    let mut scanner = Scanner { text, at: 0 };
    loop {
        match scanner.next() {
            Some(Piece::Word(word)) => words.push(word),
            Some(Piece::End) => commands.extend(Command::new(std::mem::take(&mut words))),
            None => {
                commands.extend(Command::new(words));
                return commands;
            }
        }
    }
}

/// The command of a unit's `ExecStart` and its like, which no shell reads.
pub fn of_unit(text: &str) -> Option<Command> {
    let prefixes = ['-', '+', '!', '@', ':', '|'];
    let start = text.len() - text.trim_start_matches(prefixes).len();
    let mut scanner = Scanner { text, at: start };
    let mut words = Vec::new();
    while let Some(piece) = scanner.next() {
        // To systemd `;` and its like are words as all others, but only where nobody means them.
        if let Piece::Word(word) = piece {
            words.push(word);
        }
    }
    Command::new(words)
}

/// Flags of git that take the next word as their value.
const GIT_FLAGS: [&str; 5] = ["-C", "-c", "--git-dir", "--work-tree", "--namespace"];

impl Command {
    fn new(words: Vec<Word>) -> Option<Self> {
        let mut assignments = Vec::new();
        let mut rest = words.into_iter().peekable();
        while let Some(word) = rest.next_if(|word| {
            let wraps = WRAPPERS.contains(&word.base_name()) || KEYWORDS.contains(&&*word.text);
            wraps || word.is_assignment()
        }) {
            if word.is_assignment() {
                assignments.push(word);
            }
        }
        let words: Vec<Word> = rest.collect();
        (!words.is_empty() || !assignments.is_empty()).then_some(Self { words, assignments })
    }

    /// The name of the program without its folder, so that `${pkgs.git}/bin/git` is `git`. `None`
    /// when that is not decided.
    pub fn program(&self) -> Option<&str> {
        let name = self.words.first()?.base_name();
        (!name.is_empty() && !has_expansion(name)).then_some(name)
    }

    /// Whether the program is named without a folder, so that it is looked for in PATH.
    pub fn is_bare(&self) -> bool {
        self.words
            .first()
            .is_some_and(|word| word.decided && !word.text.contains('/'))
    }

    /// Whether it runs a script that is read as well, what its own script was given, or nothing.
    pub fn is_followed(&self) -> bool {
        let first = self.words.first().map(|word| word.text.as_str());
        first.is_none_or(|it| it == "$@" || it.starts_with("${pkgs.writeShellScript"))
    }

    /// The words after the program.
    pub fn arguments(&self) -> &[Word] {
        self.words.get(1..).unwrap_or_default()
    }

    /// The command that begins at one of the arguments.
    pub fn tail(&self, argument: usize) -> Option<Self> {
        Self::new(self.arguments().get(argument..)?.to_vec())
    }

    /// The assignments before the program.
    pub fn assignments(&self) -> &[Word] {
        &self.assignments
    }

    /// Whether the program is this one, with these words as its first arguments, flags left out:
    /// `git` and `["pull"]` for `git -q -C /srv/app pull origin`.
    pub fn is(&self, program: &str, words: &[&str]) -> bool {
        let mut is_value = false;
        let mut plain = self.arguments().iter().filter(|word| {
            let skipped = std::mem::take(&mut is_value);
            // Of the programs that rules ask about, git alone has flags with a value before its verb.
            is_value = program == "git" && GIT_FLAGS.contains(&&*word.text);
            !skipped && !word.is_flag()
        });
        self.program() == Some(program)
            && words
                .iter()
                .all(|word| plain.next().is_some_and(|it| it.is(word)))
    }

    /// The argument that is this word, up to a `--`, which ends the program's own.
    pub fn argument(&self, text: &str) -> Option<&Word> {
        self.own_arguments().find(|word| word.is(text))
    }

    /// The first of these flags that is there; short ones are found in clusters such as `-dv`.
    pub fn flag(&self, names: &[&str]) -> Option<&Word> {
        self.own_arguments().find(|word| {
            names.iter().any(|name| match short(name) {
                Some(letter) => word.has_short(letter),
                None => word.decided && word.text.split('=').next() == Some(name),
            })
        })
    }

    /// The value of one of these flags: `--profile=prod`, `--profile prod`, `-P prod`, `-Pprod`.
    /// The last one wins.
    pub fn value(&self, names: &[&str]) -> Option<Word> {
        let arguments: Vec<&Word> = self.own_arguments().collect();
        let mut found = None;
        for (index, word) in arguments.iter().enumerate() {
            for name in names {
                if let Some(value) = word.after_flag(name) {
                    found = Some(value);
                } else if word.is(name) {
                    found = arguments.get(index + 1).map(|next| (*next).clone());
                }
            }
        }
        found
    }

    fn own_arguments(&self) -> impl Iterator<Item = &Word> {
        self.arguments().iter().take_while(|word| !word.is("--"))
    }
}

impl Word {
    /// Whether it is certainly this text.
    pub fn is(&self, text: &str) -> bool {
        self.decided && self.text == text
    }

    fn is_flag(&self) -> bool {
        self.text.starts_with('-')
    }

    fn base_name(&self) -> &str {
        self.text.rsplit('/').next().unwrap_or(&self.text)
    }

    fn is_assignment(&self) -> bool {
        let name = self.text.split_once('=').map(|(name, _)| name);
        name.is_some_and(|name| {
            name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        })
    }

    fn has_short(&self, letter: char) -> bool {
        let cluster = self.text.strip_prefix('-');
        self.decided
            && cluster.is_some_and(|it| {
                it.chars().all(|c| c.is_ascii_alphabetic()) && it.contains(letter)
            })
    }

    /// The rest of the word after a flag that holds its value.
    fn after_flag(&self, name: &str) -> Option<Word> {
        let rest = self.text.strip_prefix(name)?;
        let value = match short(name) {
            Some(_) => rest.strip_prefix('=').unwrap_or(rest),
            None => rest.strip_prefix('=')?,
        };
        (!rest.is_empty()).then(|| Word {
            text: value.to_owned(),
            range: self.range.clone(),
            decided: !has_expansion(value),
        })
    }
}

/// The letter of a short flag.
fn short(name: &str) -> Option<char> {
    let letter = name.strip_prefix('-')?;
    let mut letters = letter.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) if letter != '-' => Some(letter),
        _ => None,
    }
}

fn has_expansion(text: &str) -> bool {
    text.contains(['$', '`'])
}

pub(super) enum Piece {
    Word(Word),
    /// Something that ends a command: `;`, `&&`, a line end.
    End,
}

pub(super) struct Scanner<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
}

impl Scanner<'_> {
    pub(super) fn next(&mut self) -> Option<Piece> {
        loop {
            let character = self.peek()?;
            match character {
                '\n' | ';' | '&' | '|' | '(' | ')' => {
                    self.bump();
                    return Some(Piece::End);
                }
                '#' => self.skip_line(),
                '\\' if self.text[self.at + 1..].starts_with('\n') => self.at += 2,
                _ if character.is_whitespace() => {
                    self.bump();
                }
                _ => return Some(Piece::Word(self.word())),
            }
        }
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.at += character.len_utf8();
        Some(character)
    }

    fn skip_line(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.find('\n').unwrap_or(rest.len());
    }

    fn word(&mut self) -> Word {
        let start = self.at;
        let mut text = String::new();
        let mut decided = true;
        while let Some(character) = self.peek() {
            match character {
                '\'' => {
                    self.bump();
                    self.single_quoted(&mut text);
                }
                '"' => {
                    self.bump();
                    decided &= self.double_quoted(&mut text);
                }
                '\\' => {
                    self.bump();
                    match self.bump() {
                        Some('\n') | None => {}
                        Some(escaped) => text.push(escaped),
                    }
                }
                '$' | '`' => {
                    decided = false;
                    self.expansion(&mut text);
                }
                // `2>&1` is one word.
                '&' if text.ends_with(['>', '<']) => {
                    self.bump();
                    text.push('&');
                }
                '\n' | ';' | '&' | '|' | '(' | ')' => break,
                _ if character.is_whitespace() => break,
                _ => {
                    self.bump();
                    text.push(character);
                }
            }
        }
        Word {
            text,
            range: start..self.at,
            decided,
        }
    }

    fn single_quoted(&mut self, text: &mut String) {
        while let Some(character) = self.bump() {
            if character == '\'' {
                return;
            }
            text.push(character);
        }
    }

    /// Reads to the closing quote. Tells whether the text is decided.
    fn double_quoted(&mut self, text: &mut String) -> bool {
        let mut decided = true;
        while let Some(character) = self.peek() {
            match character {
                '"' => {
                    self.bump();
                    return decided;
                }
                '\\' => {
                    self.bump();
                    match self.bump() {
                        Some(escaped @ ('"' | '\\' | '$' | '`')) => text.push(escaped),
                        Some('\n') | None => {}
                        Some(other) => text.extend(['\\', other]),
                    }
                }
                '$' | '`' => {
                    decided = false;
                    self.expansion(text);
                }
                _ => {
                    self.bump();
                    text.push(character);
                }
            }
        }
        decided
    }

    /// Takes a variable or a substitution as it is written.
    fn expansion(&mut self, text: &mut String) {
        let start = self.at;
        let opening = self.bump();
        let (open, close) = match (opening, self.peek()) {
            (Some('`'), _) => (None, '`'),
            (_, Some('{')) => (Some('{'), '}'),
            (_, Some('(')) => (Some('('), ')'),
            _ => {
                text.push('$');
                return;
            }
        };
        let mut depth = usize::from(open.is_none());
        while let Some(character) = self.bump() {
            if Some(character) == open {
                depth += 1;
            } else if character == close {
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
        }
        text.push_str(&self.text[start..self.at]);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn one(text: &str) -> Command {
        let mut commands = of_shell(text);
        assert_eq!(commands.len(), 1, "{commands:?}");
        commands.remove(0)
    }

    fn programs(text: &str) -> Vec<String> {
        let commands = of_shell(text);
        let programs = commands.iter().filter_map(Command::program);
        programs.map(str::to_owned).collect()
    }

    #[test]
    fn words_are_those_of_a_shell() {
        let text = r#"echo 'a b' "c \"d\" \x" e\ f g"h"'i' \
            k # comment"#;
        let command = one(text);
        let words: Vec<_> = command.arguments().iter().map(|it| &*it.text).collect();
        assert_eq!(words, ["a b", "c \"d\" \\x", "e f", "ghi", "k"]);
        assert_eq!(&text[command.arguments()[0].range.clone()], "'a b'");
    }

    #[test]
    fn every_command_of_a_line_is_found() {
        assert_eq!(
            programs("cd app && npm ci; PORT=1 exec npm start || true\n(git pull &) | tee log"),
            ["cd", "npm", "npm", "true", "git", "tee"]
        );
        assert_eq!(
            programs("if sudo git pull; then echo $(date; ls); fi"),
            ["git", "echo", "fi"]
        );
        assert_eq!(programs("${pkgs.git}/bin/git pull"), ["git"]);
        assert!(programs("${pkgs.git} pull; $cmd x; \"$(which npm)\" start").is_empty());
        assert_eq!(
            one("PORT=3000 npm start").assignments()[0].text,
            "PORT=3000"
        );
    }

    #[test]
    fn units_have_prefixes_and_no_shell() {
        let command = of_unit("-+/run/current-system/sw/bin/devenv up -d").unwrap();
        assert_eq!(command.program(), Some("devenv"));
        assert_eq!(of_unit("  "), None);
    }

    #[test]
    fn a_flag_is_found_in_every_form() {
        for text in [
            "devenv --profile=prod up",
            "devenv --profile prod up",
            "devenv -P prod up",
            "devenv -Pprod up",
            "devenv --profile dev --profile 'prod' up",
        ] {
            let value = one(text).value(&["--profile", "-P"]).unwrap();
            assert!(value.is("prod"), "{text}");
        }
        let undecided = one("devenv --profile=$P up").value(&["--profile"]).unwrap();
        assert!(!undecided.decided);
        let flag = |text: &str| one(text).flag(&["-d", "--detach"]).is_some();
        assert!(flag("devenv up -d") && flag("devenv up --detach") && flag("devenv up -vd"));
        assert!(!flag("devenv up -- -d") && !flag("devenv up --directory") && !flag("devenv d"));
        assert!(one("git -q pull origin").is("git", &["pull"]));
        assert!(one("git -C /srv/app -c a=b pull").is("git", &["pull"]));
        assert!(!one("git log -C pull").is("git", &["pull"]));
        assert!(one("npm run start").is("npm", &["run", "start"]));
        assert!(!one("npm run start").is("npm", &["start"]));
    }

    proptest! {
        #[test]
        fn any_text_is_answered(
            words in proptest::collection::vec(
                prop::sample::select(vec![
                    "a", " ", "'", "\"", "\\", "$", "${", "}", "$(", ")", "`", "\n", ";", "&&", "#", "é",
                    "--x=", "-",
                ]),
                0..30,
            ),
            noise in "\\PC{0,60}",
        ) {
            for text in [words.concat(), noise] {
                for command in of_shell(&text).iter().chain(&of_unit(&text)) {
                    command.program();
                    command.value(&["--x", "-x"]);
                    for word in command.arguments() {
                        prop_assert!(text.get(word.range.clone()).is_some());
                    }
                }
            }
        }
    }
}
