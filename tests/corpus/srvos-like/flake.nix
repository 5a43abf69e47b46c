{
  description = "A server from profiles whose every value is a default";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
    disko = {
      url = "github:nix-community/disko";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };

  outputs =
    { self, ... }@inputs:
    let
      inherit (inputs.nixpkgs) lib;
    in
    {
      nixosModules = {
        common = ./profiles/common.nix;
        server = ./profiles/server.nix;
        digitalocean-droplet = ./profiles/droplet.nix;
      };

      nixosConfigurations = lib.mapAttrs (
        name: _:
        lib.nixosSystem {
          specialArgs = { inherit inputs self; };
          modules = [
            { networking.hostName = lib.mkDefault name; }
            ./hosts/${name}
          ];
        }
      ) (lib.genAttrs [ "web" ] (_: { }));
    };
}
