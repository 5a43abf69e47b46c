{
  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs?ref=nixos-26.05";
    disko.url = "github:nix-community/disko?ref=latest";
    disko.inputs.nixpkgs.follows = "nixpkgs";
  };

  outputs = { nixpkgs, ... }@inputs:
  let
    forHost = host: extra: nixpkgs.lib.nixosSystem {
      modules = [ inputs.disko.nixosModules.disko ./nix/common.nix ./nix/droplet.nix ({ networking.hostName = host; }) ] ++ extra;
    };
  in {
    nixosConfigurations.staging = forHost "staging" [ { shop.domain = "staging.shop.example"; } ];
    nixosConfigurations.production = forHost "production" [ ./nix/production.nix ];
  };
}
