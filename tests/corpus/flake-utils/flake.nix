{
  inputs.nixpkgs.url = "nixpkgs/nixos-26.05";
  inputs.flake-utils.url = "github:numtide/flake-utils";
  inputs.agenix.url = "github:ryantm/agenix";
  inputs.agenix.inputs.nixpkgs.follows = "nixpkgs";

  outputs = { self, nixpkgs, flake-utils, agenix }:
    let
      overlay = final: prev: {
        guestbook = final.callPackage ./package.nix { };
      };
    in
    flake-utils.lib.eachDefaultSystem (system:
      let pkgs = import nixpkgs { inherit system; overlays = [ overlay ]; };
      in {
        packages.default = pkgs.guestbook;
        devShells.default = pkgs.mkShell { buildInputs = [ pkgs.go pkgs.gopls ]; };
      })
    // {
      overlays.default = overlay;
      nixosModules.guestbook = import ./module.nix;
      nixosConfigurations.guest = nixpkgs.lib.nixosSystem rec {
        system = "x86_64-linux";
        modules = [
          ({ config, pkgs, ... }: { nixpkgs.overlays = [ overlay ]; })
          self.nixosModules.guestbook
          agenix.nixosModules.default
          ./server.nix
        ];
      };
    };
}
