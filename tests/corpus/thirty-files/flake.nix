{
  description = "All my machines";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
    nixos-hardware.url = "github:NixOS/nixos-hardware";
    home-manager = { url = "github:nix-community/home-manager"; inputs.nixpkgs.follows = "nixpkgs"; };
    disko = { url = "github:nix-community/disko"; inputs.nixpkgs.follows = "nixpkgs"; };
    sops-nix = { url = "github:Mic92/sops-nix"; inputs.nixpkgs.follows = "nixpkgs"; };
  };

  outputs = { self, nixpkgs, ... } @ inputs: let
    lib = nixpkgs.lib.extend (_: _: { mine = import ./lib { inherit (nixpkgs) lib; }; });
    mkHost = import ./lib/mk-host.nix { inherit inputs; };
  in {
    nixosConfigurations = {
      # the desk at home
      atlas = mkHost { name = "atlas"; users = [ "mia" ]; };
      # the laptop
      hermes = mkHost { name = "hermes"; users = [ "mia" "guest" ]; };
      # the droplet
      iris = mkHost { name = "iris"; users = [ "mia" ]; };
    };
    formatter.x86_64-linux = nixpkgs.legacyPackages.x86_64-linux.nixfmt-rfc-style;
  };
}
