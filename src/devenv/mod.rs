//! The project's devenv configuration.

pub mod shell;

#[cfg(test)]
mod tests;
