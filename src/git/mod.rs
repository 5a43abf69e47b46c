//! What git tracks and ignores: a flake sees only what git knows.

pub mod rules;
