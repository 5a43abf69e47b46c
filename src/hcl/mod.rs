//! Reading and writing HCL: values out of tfvars, quoting, and the layout that `tofu fmt` keeps.

mod layout;
mod read;
pub mod string;
#[cfg(test)]
mod tests;

pub use layout::align;
pub use read::{SyntaxError, Value, parse, variables};
