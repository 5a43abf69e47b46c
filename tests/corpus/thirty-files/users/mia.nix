{ config, pkgs, lib, ... }:
{
  users.users.mia = {
    isNormalUser = true;
    shell = pkgs.fish;
    extraGroups = [ "wheel" ] ++ lib.optionals config.networking.networkmanager.enable [ "networkmanager" ];
    openssh.authorizedKeys.keys = [
      "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAILe9VcEbeBsMzEOqblf52t8GYOnR1OJ+CXnuQ6QH1FSuAAAABHNzaDo= mia@yubikey"
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICvYBsl/DgCvGh/DMo+nY6kmlyPI24+sT5OvcdsYbW6Q mia@hermes"
    ];
  };
  programs.fish.enable = true;
  home-manager.users.mia = import ./mia/home.nix;
}
