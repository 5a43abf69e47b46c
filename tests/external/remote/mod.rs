//! The machine seen from outside, by a real sshd, a real Caddy and name servers on loopback.

mod ssh;
mod sshd;
