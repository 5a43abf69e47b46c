//! Modules from outside a project whose effects are known, written as the part of their
//! definitions that rules ask about.

/// What is known of a module.
pub(super) enum Known {
    /// Its definitions, under a name that no file of a project has.
    Text(&'static str, &'static str),
    /// It defines nothing that a rule asks about unless its own options are set.
    Harmless,
    /// It may define anything.
    Unknown,
}

/// Modules of nixpkgs by the end of their path.
const NIXPKGS: [(&str, &str, &str); 6] = [
    (
        "/profiles/qemu-guest.nix",
        "<nixpkgs>/profiles/qemu-guest.nix",
        include_str!("qemu-guest.nix"),
    ),
    (
        "/profiles/headless.nix",
        "<nixpkgs>/profiles/headless.nix",
        include_str!("headless.nix"),
    ),
    (
        "/profiles/minimal.nix",
        "<nixpkgs>/profiles/minimal.nix",
        "{ }",
    ),
    (
        "/virtualisation/digital-ocean-config.nix",
        "<nixpkgs>/virtualisation/digital-ocean-config.nix",
        include_str!("digital-ocean-config.nix"),
    ),
    (
        "/virtualisation/digital-ocean-image.nix",
        "<nixpkgs>/virtualisation/digital-ocean-image.nix",
        r#"{ modulesPath, ... }: { imports = [ (modulesPath + "/virtualisation/digital-ocean-config.nix") ]; }"#,
    ),
    (
        "/installer/scan/not-detected.nix",
        "<nixpkgs>/installer/scan/not-detected.nix",
        "{ }",
    ),
];

/// Flakes whose modules leave the system alone until their own options are used.
const HARMLESS: [&str; 12] = [
    "agenix",
    "attic",
    "catppuccin",
    "determinate",
    "home-manager",
    "impermanence",
    "nix-index-database",
    "nix-minecraft",
    "nix-topology",
    "ragenix",
    "sops-nix",
    "vscode-server",
];

/// What is known of the module that an import names.
pub(super) fn module(name: &str) -> Known {
    let plain = name.trim_end_matches(['>', '}']);
    for (suffix, file, text) in NIXPKGS {
        if plain.ends_with(suffix) {
            return Known::Text(file, text);
        }
    }
    let mut words = name.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'));
    if words.clone().any(|word| word == "disko") {
        return Known::Text("<disko>", include_str!("disko.nix"));
    }
    if words.any(|word| HARMLESS.contains(&word)) {
        return Known::Harmless;
    }
    Known::Unknown
}
