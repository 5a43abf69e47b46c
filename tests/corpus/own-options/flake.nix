{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
  inputs.disko = { url = "github:nix-community/disko"; inputs.nixpkgs.follows = "nixpkgs"; };
  outputs = { self, nixpkgs, disko }: {
    nixosModules.default = { imports = [ ./modules/do.nix ./modules/access.nix ./modules/web.nix ./modules/backup.nix ]; };
    nixosConfigurations = nixpkgs.lib.genAttrs [ "blog" ] (host: nixpkgs.lib.nixosSystem {
      modules = [ disko.nixosModules.default self.nixosModules.default (./machines + "/${host}.nix") ];
    });
  };
}
