//! The machine seen from outside, by a real sshd, a real Caddy and name servers on loopback.

mod caddy;
mod ssh;
mod sshd;
mod verify;
mod web;
