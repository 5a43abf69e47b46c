//! The layout that `tofu fmt` leaves alone: two spaces a level, `=` and trailing comments aligned.
//!
//! A line takes part in an alignment when its value ends on the same line; any other line ends
//! the run. Spacing inside a value is the writer's business and is kept.

/// Lays a text out. Heredocs, block comments and strings are kept as they are.
pub fn align(text: &str) -> String {
    let mut lines = read_lines(text);
    indent(&mut lines);
    align_column(
        &mut lines,
        |line| line.value.is_some(),
        Line::head_width,
        |line, pad| {
            line.before_value = pad;
        },
    );
    align_column(
        &mut lines,
        |line| line.comment.is_some(),
        Line::code_width,
        |line, pad| {
            line.before_comment = pad;
        },
    );
    let mut laid_out = String::with_capacity(text.len());
    for line in &lines {
        line.write(&mut laid_out);
    }
    laid_out
}

/// One line, cut where spaces may change.
#[derive(Default)]
struct Line {
    /// Inside a heredoc or a block comment: nothing may change.
    verbatim: bool,
    indentation: usize,
    /// Up to the `=`, or all of the code.
    head: String,
    before_value: usize,
    /// From the `=` on, when the value ends on this line.
    value: Option<String>,
    before_comment: usize,
    /// A comment after code.
    comment: Option<String>,
    /// Brackets opened less brackets closed.
    balance: isize,
}

impl Line {
    fn head_width(&self) -> usize {
        self.indentation + self.head.chars().count()
    }

    fn code_width(&self) -> usize {
        let value = self.value.as_ref();
        self.head_width() + value.map_or(0, |value| self.before_value + value.chars().count())
    }

    fn write(&self, out: &mut String) {
        let spaces = |out: &mut String, count: usize| out.extend(std::iter::repeat_n(' ', count));
        if self.verbatim || !self.head.is_empty() {
            spaces(out, self.indentation);
        }
        out.push_str(&self.head);
        if let Some(value) = &self.value {
            spaces(out, self.before_value);
            out.push_str(value);
        }
        if let Some(comment) = &self.comment {
            spaces(out, self.before_comment);
            out.push_str(comment);
        }
        out.push('\n');
    }
}

/// What continues from one line into the next.
enum Inside {
    Code,
    BlockComment,
    /// The marker that ends the heredoc.
    Heredoc(String),
}

fn read_lines(text: &str) -> Vec<Line> {
    let mut inside = Inside::Code;
    text.lines()
        .map(|raw| match &inside {
            Inside::Code => {
                let (line, next) = read_code(raw.trim());
                inside = next;
                line
            }
            Inside::BlockComment => {
                if raw.contains("*/") {
                    inside = Inside::Code;
                }
                verbatim(raw)
            }
            Inside::Heredoc(marker) => {
                if raw.trim() == marker {
                    inside = Inside::Code;
                }
                verbatim(raw)
            }
        })
        .collect()
}

fn verbatim(raw: &str) -> Line {
    Line {
        verbatim: true,
        head: raw.to_owned(),
        ..Line::default()
    }
}

fn read_code(code: &str) -> (Line, Inside) {
    let scan = Scan::of(code);
    let (code, comment) = match scan.comment {
        Some(0) | None => (code, None),
        Some(at) => (code[..at].trim_end(), Some(code[at..].to_owned())),
    };
    let mut line = Line {
        balance: scan.balance,
        comment,
        ..Line::default()
    };
    match scan.equals {
        Some(at) if scan.balance_after_equals == 0 && scan.next_is_code() => {
            code[..at].trim_end().clone_into(&mut line.head);
            line.value = Some(format!("= {}", code[at + 1..].trim_start()));
        }
        _ => code.clone_into(&mut line.head),
    }
    (line, scan.next)
}

/// What one line of code holds.
struct Scan {
    /// The first `=` that assigns.
    equals: Option<usize>,
    balance: isize,
    balance_after_equals: isize,
    comment: Option<usize>,
    next: Inside,
}

impl Scan {
    fn of(code: &str) -> Self {
        let bytes = code.as_bytes();
        let mut scan = Self {
            equals: None,
            balance: 0,
            balance_after_equals: 0,
            comment: None,
            next: Inside::Code,
        };
        let mut at = 0;
        while at < bytes.len() {
            let rest = &bytes[at..];
            at += match rest {
                [b'"', ..] => string_length(rest),
                [b'#', ..] | [b'/', b'/', ..] => {
                    scan.comment = Some(at);
                    break;
                }
                [b'/', b'*', ..] => {
                    let Some(end) = code[at..].find("*/") else {
                        scan.next = Inside::BlockComment;
                        break;
                    };
                    end + 2
                }
                [b'<', b'<', marker @ ..] => {
                    let marker = String::from_utf8_lossy(marker);
                    let marker = marker.trim_start_matches('-').trim().to_owned();
                    scan.next = Inside::Heredoc(marker);
                    break;
                }
                [b'=' | b'!' | b'<' | b'>', b'=', ..] | [b'=', b'>', ..] => 2,
                [byte, ..] => {
                    scan.token(*byte, at);
                    1
                }
                [] => break,
            };
        }
        scan
    }

    fn token(&mut self, byte: u8, at: usize) {
        match byte {
            b'{' | b'[' | b'(' => self.brackets(1),
            b'}' | b']' | b')' => self.brackets(-1),
            b'=' if self.equals.is_none() && at > 0 => self.equals = Some(at),
            _ => {}
        }
    }

    fn brackets(&mut self, change: isize) {
        self.balance += change;
        if self.equals.is_some() {
            self.balance_after_equals += change;
        }
    }

    fn next_is_code(&self) -> bool {
        matches!(self.next, Inside::Code)
    }
}

/// The length of the quoted string at the start of `bytes`, templates inside it included.
fn string_length(bytes: &[u8]) -> usize {
    // Quotes and braces that are open; the string itself is the first.
    let mut open = vec![b'"'];
    let mut at = 1;
    while at < bytes.len() && !open.is_empty() {
        let in_string = open.last() == Some(&b'"');
        at += match (&bytes[at..], in_string) {
            ([b'\\', _, ..] | [b'$', b'$', b'{', ..] | [b'%', b'%', b'{', ..], true) => 2,
            ([b'$' | b'%', b'{', ..], true) => {
                open.push(b'{');
                2
            }
            ([b'"', ..], true) | ([b'}', ..], false) => {
                open.pop();
                1
            }
            ([bracket @ (b'"' | b'{'), ..], false) => {
                open.push(*bracket);
                1
            }
            _ => 1,
        };
    }
    at.min(bytes.len())
}

/// Indentation stops here, so that a tower of brackets cannot fill the memory.
const DEEPEST: usize = 64;

/// Each line that opens brackets indents what follows by one level, however many it opens.
fn indent(lines: &mut [Line]) {
    let mut open: Vec<isize> = Vec::new();
    for line in lines {
        if line.verbatim {
            continue;
        }
        let mut closing = -line.balance;
        while closing > 0 {
            match open.last_mut() {
                Some(level) if *level > closing => {
                    *level -= closing;
                    closing = 0;
                }
                Some(level) => {
                    closing -= *level;
                    open.pop();
                }
                None => break,
            }
        }
        line.indentation = 2 * open.len().min(DEEPEST);
        if line.balance > 0 {
            open.push(line.balance);
        }
    }
}

/// Pads one column over every run of neighbouring lines that have it.
fn align_column(
    lines: &mut [Line],
    has_it: impl Fn(&Line) -> bool,
    width: impl Fn(&Line) -> usize,
    mut pad: impl FnMut(&mut Line, usize),
) {
    for run in lines.chunk_by_mut(|a, b| has_it(a) && has_it(b)) {
        if !run.first().is_some_and(&has_it) {
            continue;
        }
        let widest = run.iter().map(&width).max().unwrap_or(0);
        for line in run {
            let spaces = widest - width(line) + 1;
            pad(line, spaces);
        }
    }
}
