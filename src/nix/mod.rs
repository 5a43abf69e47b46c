//! Reading Nix without evaluating it: parse errors, free names, duplicate keys, string values.
//!
//! Every function here is total: arbitrary text gives an answer, never a panic or an overflowed
//! stack.

mod depth;
mod duplicates;
mod names;
mod parse;
mod scope;
pub mod string;
#[cfg(test)]
mod tests;

pub use duplicates::{Duplicate, duplicates};
pub use parse::{SyntaxError, format, parse};
pub(crate) use parse::{format_shallow, parse_shallow};
pub use scope::{FreeName, free_names};
