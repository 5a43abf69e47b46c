{
  description = "tickets";
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
  inputs.disko.url = "github:nix-community/disko";
  inputs.disko.inputs.nixpkgs.follows = "nixpkgs";
  outputs = { nixpkgs, disko, self, ... }: {
    nixosConfigurations.tickets = nixpkgs.lib.nixosSystem {
      system = "x86_64-linux";
      specialArgs = { inherit self; };
      modules = [ disko.nixosModules.disko ./deploy/configuration.nix ];
    };
  };
}
