{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
  inputs.disko.url = "github:nix-community/disko";
  inputs.disko.inputs.nixpkgs.follows = "nixpkgs";
  inputs.srvos.url = "github:nix-community/srvos";
  outputs = { nixpkgs, disko, srvos, ... }: {
    nixosConfigurations.bare = nixpkgs.lib.nixosSystem {
      system = "aarch64-linux";
      modules = [
        disko.nixosModules.disko
        srvos.nixosModules.server
        srvos.nixosModules.hardware-hetzner-online-arm
        ./bare.nix
      ];
    };
  };
}
