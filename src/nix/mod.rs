//! Reading Nix without evaluating it: parse errors, free names, duplicate keys, string values.
//!
//! Every function here is total: arbitrary text gives an answer, never a panic or an overflowed
//! stack.

pub mod string;
