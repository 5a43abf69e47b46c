# /etc/nixos/configuration.nix of the wiki. `nixos-rebuild switch` on the machine itself.
{ config, pkgs, lib, ... }:

{
  imports = lib.optional (builtins.pathExists ./do-userdata.nix) ./do-userdata.nix ++ [
    <nixpkgs/nixos/modules/virtualisation/digital-ocean-config.nix>
    ./wiki.nix
    ./users.nix
  ];

  virtualisation.digitalOcean.rebuildFromUserData = false;
  virtualisation.digitalOcean.setSshKeys = false;

  networking.hostName = "wiki";
  networking.firewall.allowedTCPPorts = [ 80 443 ];

  nix.gc.automatic = true;
  nix.gc.options = "--delete-older-than 30d";
  zramSwap = { enable = true; memoryPercent = 100; };

  environment.systemPackages = with pkgs; [
    wget vim git
    # emacs-nox
  ];

  services.openssh = {
    enable = true;
    settings.PasswordAuthentication = false;
    settings.KbdInteractiveAuthentication = false;
  };

  programs.mosh.enable = true;

  system.stateVersion = "22.11";
}
