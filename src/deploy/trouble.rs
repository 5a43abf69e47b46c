//! What an error of the engine or a provider usually means, and what to do about it.

use crate::engine::module::Failed;
use crate::remote::Advice;

/// One likely cause and its way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trouble {
    /// Words that the error holds.
    words: &'static str,
    /// What it means.
    pub cause: &'static str,
    /// The one thing to do.
    pub next: &'static str,
}

/// The engine's words where it does not get the state's lock, whatever the reason.
const LOCKED: &str = "Error acquiring the state lock";

/// The first that fits is told, so the more telling ones stand first.
const TROUBLES: &[Trouble] = &[
    Trouble {
        words: "SSH Key is already in use on your account",
        cause: "the first key of `server.ssh_keys` is on the DigitalOcean account already, and an \
                account holds a key once",
        next: "set `server.ssh_key_fingerprint` in seance.toml to its MD5 fingerprint (`ssh-keygen \
               -E md5 -lf KEY.pub`, without `MD5:`), then run `seance gen`",
    },
    Trouble {
        words: "81058",
        cause: "a DNS record exactly like this exists in the zone already, and OpenTofu did not \
                make it",
        next: "delete the record in Cloudflare's dashboard, or import it: `tofu -chdir=terraform \
               import 'cloudflare_dns_record.ipv4[\"DOMAIN\"]' ZONE_ID/RECORD_ID`",
    },
    Trouble {
        words: "81053",
        cause: "the zone has an A, AAAA or CNAME record of this name already, and OpenTofu did not \
                make it",
        next: "delete the record in Cloudflare's dashboard, or import it: `tofu -chdir=terraform \
               import 'cloudflare_dns_record.ipv4[\"DOMAIN\"]' ZONE_ID/RECORD_ID`",
    },
    Trouble {
        words: "Size is not available in this region",
        cause: "DigitalOcean does not offer this size in this region now",
        next: "choose another `server.size` or `server.region`, then run `seance gen`",
    },
    Trouble {
        words: "Unable to authenticate you",
        cause: "DigitalOcean does not accept the token: it is mistyped, expired or revoked",
        next: "export a valid DIGITALOCEAN_TOKEN",
    },
    Trouble {
        words: "You are not authorized to perform this operation",
        cause: "the DigitalOcean token lacks a scope for this",
        next: "make a token with read and write access and export it as DIGITALOCEAN_TOKEN",
    },
    Trouble {
        words: "Invalid request headers",
        cause: "Cloudflare does not accept the form of the token",
        next: "export CLOUDFLARE_API_TOKEN without quotes or line breaks; a global API key is no token",
    },
    Trouble {
        words: "Invalid access token",
        cause: "Cloudflare does not accept the token: it is mistyped, expired or revoked",
        next: "export a valid CLOUDFLARE_API_TOKEN",
    },
    Trouble {
        words: "Authentication error",
        cause: "Cloudflare does not accept the token for this zone",
        next: "give the token the permissions Zone Read and DNS Write for the zone of `dns.zone`",
    },
    // What cannot be decrypted shows as a lock that cannot be had.
    Trouble {
        words: "decryption failed",
        cause: "the state does not open with this passphrase",
        next: "export the passphrase that the state was written with as TF_VAR_state_passphrase",
    },
    Trouble {
        words: "encountered unencrypted payload",
        cause: "`state.encrypt` is on, and the state was written in the clear",
        next: "carry it over once: move the state file aside, then `tofu -chdir=terraform state \
               push FILE` writes it encrypted",
    },
    Trouble {
        words: "This state file is encrypted",
        cause: "`state.encrypt` is off, and the state was written encrypted",
        next: "write `encrypt = true` under `[state]` in seance.toml, then run `seance gen`",
    },
    Trouble {
        words: LOCKED,
        cause: "somebody else is working on this state, or a run that was killed left its lock",
        next: "wait until they are done; if nobody is, `tofu -chdir=terraform force-unlock ID` with \
               the id above",
    },
    Trouble {
        words: "Saved plan is stale",
        cause: "the state changed after the plan was made",
        next: "run `seance apply` again",
    },
    Trouble {
        words: "Backend configuration changed",
        cause: "`[state]` of seance.toml changed, and the old state has to move along",
        next: "run `tofu -chdir=terraform init -migrate-state` once",
    },
    // Terraform's words and OpenTofu's.
    Trouble {
        words: "Failed to query available provider packages",
        cause: "the providers could not be looked up: no network, or a proxy in between",
        next: "check the network and run the command again",
    },
    Trouble {
        words: "Failed to resolve provider packages",
        cause: "the providers could not be looked up: no network, or a proxy in between",
        next: "check the network and run the command again",
    },
    Trouble {
        words: "will exceed your droplet limit",
        cause: "the DigitalOcean account may have no more droplets",
        next: "destroy one, or ask DigitalOcean for a higher limit in the account's settings",
    },
    Trouble {
        words: "reached your reserved IP limit",
        cause: "the DigitalOcean account may have no more reserved addresses; one whose creation was \
                not answered counts, and costs as long as it leads to no droplet",
        next: "give back the ones that lead to no droplet in DigitalOcean's control panel",
    },
    Trouble {
        words: "Too many requests",
        cause: "the API allows no more requests for now",
        next: "wait some minutes and run the command again",
    },
    Trouble {
        words: "giving up after",
        cause: "the API answered every attempt with an error of its own",
        next: "wait some minutes, look at its status page, and run the command again",
    },
    Trouble {
        words: "429 Too Many Requests",
        cause: "the API allows no more requests for now",
        next: "wait some minutes and run the command again",
    },
    Trouble {
        words: "Invalid zone identifier",
        cause: "there is no zone with the id of `dns.zone_id`, or the token does not see it",
        next: "copy the zone id from the zone's overview in Cloudflare's dashboard",
    },
    Trouble {
        words: "connection refused",
        cause: "the API did not answer",
        next: "check the network and run the command again",
    },
    Trouble {
        words: ": EOF",
        cause: "the connection to the API ended before its answer",
        next: "check the network and run the command again",
    },
    Trouble {
        words: "no such host",
        cause: "the name of the API does not resolve here",
        next: "check the network and its DNS, then run the command again",
    },
];

/// What the errors of a command mean, where that is known.
pub fn explain(failed: &Failed) -> Option<&'static Trouble> {
    TROUBLES
        .iter()
        .find(|trouble| failed.mentions(trouble.words))
}

/// What the last lines of an installer or a switch mean, where they tell.
pub fn of_lines(lines: &[String]) -> Option<Advice> {
    const KNOWN: &[(&[&str], &str, &str)] = &[
        (
            &[
                "Out of memory",
                "Killed",
                "Cannot allocate memory",
                "oom-kill",
            ],
            "the memory is too small for the installer",
            "set `server.install_size` to a size with at least 2 GB, or `server.size` itself",
        ),
        (
            &["No space left on device"],
            "the disk, or the memory that the installer uses as one, is full",
            "set `server.install_size` to a size with more memory",
        ),
        (
            &["Permission denied (publickey"],
            "the machine accepts none of the keys that were shown to it",
            "load the key of `server.ssh_keys` into your agent with `ssh-add`",
        ),
        (
            &[
                "Host key verification failed",
                "REMOTE HOST IDENTIFICATION HAS CHANGED",
            ],
            "the machine does not show the host key that the installation gave it",
            "look at the droplet's recovery console before you trust it",
        ),
        (
            &[
                "Connection timed out",
                "Operation timed out",
                "No route to host",
            ],
            "nothing answers at the address: the firewall, the network or the machine is down",
            "check that `[ports] ssh` lets your address in, then look at the recovery console",
        ),
        (
            &["Connection refused"],
            "the machine answers that nothing listens on the port of ssh",
            "look at the droplet's recovery console",
        ),
    ];
    // The last word counts: what comes first may have been waited for.
    lines.iter().rev().find_map(|line| {
        let mut known = KNOWN.iter();
        let (_, cause, next) =
            known.find(|(words, _, _)| words.iter().any(|word| line.contains(word)))?;
        Some(Advice {
            what: format!("it said `{}`", line.trim()),
            cause: (*cause).to_owned(),
            next: (*next).to_owned(),
        })
    })
}

/// Whether the module has to be initialized before anything else.
pub fn wants_init(failed: &Failed) -> bool {
    const WORDS: [&str; 6] = [
        "Backend initialization required",
        "Inconsistent dependency lock file",
        "Required plugins are not installed",
        "Missing required provider",
        "Module not installed",
        "Initialization required",
    ];
    WORDS.iter().any(|words| failed.mentions(words))
}

/// Whether a protected resource would have been destroyed.
pub fn is_protected(failed: &Failed) -> bool {
    // Terraform's words and OpenTofu's.
    failed.mentions("Instance cannot be destroyed")
        || failed.mentions("Resource instance cannot be destroyed")
}

/// Whether somebody else holds the state.
pub fn is_locked(failed: &Failed) -> bool {
    explain(failed).is_some_and(|trouble| trouble.words == LOCKED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::events::Diagnostic;

    fn failed(detail: &str) -> Failed {
        Failed {
            errors: vec![Diagnostic {
                severity: "error".to_owned(),
                summary: "Error creating something".to_owned(),
                detail: detail.to_owned(),
                ..Diagnostic::default()
            }],
            ..Failed::default()
        }
    }

    #[test]
    fn the_more_telling_cause_wins() {
        let both = failed("400: code 81053 ... Authentication error");
        assert!(
            explain(&both)
                .unwrap()
                .cause
                .contains("record of this name")
        );
        assert_eq!(explain(&failed("something else")), None);
    }

    #[test]
    fn a_state_that_cannot_be_decrypted_is_not_taken_for_a_locked_one() {
        let lock = |reason: &str| Failed {
            errors: vec![Diagnostic {
                severity: "error".to_owned(),
                summary: LOCKED.to_owned(),
                detail: format!("Error message: {reason}"),
                ..Diagnostic::default()
            }],
            ..Failed::default()
        };
        assert!(is_locked(&lock("resource temporarily unavailable")));
        for (reason, next) in [
            (
                "failed to write backup file: decryption failed for all provided methods",
                "TF_VAR_state_passphrase",
            ),
            (
                "encountered unencrypted payload without unencrypted method configured",
                "state push",
            ),
            (
                "Unsupported state file format: This state file is encrypted and can not be read",
                "encrypt = true",
            ),
        ] {
            let failed = lock(reason);
            assert!(!is_locked(&failed), "{reason}");
            assert!(explain(&failed).unwrap().next.contains(next), "{reason}");
        }
    }

    /// Whoever meets an error searches for its words.
    #[test]
    fn every_trouble_stands_in_the_documentation() {
        let page = include_str!("../../docs/deploy.md");
        for trouble in TROUBLES {
            assert!(page.contains(trouble.words), "{}", trouble.words);
        }
    }

    #[test]
    fn the_last_telling_line_counts() {
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        let told = of_lines(&lines(
            "Connection refused\nworking\nkexec: Out of memory\nbye",
        ));
        assert!(told.unwrap().next.contains("install_size"));
        assert_eq!(of_lines(&lines("all is well")), None);
    }

    #[test]
    fn both_engines_are_understood_when_they_protect() {
        for summary in [
            "Instance cannot be destroyed",
            "Resource instance cannot be destroyed",
        ] {
            assert!(is_protected(&failed(summary)));
        }
        assert!(!is_protected(&failed("Instance cannot be found")));
    }

    #[test]
    fn every_cause_can_be_read_as_one_sentence() {
        for trouble in TROUBLES {
            for text in [trouble.cause, trouble.next] {
                assert!(!text.ends_with('.'), "{text}");
                let first = text.chars().next().unwrap();
                assert!(
                    first.is_lowercase()
                        || text.starts_with("DigitalOcean")
                        || text.starts_with("Cloudflare")
                        || first == '`',
                    "{text}"
                );
            }
        }
    }
}
