# The seance program; `pkgs.callPackage ./nix/package.nix { }`.
{
  lib,
  stdenv,
  buildPackages,
  rustPlatform,
  installShellFiles,
  makeBinaryWrapper,
  gitMinimal,
  opentofu,
  nixos-anywhere,
  # Whether to bring OpenTofu and nixos-anywhere along. They go to the end of PATH: a tool of your
  # own comes first.
  withTools ? true,
}:
let
  manifest = lib.importTOML ../Cargo.toml;
  # Completions and man pages come from the program itself; a cross build asks the build machine's
  # copy of it.
  seance =
    if stdenv.buildPlatform.canExecute stdenv.hostPlatform then
      "$out/bin/seance"
    else
      lib.getExe (buildPackages.callPackage ./package.nix { withTools = false; });
in
rustPlatform.buildRustPackage {
  pname = "seance";
  inherit (manifest.package) version;

  src = lib.fileset.toSource {
    root = ../.;
    fileset = lib.fileset.intersection (lib.fileset.fromSource (lib.sources.cleanSource ../.)) (
      lib.fileset.unions [
        ../Cargo.lock
        ../Cargo.toml
        ../benches
        ../src
        ../templates
        # The golden trees and the files that tests hold against the program's output.
        ../Caddyfile
        ../CHANGELOG.md
        ../CONTRIBUTING.md
        ../LICENSE-APACHE
        ../LICENSE-MIT
        ../README.md
        ../caddy
        ../devenv.nix
        ../devenv.yaml
        ../docs
        ../flake.nix
        ../fuzz/properties.rs
        ../fuzz/regressions
        ../fuzz/seeds
        ../nix
        ../schema
        ../seance.toml
        ../tests
        # Not the whole folder: a local state lies there too, and the store is readable to all.
        (lib.fileset.fileFilter (file: lib.any file.hasExt [ "tf" "tofu" "tfvars" ]) ../terraform)
      ]
    );
  };
  cargoLock.lockFile = ../Cargo.lock;
  strictDeps = true;

  nativeBuildInputs = [
    installShellFiles
    makeBinaryWrapper
  ];
  nativeCheckInputs = [ gitMinimal ];

  postInstall = ''
    installShellCompletion --cmd seance \
      --bash <(${seance} completions bash) \
      --zsh <(${seance} completions zsh) \
      --fish <(${seance} completions fish)
    ${seance} man "$TMPDIR/man"
    installManPage "$TMPDIR"/man/*
  '';
  postFixup = lib.optionalString withTools ''
    wrapProgram $out/bin/seance --suffix PATH : ${
      lib.makeBinPath [
        opentofu
        nixos-anywhere
      ]
    }
  '';

  meta = {
    inherit (manifest.package) description;
    license = [
      lib.licenses.mit
      lib.licenses.asl20
    ];
    mainProgram = "seance";
    platforms = lib.platforms.unix;
  };
}
