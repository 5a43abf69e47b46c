//! Rule records of this module.

use crate::finding::Severity;
use crate::rules::Rule;

/// Every record of this module.
pub static ALL: &[&Rule] = &[
    &MANIFEST_SYNTAX,
    &MANIFEST_UNKNOWN_KEY,
    &MANIFEST_TYPE,
    &MANIFEST_MISSING_KEY,
    &MANIFEST_VERSION,
    &MANIFEST_VALUE,
    &MANIFEST_SECRET,
    &DOMAIN_OUTSIDE_ZONE,
    &DOMAIN_UNUSED,
    &SERVICE_UNREACHABLE,
    &PORT_DUPLICATE,
    &PORT_TWO_OWNERS,
    &PORT_UNOWNED,
    &SERVICE_PORT_RESERVED,
    &LOCAL_PORT_TAKEN,
    &SERVICE_PORT_ENV,
    &CADDY_PORTS,
    &SSH_PORT_MISSING,
    &PROFILE_MISSING,
    &SITE_DOMAIN_UNKNOWN,
    &SITE_ADDRESS_DOUBLED,
    &SITE_DOMAIN_MISSING,
    &SERVICE_KIND,
    &CONTAINER_KEYS,
    &RAM_BELOW_KEXEC_MINIMUM,
    &RAM_EVAL_ON_TARGET,
    &DISK_WRONG_DEVICE,
    &SIZE_REGION_RESTRICTED,
    &SIZE_SMALLER_DISK,
    &INSTALL_SIZE_GROWS_DISK,
    &DEPLOY_KEY_MISSING,
    &DEPLOY_KEY_UNUSED,
    &ALLOW_UNKNOWN_RULE,
    &ALLOW_UNUSED,
    &STATE_S3_INCOMPLETE,
    &STATE_S3_UNUSED,
    &SKIP_UNKNOWN_PATH,
    &RELEASE_MISMATCH,
];

pub(crate) static MANIFEST_SYNTAX: Rule = Rule {
    id: "manifest-syntax",
    severity: Severity::Error,
    title: "the file is not TOML",
    why: "What cannot be read cannot be checked: the rest of the file may mean something else than it seems to.",
    fix: "Correct the marked line; every line is a `[table]` header, `key = value`, a comment or empty.",
    evidence: "TOML 1.1 specification",
};

pub(crate) static MANIFEST_UNKNOWN_KEY: Rule = Rule {
    id: "manifest-unknown-key",
    severity: Severity::Error,
    title: "a key that seance does not know",
    why: "An unknown key has no effect, so a misspelt `from` would leave a port open to everyone.",
    fix: "Write the nearest known key, or remove the line. `seance schema` lists all keys.",
    evidence: "the schema of seance.toml",
};

pub(crate) static MANIFEST_TYPE: Rule = Rule {
    id: "manifest-type",
    severity: Severity::Error,
    title: "a value of the wrong type",
    why: "A number in the place of text, or text in the place of a list, has no one meaning.",
    fix: "Write the value as the message says: text in quotes, numbers without, lists in brackets.",
    evidence: "the schema of seance.toml",
};

pub(crate) static MANIFEST_MISSING_KEY: Rule = Rule {
    id: "manifest-missing-key",
    severity: Severity::Error,
    title: "a required key is missing",
    why: "There is no safe guess for it: where the server stands, what it costs, who may log in.",
    fix: "Add the key that the message shows.",
    evidence: "the schema of seance.toml",
};

pub(crate) static MANIFEST_VERSION: Rule = Rule {
    id: "manifest-version",
    severity: Severity::Error,
    title: "a format version that this seance does not read",
    why: "The same key may mean something else in another version of the format.",
    fix: "Write `version = 1`, or install the seance that made the file.",
    evidence: "the schema of seance.toml",
};

pub(crate) static MANIFEST_VALUE: Rule = Rule {
    id: "manifest-value",
    severity: Severity::Error,
    title: "a value that cannot be right",
    why: "It would be refused later, by NixOS, the provider or the certificate authority, when servers already exist and cost money.",
    fix: "Write what the message asks for.",
    evidence: "the checks of each value, see the reference of seance.toml",
};

pub(crate) static MANIFEST_SECRET: Rule = Rule {
    id: "manifest-secret",
    severity: Severity::Error,
    title: "a secret in the manifest",
    why: "The manifest is committed, and its values reach the Nix store, which every user of the server can read.",
    fix: "Remove it, replace the secret, and set it with `seance secret set NAME` or through the environment.",
    evidence: "token formats of the providers",
};

pub(crate) static DOMAIN_OUTSIDE_ZONE: Rule = Rule {
    id: "domain-outside-zone",
    severity: Severity::Error,
    title: "a host name outside the DNS zone",
    why: "Records are made in one zone; the provider would refuse or misname a record of another.",
    fix: "Write a name inside `dns.zone`, or correct the zone.",
    evidence: "Cloudflare's API makes records inside a zone only",
};

pub(crate) static DOMAIN_UNUSED: Rule = Rule {
    id: "domain-unused",
    severity: Severity::Error,
    title: "a domain that no service names",
    why: "Its record would lead to a server that has neither a site nor a certificate for it.",
    fix: "Name it in the `domains` of a service, or remove it.",
    evidence: "Caddy answers only for the sites it is given",
};

pub(crate) static SERVICE_UNREACHABLE: Rule = Rule {
    id: "service-unreachable",
    severity: Severity::Error,
    title: "a service that nobody can reach",
    why: "It has neither a domain nor an open port, so it would run for nobody but its neighbours.",
    fix: "Give it `domains`, or add its port to `[ports]`; a service for its neighbours alone can be allowed in `[check] allow`.",
    evidence: "both firewalls drop what is not opened",
};

pub(crate) static PORT_DUPLICATE: Rule = Rule {
    id: "port-duplicate",
    severity: Severity::Error,
    title: "one port under two names",
    why: "Both firewalls would get the same rule twice, perhaps with different networks, and the wider one wins.",
    fix: "Keep one of the entries.",
    evidence: "rules of a DigitalOcean firewall add up",
};

pub(crate) static PORT_TWO_OWNERS: Rule = Rule {
    id: "port-two-owners",
    severity: Severity::Error,
    title: "two services on one port",
    why: "The second one to start fails with `address already in use` and is restarted for ever.",
    fix: "Give each service its own port.",
    evidence: "bind(2), EADDRINUSE",
};

pub(crate) static PORT_UNOWNED: Rule = Rule {
    id: "port-unowned",
    severity: Severity::Error,
    title: "an open port that no service listens on",
    why: "It is open for nothing today and for whatever happens to listen there tomorrow.",
    fix: "Remove it, or give it the number of a service's `port`.",
    evidence: "both firewalls are made from the same list",
};

pub(crate) static SERVICE_PORT_RESERVED: Rule = Rule {
    id: "service-port-reserved",
    severity: Severity::Error,
    title: "a service on a port that is taken",
    why: "SSH and Caddy (80, 443) listen there; one of the two cannot start.",
    fix: "Choose another port, such as 3000.",
    evidence: "Caddy's and OpenSSH's default ports",
};

pub(crate) static LOCAL_PORT_TAKEN: Rule = Rule {
    id: "local-port-taken",
    severity: Severity::Warning,
    title: "a service on the port of the developer's Caddy",
    why: "In the default profile Caddy serves the sites on the port of CADDY_DOMAIN, so on a \
          developer's machine one of the two cannot start. The server is not affected.",
    fix: "Choose another port for the service, or for CADDY_DOMAIN in [profiles.default.env].",
    evidence: "two listeners on one address and port",
};

pub(crate) static SERVICE_PORT_ENV: Rule = Rule {
    id: "service-port-env",
    severity: Severity::Warning,
    title: "PORT differs from the port of the service",
    why: "The service listens where PORT says, but Caddy and the health checks ask at its `port`.",
    fix: "Remove PORT from `env`, or write the same number in both places.",
    evidence: "twelve-factor port binding; Caddy's reverse_proxy",
};

pub(crate) static CADDY_PORTS: Rule = Rule {
    id: "caddy-ports",
    severity: Severity::Error,
    title: "Caddy without open ports 80 and 443",
    why: "Let's Encrypt proves the domain through one of them and visitors come through both; without them there is no HTTPS.",
    fix: "Write `http = 80` and `https = 443` in `[ports]`, open to everyone.",
    evidence: "Let's Encrypt challenge types HTTP-01 and TLS-ALPN-01",
};

pub(crate) static SSH_PORT_MISSING: Rule = Rule {
    id: "ssh-port-missing",
    severity: Severity::Error,
    title: "no open port for SSH",
    why: "Installation, updates and log-ins all go through SSH: the server would be made and never reached.",
    fix: "Write `ssh = 22` in `[ports]`, if possible with `from`.",
    evidence: "both firewalls drop what is not opened",
};

pub(crate) static PROFILE_MISSING: Rule = Rule {
    id: "profile-missing",
    severity: Severity::Error,
    title: "the server's profile does not exist",
    why: "devenv stops at a profile that it does not know, so nothing would start.",
    fix: "Add `[profiles.<name>.env]`, or write a profile that exists.",
    evidence: "devenv up --profile",
};

pub(crate) static SITE_DOMAIN_UNKNOWN: Rule = Rule {
    id: "site-domain-unknown",
    severity: Severity::Error,
    title: "a site that is not among the domains",
    why: "Without an entry in `[domains]` there is no DNS record, so no certificate and no visitor.",
    fix: "Write a domain that exists in `[domains]`, or add it there.",
    evidence: "each entry of [domains] becomes one DNS record",
};

pub(crate) static SITE_ADDRESS_DOUBLED: Rule = Rule {
    id: "site-address-doubled",
    severity: Severity::Error,
    title: "one address for two sites",
    why: "Caddy refuses a configuration in which an address appears twice, and then serves nothing at all.",
    fix: "Let each domain lead to one service.",
    evidence: "caddy adapt: ambiguous site definition",
};

pub(crate) static SITE_DOMAIN_MISSING: Rule = Rule {
    id: "site-domain-missing",
    severity: Severity::Error,
    title: "several sites but no CADDY_DOMAIN or APP_DOMAIN",
    why: "With one service its domains are those two; with several it is not clear which is meant.",
    fix: "Write both under `[profiles.<server.profile>.env]`; APP_DOMAIN may be empty.",
    evidence: "the guide's Caddyfile reads both",
};

pub(crate) static SERVICE_KIND: Rule = Rule {
    id: "service-kind",
    severity: Severity::Error,
    title: "a service is a process or a container",
    why: "With both `command` and `image` there are two things to start, with neither there is none.",
    fix: "Write exactly one of `command` and `image`.",
    evidence: "the schema of seance.toml",
};

pub(crate) static CONTAINER_KEYS: Rule = Rule {
    id: "container-keys",
    severity: Severity::Error,
    title: "a key that fits the other kind of service",
    why: "`prepare`, `packages` and `directory` belong to processes, `container_port` to containers; elsewhere they would do nothing.",
    fix: "Remove the key.",
    evidence: "the schema of seance.toml",
};

pub(crate) static RAM_BELOW_KEXEC_MINIMUM: Rule = Rule {
    id: "ram-below-kexec-minimum",
    severity: Severity::Error,
    title: "too little memory to install NixOS",
    why: "The installer and its unpacked system live in memory; with less than 2 GB the server hangs or never comes back.",
    fix: "Write `size = \"s-1vcpu-2gb\"` or larger, or add an `install_size` with at least 2 GB.",
    evidence: "nixos-anywhere: docs/requirements.md, its DigitalOcean test; issues 348 and 609",
};

pub(crate) static RAM_EVAL_ON_TARGET: Rule = Rule {
    id: "ram-eval-on-target",
    severity: Severity::Warning,
    title: "little memory for Nix on the server",
    why: "devenv evaluates Nix on the server when something changed; with less than 2 GB it runs from swap and starts take minutes.",
    fix: "Choose a size with at least 2 GB, or accept slow starts.",
    evidence: "nixpkgs issue 135033, Nix issue 5200",
};

pub(crate) static DISK_WRONG_DEVICE: Rule = Rule {
    id: "disk-wrong-device",
    severity: Severity::Error,
    title: "not the disk of a droplet",
    why: "A droplet's disk is /dev/vda; another name does not exist or is an attached volume, which would be erased.",
    fix: "Write `device = \"/dev/vda\"`, or remove the line.",
    evidence: "nixos-anywhere's DigitalOcean test; DigitalOcean volumes appear as SCSI disks",
};

pub(crate) static SIZE_REGION_RESTRICTED: Rule = Rule {
    id: "size-region-restricted",
    severity: Severity::Warning,
    title: "a region that is not open to everyone",
    why: "New droplets there are refused for accounts that have none yet, after DNS and keys were made.",
    fix: "Choose an open region nearby.",
    evidence: "DigitalOcean's regional availability page",
};

pub(crate) static SIZE_SMALLER_DISK: Rule = Rule {
    id: "size-smaller-disk",
    severity: Severity::Error,
    title: "an install_size with a smaller disk",
    why: "The droplet is made with the disk of `size`, and DigitalOcean refuses to resize to a plan whose disk is smaller.",
    fix: "Choose an `install_size` whose disk is at least as large as that of `size`.",
    evidence: "DigitalOcean droplet resize",
};

pub(crate) static INSTALL_SIZE_GROWS_DISK: Rule = Rule {
    id: "install-size-grows-disk",
    severity: Severity::Error,
    title: "install_size together with resize_disk",
    why: "The way up to `install_size` would grow the disk, and a grown disk can never go back to `size`.",
    fix: "Remove `resize_disk`, or remove `install_size`.",
    evidence: "DigitalOcean droplet resize: disk growth is permanent",
};

pub(crate) static DEPLOY_KEY_MISSING: Rule = Rule {
    id: "deploy-key-missing",
    severity: Severity::Error,
    title: "an ssh repository without deploy_key",
    why: "The server has no key of its own, so its first clone is refused and nothing starts.",
    fix: "Write `deploy_key = true` in `[project]`, or the https URL of a public repository.",
    evidence: "git over ssh needs a key",
};

pub(crate) static DEPLOY_KEY_UNUSED: Rule = Rule {
    id: "deploy-key-unused",
    severity: Severity::Warning,
    title: "deploy_key with an https repository",
    why: "A key pair is for ssh; over https it is never asked for, and a private repository stays unreadable.",
    fix: "Write the ssh URL of the repository, or remove `deploy_key`.",
    evidence: "git over https does not use keys",
};

pub(crate) static ALLOW_UNKNOWN_RULE: Rule = Rule {
    id: "allow-unknown-rule",
    severity: Severity::Error,
    title: "an allowed rule that does not exist or cannot be allowed",
    why: "A misspelt id silences nothing, while everyone believes that the matter is settled.",
    fix: "Write an id from `seance explain --list`, or remove the line.",
    evidence: "the rules of seance",
};

pub(crate) static ALLOW_UNUSED: Rule = Rule {
    id: "allow-unused",
    severity: Severity::Warning,
    title: "an allowance that silences nothing",
    why: "What it once excused is gone; should it come back, nobody would be told.",
    fix: "Remove the line from `[check] allow`.",
    evidence: "the findings of the same run, before anything was silenced",
};

pub(crate) static STATE_S3_INCOMPLETE: Rule = Rule {
    id: "state-s3-incomplete",
    severity: Severity::Error,
    title: "an s3 backend without bucket, key or endpoint",
    why: "OpenTofu cannot find its state without them and `init` would ask in the middle of an apply.",
    fix: "Write `bucket`, `key` and `endpoint` in `[state]`.",
    evidence: "OpenTofu's s3 backend",
};

pub(crate) static STATE_S3_UNUSED: Rule = Rule {
    id: "state-s3-unused",
    severity: Severity::Warning,
    title: "s3 settings with a local backend",
    why: "They have no effect: the state stays in a file on this machine.",
    fix: "Write `backend = \"s3\"`, or remove them.",
    evidence: "OpenTofu's local backend",
};

pub(crate) static SKIP_UNKNOWN_PATH: Rule = Rule {
    id: "skip-unknown-path",
    severity: Severity::Error,
    title: "a skipped path that seance does not write",
    why: "A misspelt path skips nothing, and the file you keep by hand would be in conflict with the generated one.",
    fix: "Write the path of an output, such as Caddyfile or nix/disko-config.nix.",
    evidence: "the table of outputs",
};

pub(crate) static RELEASE_MISMATCH: Rule = Rule {
    id: "release-mismatch",
    severity: Severity::Error,
    title: "state_version is newer than the release",
    why: "`state_version` names the release of the first installation; one that this system does not know yet is refused by NixOS.",
    fix: "Write the release of the first installation, usually the same as `nixos_release`.",
    evidence: "nixpkgs: nixos/modules/misc/version.nix",
};
