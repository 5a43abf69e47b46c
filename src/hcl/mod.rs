//! Reading and writing HCL values.

pub mod string;
