//! Rule records of this module.

use crate::finding::Severity;
use crate::rules::Rule;

/// A link of the chain that the files break.
pub static BROKEN: Rule = Rule {
    id: "access-broken",
    severity: Severity::Error,
    title: "nobody can get in to the installed machine",
    why: "A person gets in when a key reaches an account that sshd allows, on a port that both \
          firewalls open, at an address that the network configuration assigns, on a disk that \
          boots. One link is missing, so the installation succeeds and the machine cannot be \
          reached.",
    fix: "Mend the link that the message names; `seance check --explain-access` shows the whole \
          chain.",
    evidence: "Each link is a rule of its own as well; see `seance explain --list`.",
};

/// A link of the chain that cannot be decided from files.
pub static UNPROVEN: Rule = Rule {
    id: "access-unproven",
    severity: Severity::Warning,
    title: "it cannot be proven from the files that a person gets in",
    why: "The value of one link comes from something that only running Nix or OpenTofu would \
          tell, such as a module from outside the project.",
    fix: "Write the value as a literal in a file of the project, or make sure of it by hand.",
    evidence: "The reading follows imports, conditions and priorities inside the project only.",
};

/// Every record, for the list of all rules.
pub static ALL: [&Rule; 2] = [&BROKEN, &UNPROVEN];
