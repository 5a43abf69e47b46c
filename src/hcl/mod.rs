//! Reading and writing HCL values.
