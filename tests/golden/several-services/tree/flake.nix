# Yours: seance wrote it once and never touches it again.
{
  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
    disko.url = "github:nix-community/disko";
    disko.inputs.nixpkgs.follows = "nixpkgs";
    # Keeps its own nixpkgs, which is what its binary cache was built with.
    devenv.url = "github:cachix/devenv/v2.2.2";
    seance.url = "github:seance-dev/seance";
    seance.inputs.nixpkgs.follows = "nixpkgs";
  };

  outputs =
    inputs:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "aarch64-darwin"
      ];
      forEachSystem = inputs.nixpkgs.lib.genAttrs systems;
    in
    {
      # The server, from seance.toml; more hosts go beside it with `//`.
      nixosConfigurations = import ./nix/deployment.nix { inherit inputs; };

      # `nix run .#seance -- apply` uses the version that flake.lock pins.
      packages = forEachSystem (system: {
        inherit (inputs.seance.packages.${system}) seance;
        default = inputs.seance.packages.${system}.seance;
      });
    };
}
