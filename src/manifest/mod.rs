//! `seance.toml`: parsed, checked for shape, resolved into a [`crate::deployment::Deployment`].

pub mod rules;
