{ inputs, lib, config, ... }:
{
  nix.registry = lib.mapAttrs (_: flake: { inherit flake; }) inputs;
  nix.nixPath = [ "nixpkgs=${inputs.nixpkgs}" ];
  nix.settings = {
    experimental-features = [ "nix-command" "flakes" ];
    auto-optimise-store = true;
  };
  nix.gc = {
    automatic = lib.mkDefault true;
    options = "--delete-older-than 7d";
  };
  nixpkgs.config.allowUnfree = true;
}
