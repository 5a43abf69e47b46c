//! Deploying: the order of things around the engine.
//!
//! [`needs`] names what is missing before anything is started, [`nix`] asks whether the system
//! builds, [`planning`] gets from a folder to a judged plan, [`outline`] says in words what it
//! would do and which line of the manifest wants it, [`journal`] keeps what was done,
//! [`installation`] and [`protection`] prepare what one run needs and nobody may keep, and
//! [`trouble`] tells what an error means.

pub mod health;
pub mod installation;
pub mod journal;
pub mod needs;
pub mod nix;
pub mod outline;
pub mod passes;
pub mod planning;
pub mod progress;
pub mod protection;
pub mod recovery;
pub mod scratch;
pub mod strays;
pub mod throwaway;
pub mod trouble;
