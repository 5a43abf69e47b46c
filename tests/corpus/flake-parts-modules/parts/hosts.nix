{ inputs, self, lib, withSystem, ... }:
let
  # name -> extra modules
  hosts = {
    shelf = [ ../hosts/shelf ];
  };

  mkHost = name: modules: inputs.nixpkgs.lib.nixosSystem {
    specialArgs = { inherit inputs; };
    modules = [
      inputs.disko.nixosModules.disko
      self.nixosModules.base
      { networking.hostName = name; }
    ] ++ modules;
  };
in
{
  flake = {
    nixosModules.base = ../modules/base.nix;
    nixosConfigurations = lib.mapAttrs mkHost hosts;
  };
}
