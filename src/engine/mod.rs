//! The engine that builds and changes infrastructure: `OpenTofu`, or Terraform where there is none.
//!
//! It is found ([`program`]), started with an environment that nobody's shell can bend
//! ([`environment`]), run with a first and a second interrupt ([`run`]), and read: the plan as
//! `show -json` tells it ([`plan`]), the stream of events while it works ([`events`]). What a
//! plan would do to the machine is decided in [`gate`], from the plan alone. [`module`] puts the
//! commands of one module together.

pub mod environment;
pub mod events;
pub mod gate;
pub mod module;
pub mod plan;
pub mod program;
pub mod run;
