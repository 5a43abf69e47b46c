{ config, lib, pkgs, ... }:
{
  imports = [ ./shop.nix ];
  nixpkgs.hostPlatform = "x86_64-linux";
  system.stateVersion = "26.05";
  time.timeZone = "UTC";

  services.openssh.enable = true;
  services.openssh.settings = {
    PasswordAuthentication = lib.mkForce false;
    KbdInteractiveAuthentication = false;
    AllowUsers = [ "root" "deploy" ];
  };

  users.mutableUsers = false;
  users.users.root.openssh.authorizedKeys.keys = config.users.users.deploy.openssh.authorizedKeys.keys;
  users.users.deploy = {
    isNormalUser = true;
    extraGroups = [ "wheel" ];
    openssh.authorizedKeys.keys = [
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILe9VcEbeBsMzEOqblf52t8GYOnR1OJ+CXnuQ6QH1FSu deploy"
      # ci
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBsViDn4qjOeibtQsWA+kOxo4P1VZf4Qp8sycp/d9wcK ci"
    ];
  };
  security.sudo.extraRules = [ { users = [ "deploy" ]; commands = [ { command = "ALL"; options = [ "NOPASSWD" ]; } ]; } ];
  nix.settings.trusted-users = [ "deploy" ];
}
