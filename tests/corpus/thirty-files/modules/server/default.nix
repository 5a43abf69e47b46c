{ config, lib, pkgs, ... }:
let
  isServer = builtins.elem "server" config.my.roles;
in
{
  imports = [ ./droplet.nix ./hardening.nix ];
  config = lib.mkIf isServer {
    documentation.nixos.enable = false;
    security.sudo.wheelNeedsPassword = false;
    nix.settings.trusted-users = [ "@wheel" ];
    users.mutableUsers = false;
    services.journald.extraConfig = ''
      SystemMaxUse=300M
    '';
    zramSwap.enable = true;
    environment.systemPackages = with pkgs; [ ncdu lsof ];
  };
}
