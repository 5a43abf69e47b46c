//! The project's devenv configuration.

pub mod shell;
mod yaml;

pub use yaml::{Input, RequiredVersion, Yaml};

#[cfg(test)]
mod tests;
