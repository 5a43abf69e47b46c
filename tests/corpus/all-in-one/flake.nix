{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
  inputs.disko.url = "github:nix-community/disko/v1.13.0";
  inputs.disko.inputs.nixpkgs.follows = "nixpkgs";
  inputs.srvos.url = "github:nix-community/srvos";
  inputs.srvos.inputs.nixpkgs.follows = "nixpkgs";

  outputs = { self, nixpkgs, disko, srvos, ... }: {
    nixosConfigurations.api = nixpkgs.lib.nixosSystem {
      system = "x86_64-linux";
      modules = [
        disko.nixosModules.disko
        srvos.nixosModules.server
        srvos.nixosModules.hardware-digitalocean-droplet
        srvos.nixosModules.mixins-nginx
        ./nixos
      ];
    };
  };
}
