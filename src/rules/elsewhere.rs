//! Failures that the files of a project do not show, and what shows them.

use std::fmt;

use crate::finding::Severity;

use FoundBy::{Apply, Doctor, Nothing, Offline, Plan, Verify};
use Severity::{Advice, Error, Warning};

/// A failure that no rule looks for in files.
#[derive(Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// Stable id, as of a rule.
    pub id: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// One line: what is wrong.
    pub title: &'static str,
    /// What shows it.
    pub found_by: FoundBy,
    /// Why the files do not, and where it shows instead. One sentence.
    pub reason: &'static str,
}

/// What finds a failure that files do not show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundBy {
    /// `seance check`, as another rule.
    Offline(&'static str),
    /// `seance plan`: it compares with the state.
    Plan,
    /// `seance doctor`: it asks the provider, DNS and the operator's machine.
    Doctor,
    /// `seance verify`: it asks the running server.
    Verify,
    /// `seance apply`: it sees what happens during the deployment.
    Apply,
    /// Nobody can tell.
    Nothing,
}

impl fmt::Display for FoundBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Offline(rule) => write!(f, "offline, as `{rule}`"),
            Self::Plan => f.write_str("`seance plan`"),
            Self::Doctor => f.write_str("`seance doctor`"),
            Self::Verify => f.write_str("`seance verify`"),
            Self::Apply => f.write_str("`seance apply`"),
            Self::Nothing => f.write_str("not decidable"),
        }
    }
}

const fn entry(
    id: &'static str,
    severity: Severity,
    found_by: FoundBy,
    title: &'static str,
    reason: &'static str,
) -> Elsewhere {
    Elsewhere {
        id,
        severity,
        title,
        found_by,
        reason,
    }
}

/// Every entry, ordered by id.
pub(super) static ELSEWHERE: &[Elsewhere] = &[
    entry(
        "build-darwin-all-in-one",
        Error,
        Doctor,
        "a machine that is not x86_64-linux builds the system without a builder",
        "Which system the operator works on, and which builders its Nix knows, is no part of the \
         project.",
    ),
    entry(
        "build-local-tools",
        Error,
        Doctor,
        "a program that the deployment calls is missing on the operator's machine",
        "What is on PATH, and how old its bash is, shows on that machine only.",
    ),
    entry(
        "build-nix-features-missing",
        Error,
        Doctor,
        "the operator's Nix has flakes switched off",
        "The setting lies in the nix.conf of the machine or of the user.",
    ),
    entry(
        "build-on-auto-misses-extra-platforms",
        Advice,
        Doctor,
        "where to build is left to a guess that overlooks emulated platforms",
        "The guess matters only where the operator's system is another than the droplet's.",
    ),
    entry(
        "caddy-caa",
        Warning,
        Doctor,
        "a CAA record keeps the certificate authority from issuing",
        "The record may stand anywhere up the domain, so only a DNS query tells.",
    ),
    entry(
        "caddy-cert-quota-on-reinstall",
        Warning,
        Apply,
        "servers made again and again use up the certificates of a week",
        "Only the journal of deployments knows how often the same names were asked for.",
    ),
    entry(
        "caddy-config-error-stays-down",
        Warning,
        Doctor,
        "Caddy refuses its configuration and systemd does not try again",
        "Caddy's modules decide what is valid, so Caddy itself has to read the file.",
    ),
    entry(
        "caddy-dns-not-pointing",
        Warning,
        Doctor,
        "a domain does not lead to the server yet",
        "Only the zone's own servers say what a name leads to; that a site has a record at all is found in files.",
    ),
    entry(
        "disk-attr-rename-unboots",
        Error,
        Apply,
        "a disk or partition of an installed server got another name",
        "The labels that the installation wrote to the disk are in the journal of deployments, \
         not in the project.",
    ),
    entry(
        "disk-edit-after-install",
        Warning,
        Plan,
        "the disk layout changed and no deployment will apply it",
        "Whether the server is installed already is in the state.",
    ),
    entry(
        "net-leftover-cloud-init-units",
        Warning,
        Verify,
        "network files that cloud-init wrote earlier win over the declared ones",
        "The files lie on the server; the project no longer mentions cloud-init.",
    ),
    entry(
        "net-static-address-of-a-dead-droplet",
        Error,
        Plan,
        "the configuration holds the address of a droplet that is gone",
        "The address of the present droplet is in the state.",
    ),
    entry(
        "ops-no-rollback",
        Warning,
        Apply,
        "an update that cuts the connection is never taken back",
        "What takes an update back is how it is deployed, not what the files say.",
    ),
    entry(
        "size-cost-of-idle",
        Advice,
        Doctor,
        "a droplet that is off, or a reserved address without one, is paid for",
        "Only the account knows what is switched off or unattached.",
    ),
    entry(
        "size-do-api-eventual",
        Advice,
        Apply,
        "a list of droplets still shows one that was destroyed",
        "DigitalOcean's lists lag behind; it shows only right after a change.",
    ),
    entry(
        "size-unit-test-plan",
        Advice,
        Nothing,
        "a trial runs on the size of production",
        "Nothing says whether a deployment is meant as a trial; a small size for some minutes \
         costs about a cent.",
    ),
    entry(
        "ssh-authorized-keys-files-forced",
        Warning,
        Plan,
        "an installation over a running NixOS waits for a key that sshd does not read",
        "It matters only when the plan installs again without a new droplet.",
    ),
    entry(
        "ssh-deploy-key-mismatch",
        Error,
        Doctor,
        "the operator's private key belongs to no declared public key",
        "Private keys and the agent are on the operator's machine.",
    ),
    entry(
        "ssh-key-already-on-account",
        Warning,
        Doctor,
        "the account already holds the public key that the plan would add",
        "The keys of the account are behind the API.",
    ),
    entry(
        "ssh-known-hosts-after-reinstall",
        Warning,
        Doctor,
        "known_hosts still holds the key of the server before",
        "The file is the operator's own.",
    ),
    entry(
        "ssh-no-host-verification",
        Advice,
        Verify,
        "the installer and the deploy script trust any host key",
        "Every use of nixos-anywhere does so; whether the right machine answers is seen with the pinned key afterwards.",
    ),
    entry(
        "ssh-passphrase-key",
        Warning,
        Doctor,
        "the deployment is handed a private key that asks for a passphrase",
        "The key file is on the operator's machine.",
    ),
    entry(
        "tofu-build-at-plan",
        Advice,
        Plan,
        "a plan builds the whole system",
        "It is how the all-in-one module works and no fault of a configuration; a plan takes as long as it takes.",
    ),
    entry(
        "tofu-failed-install-reinstalls",
        Warning,
        Plan,
        "the next apply would install again over a running server",
        "That the installation failed late is a mark in the state.",
    ),
    entry(
        "tofu-inherited-key-env",
        Warning,
        Doctor,
        "the environment holds a key that replaces the agent's",
        "The environment is that of the shell that deploys.",
    ),
    entry(
        "tofu-install-hangs",
        Warning,
        Apply,
        "an installation waits without end",
        "Every cause looks the same until it is probed while the installation runs.",
    ),
    entry(
        "tofu-install-success-is-not-boot",
        Error,
        Verify,
        "the installation is taken for a server that runs",
        "Whether it boots, and into which system, is to be asked of the server.",
    ),
    entry(
        "tofu-instance-id-added-later",
        Error,
        Plan,
        "a new `instance_id` would wipe a server that is in use",
        "Whether the installation was made without one is in the state.",
    ),
    entry(
        "tofu-kernel-needs-reboot",
        Advice,
        Verify,
        "a new kernel waits for a reboot",
        "The kernel that runs is to be asked of the server.",
    ),
    entry(
        "tofu-rebuild-trigger",
        Advice,
        Verify,
        "the server runs another system than the one that was deployed",
        "The system that runs is to be asked of the server.",
    ),
    entry(
        "tofu-switch-in-ssh-session",
        Warning,
        Apply,
        "a change of network or SSH cuts the session that makes it",
        "Which units an activation restarts depends on the system that runs before it.",
    ),
    entry(
        "tofu-systemd-failure-fails-apply",
        Warning,
        Apply,
        "one failed unit makes the whole deployment fail",
        "Whether a unit fails at its first start is seen when it starts.",
    ),
    entry(
        "tofu-untracked-files",
        Error,
        Offline("git-untracked"),
        "a file of the deployment is unknown to git, so the flake does not see it",
        "Git's index decides, and the rule named here reads it.",
    ),
    entry(
        "tofu-vm-test-first",
        Advice,
        Nothing,
        "the disk layout never booted in a virtual machine",
        "Nothing records that a layout was tried.",
    ),
];
