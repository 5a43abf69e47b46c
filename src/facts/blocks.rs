//! The blocks of a shell text: which of them do not end, do not begin, or hold nothing.

use super::command::{Piece, Scanner};

/// What opens a block, or divides it.
const OPENING: [&str; 10] = [
    "if", "then", "elif", "else", "while", "until", "for", "select", "do", "{",
];
/// Words behind which another command begins.
const BEFORE_COMMANDS: [&str; 10] = [
    "!", "if", "then", "elif", "else", "while", "until", "do", "{", "time",
];

/// A block that has begun.
struct Open {
    word: String,
    is_empty: bool,
}

/// Why no shell reads a text, in a few words. `None` where it can be read, and where it has parts
/// that are not followed: `case`, `function`, arrays and documents within the text.
pub fn fault(text: &str) -> Option<String> {
    let unread = ["<<", "=(", "case ", "function ", "[["];
    let computes = text.replace("$((", "$(").contains("((");
    if computes || unread.iter().any(|it| text.contains(it)) || is_for_another_program(text) {
        return None;
    }
    if text.trim_end().ends_with('\\') {
        return Some("its last line goes on, and nothing follows".to_owned());
    }
    let mut blocks = Blocks(Vec::new());
    let mut scanner = Scanner { text, at: 0 };
    let mut is_first = true;
    while let Some(piece) = scanner.next() {
        match piece {
            Piece::Word(word) => {
                let written = &text[word.range];
                if is_first && (is_of_blocks(written)) {
                    if let Some(fault) = blocks.step(written) {
                        return Some(fault);
                    }
                    is_first = BEFORE_COMMANDS.contains(&written);
                } else {
                    if is_first && (written.starts_with("--") || written == r"\(") {
                        return Some(format!("`{written}` stands where a command should"));
                    }
                    blocks.fill();
                    is_first = false;
                }
            }
            Piece::End => {
                let character = text[..scanner.at].chars().next_back();
                if let Some(fault) = blocks.parenthesis(character) {
                    return Some(fault);
                }
                is_first = true;
            }
        }
    }
    let open = blocks.0.pop()?;
    Some(format!("`{}` has no end", open.word))
}

/// Whether the first line names something else than a shell.
fn is_for_another_program(text: &str) -> bool {
    let first = text.trim_start().lines().next().unwrap_or_default();
    first.starts_with("#!") && !first.trim_end().ends_with("sh")
}

fn is_of_blocks(word: &str) -> bool {
    OPENING.contains(&word) || ["fi", "done", "}", "!", "time"].contains(&word)
}

struct Blocks(Vec<Open>);

impl Blocks {
    fn open(&mut self, word: &str) {
        self.0.push(Open {
            word: word.to_owned(),
            is_empty: true,
        });
    }

    /// Something stands in the block at hand.
    fn fill(&mut self) {
        if let Some(open) = self.0.last_mut() {
            open.is_empty = false;
        }
    }

    /// Takes in a word of the grammar; tells what is wrong with it there.
    fn step(&mut self, word: &str) -> Option<String> {
        let before: &[&str] = match word {
            "then" => &["if", "elif"],
            "elif" | "else" => &["then"],
            "do" => &["while", "until", "for", "select"],
            "fi" => &["then", "else"],
            "done" => &["do"],
            "}" => &["{"],
            "!" | "time" => return None,
            _ => {
                self.fill();
                self.open(word);
                return None;
            }
        };
        match self.0.pop() {
            Some(open) if before.contains(&open.word.as_str()) => {
                if open.is_empty {
                    return Some(format!(
                        "nothing stands between `{}` and `{word}`",
                        open.word
                    ));
                }
            }
            Some(open) => return Some(format!("`{word}` follows `{}`", open.word)),
            None => return Some(format!("`{word}` has no beginning")),
        }
        if !["fi", "done", "}"].contains(&word) {
            self.open(word);
        }
        None
    }

    fn parenthesis(&mut self, character: Option<char>) -> Option<String> {
        match character {
            Some('(') => {
                self.fill();
                self.open("(");
                // `name()` holds nothing.
                self.fill();
                None
            }
            Some(')') => match self.0.pop() {
                Some(open) if open.word == "(" => None,
                Some(open) => Some(format!("`)` follows `{}`", open.word)),
                None => Some("`)` has no beginning".to_owned()),
            },
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn whole_texts_have_no_fault() {
        for text in [
            "if a; then b; elif c; then d; else e; fi",
            "until [ -e x ]; do sleep 1; done; f() {\n  ( cd x && y ) | while read -r z; do echo $z; done\n}\nf",
            "for x in a b; do if ! a; then b; fi; done < list",
            "echo done; echo if then fi; ls | sort # if",
            "case $x in a) echo;; esac",
            "if x; then ${body}\nfi; echo $(if a; then b; fi)",
            "a=(if)\n",
            "cat <<E\nif\nE",
            "x() { a; }; { b; c; }\n",
        ] {
            assert_eq!(fault(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_left_open_or_empty_is_named() {
        for (text, what) in [
            ("if a; then b", "`then` has no end"),
            ("a; fi", "`fi` has no beginning"),
            ("if a; fi", "`fi` follows `if`"),
            ("until a; do done", "nothing stands between `do` and `done`"),
            ("f() {\n  if a; then b; fi\n", "`{` has no end"),
            ("(\n a\n", "`(` has no end"),
            ("b\n)", "`)` has no beginning"),
            ("while a; b; done", "`done` follows `while`"),
            ("a \\\n", "its last line goes on, and nothing follows"),
            ("a\n--b c", "`--b` stands where a command should"),
            (r"\( -user a \)", r"`\(` stands where a command should"),
        ] {
            assert_eq!(fault(text).as_deref(), Some(what), "{text}");
        }
    }

    /// A shell finds the same texts wrong.
    #[test]
    fn a_shell_agrees() {
        let pieces = [
            "if a; then",
            "b",
            "fi",
            "while c; do",
            "done",
            "else",
            "f() {",
            "}",
            "(",
            ")",
        ];
        let reads = |text: &str| {
            let shell = std::process::Command::new("bash")
                .args(["-n", "-c", text])
                .output();
            shell.unwrap().status.success()
        };
        for one in pieces {
            for two in pieces {
                for three in pieces {
                    let text = [one, two, three].join("\n");
                    // A fault that is not found is no harm.
                    assert!(fault(&text).is_none() || !reads(&text), "{text}");
                }
            }
        }
    }
}
