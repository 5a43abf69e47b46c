//! How deeply a text nests, known before anything recurses over it.
//!
//! rnix and nixfmt guard their recursion only in part: brackets of a list, chains of operators and
//! long applications run down the stack unchecked. One pass over the tokens bounds them all.

use std::ops::Range;

use rnix::SyntaxKind as Kind;

/// Levels that cost several stack frames of a parser each: brackets, `if`, lambdas, right-hand
/// operators. People stay under thirty.
const DEEPEST_NESTING: usize = 256;
/// Tokens in one expression, which may become as many levels of tree: `f a b c`, `a + b + c`.
const LONGEST_CHAIN: usize = 1024;

/// The place where `text` nests too deeply to be read, if there is one.
pub(super) fn too_deep(text: &str) -> Option<Range<usize>> {
    let mut scan = Scan::new();
    let mut offset = 0;
    for (kind, token) in rnix::tokenize(text) {
        let range = offset..offset + token.len();
        offset = range.end;
        if kind.is_trivia() {
            continue;
        }
        scan.step(kind);
        if scan.heavy > DEEPEST_NESTING || scan.light > LONGEST_CHAIN {
            return Some(range);
        }
    }
    None
}

/// One open bracket and what has piled up inside it, itself included.
struct Frame {
    /// The token that closes it; nothing closes the file.
    close: Option<Kind>,
    heavy: usize,
    light: usize,
}

impl Frame {
    fn new(close: Option<Kind>) -> Self {
        Self {
            close,
            heavy: 1,
            light: 1,
        }
    }

    /// Whether `;` ends a binding here; elsewhere it follows `with a` or `assert a`.
    fn holds_bindings(&self) -> bool {
        matches!(self.close, Some(Kind::TOKEN_R_BRACE | Kind::TOKEN_IN))
    }

    /// Whether what stands in it stands side by side: elements of a list, parts of a string.
    fn is_flat(&self) -> bool {
        matches!(
            self.close,
            Some(Kind::TOKEN_R_BRACK | Kind::TOKEN_STRING_END)
        )
    }
}

/// Upper bounds of the depth at the current token. They count a little too much in broken text
/// and never too little.
struct Scan {
    /// The innermost frame.
    top: Frame,
    /// The frames around it.
    outer: Vec<Frame>,
    /// Sums over all frames.
    heavy: usize,
    light: usize,
    /// Whether the last token asks for an operand: then a closing token would be read as one.
    wants_operand: bool,
}

impl Scan {
    fn new() -> Self {
        Self {
            top: Frame::new(None),
            outer: Vec::new(),
            heavy: 1,
            light: 1,
            wants_operand: false,
        }
    }

    fn step(&mut self, kind: Kind) {
        if let Some(close) = closing(kind) {
            self.heavy += 1;
            self.light += 1;
            let around = std::mem::replace(&mut self.top, Frame::new(Some(close)));
            self.outer.push(around);
        } else if self.wants_operand {
            self.pile_up(kind);
        } else if self.top.close == Some(kind) {
            self.close();
        } else if matches!(kind, Kind::TOKEN_SEMICOLON | Kind::TOKEN_COMMA) {
            self.begin_expression();
        } else {
            self.pile_up(kind);
        }
        self.wants_operand = is_heavy(kind) || is_operator(kind);
    }

    fn close(&mut self) {
        if let Some(around) = self.outer.pop() {
            self.heavy -= self.top.heavy;
            self.light -= self.top.light;
            self.top = around;
        }
    }

    fn begin_expression(&mut self) {
        if self.top.holds_bindings() {
            self.heavy -= self.top.heavy - 1;
            self.top.heavy = 1;
        }
        self.light -= self.top.light - 1;
        self.top.light = 1;
    }

    fn pile_up(&mut self, kind: Kind) {
        if is_heavy(kind) {
            self.top.heavy += 1;
            self.heavy += 1;
        }
        if !self.top.is_flat() {
            self.top.light += 1;
            self.light += 1;
        }
    }
}

/// The token that closes what `kind` opens. `let` is a bracket too: its bindings end at `in`.
fn closing(kind: Kind) -> Option<Kind> {
    Some(match kind {
        Kind::TOKEN_L_PAREN => Kind::TOKEN_R_PAREN,
        Kind::TOKEN_L_BRACE => Kind::TOKEN_R_BRACE,
        Kind::TOKEN_L_BRACK => Kind::TOKEN_R_BRACK,
        Kind::TOKEN_INTERPOL_START => Kind::TOKEN_INTERPOL_END,
        Kind::TOKEN_STRING_START => Kind::TOKEN_STRING_END,
        Kind::TOKEN_LET => Kind::TOKEN_IN,
        _ => return None,
    })
}

/// Tokens after which a parser recurses.
fn is_heavy(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::TOKEN_IF
            | Kind::TOKEN_WITH
            | Kind::TOKEN_ASSERT
            | Kind::TOKEN_COLON
            | Kind::TOKEN_SUB
            | Kind::TOKEN_INVERT
            | Kind::TOKEN_CONCAT
            | Kind::TOKEN_UPDATE
            | Kind::TOKEN_IMPLICATION
            | Kind::TOKEN_PIPE_LEFT
            | Kind::TOKEN_OR
    )
}

/// The other tokens that are followed by an operand.
fn is_operator(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::TOKEN_ADD
            | Kind::TOKEN_MUL
            | Kind::TOKEN_DIV
            | Kind::TOKEN_LESS
            | Kind::TOKEN_LESS_OR_EQ
            | Kind::TOKEN_MORE
            | Kind::TOKEN_MORE_OR_EQ
            | Kind::TOKEN_EQUAL
            | Kind::TOKEN_NOT_EQUAL
            | Kind::TOKEN_AND_AND
            | Kind::TOKEN_OR_OR
            | Kind::TOKEN_PIPE_RIGHT
            | Kind::TOKEN_QUESTION
            | Kind::TOKEN_DOT
    )
}
