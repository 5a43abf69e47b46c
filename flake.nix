# The program, and the example deployment that seance.toml describes.
{
  description = "One typed seance.toml becomes a complete, checked NixOS deployment on DigitalOcean";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
    disko.url = "github:nix-community/disko";
    disko.inputs.nixpkgs.follows = "nixpkgs";
    # Keeps its own nixpkgs, which is what its binary cache was built with.
    devenv.url = "github:cachix/devenv/v2.2.2";
  };

  outputs =
    inputs@{ self, nixpkgs, ... }:
    let
      inherit (nixpkgs) lib;
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "aarch64-darwin"
      ];
      forEachSystem = f: lib.genAttrs systems (system: f nixpkgs.legacyPackages.${system});
      package = pkgs: self.packages.${pkgs.stdenv.hostPlatform.system}.seance;
      # The package's build with another last step, for a check that shares its dependencies.
      variant =
        pkgs: name: inputs: command:
        (package pkgs).overrideAttrs (old: {
          pname = "seance-${name}";
          nativeBuildInputs = old.nativeBuildInputs ++ inputs;
          buildPhase = command;
          doCheck = false;
          installPhase = "touch $out";
          postInstall = "";
          postFixup = "";
        });
    in
    {
      nixosConfigurations = import ./nix/deployment.nix { inherit inputs; };

      packages = forEachSystem (pkgs: rec {
        seance = pkgs.callPackage ./nix/package.nix { };
        default = seance;
      });

      overlays.default = final: _: { seance = final.callPackage ./nix/package.nix { }; };

      apps = forEachSystem (pkgs: rec {
        seance = {
          type = "app";
          program = lib.getExe (package pkgs);
          meta.description = "Generate, check and run the deployment of a seance.toml";
        };
        default = seance;
      });

      devShells = forEachSystem (pkgs: {
        default = pkgs.mkShell {
          inputsFrom = [ (package pkgs) ];
          packages = [
            pkgs.caddy
            pkgs.clippy
            pkgs.deadnix
            pkgs.go
            pkgs.jq
            pkgs.just
            pkgs.opentofu
            pkgs.pre-commit
            pkgs.rust-analyzer
            pkgs.rustfmt
            pkgs.shellcheck
          ];
        };
      });

      checks = forEachSystem (pkgs: {
        package = package pkgs;
        clippy = variant pkgs "clippy" [ pkgs.clippy ] "cargo clippy --all-targets --offline -- -D warnings";
        fmt = variant pkgs "fmt" [ pkgs.rustfmt ] "cargo fmt --check";
        # There is no git in a flake's source, so the git rules say nothing here.
        deployment = pkgs.runCommand "seance-check" { nativeBuildInputs = [ (package pkgs) ]; } ''
          seance check ${self} && touch $out
        '';
      });

      formatter = forEachSystem (pkgs: pkgs.nixfmt);
    };
}
