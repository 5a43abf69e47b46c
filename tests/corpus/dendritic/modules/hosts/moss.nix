{ inputs, config, ... }:
let
  inherit (config.flake.modules) nixos;
in
{
  flake.nixosConfigurations.moss = inputs.nixpkgs.lib.nixosSystem {
    modules = [
      nixos.ssh
      nixos.droplet
      { networking.hostName = "moss"; system.stateVersion = "26.05"; }
    ];
  };
}
