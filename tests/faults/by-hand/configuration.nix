{ config, lib, pkgs, modulesPath, ... }:
{
  imports = [
    (modulesPath + "/virtualisation/digital-ocean-config.nix")
  ];

  virtualisation.digitalOcean.setRootPassword = true;

  boot.loader.grub.efiInstallAsRemovable = true;
  boot.tmpOnTmpfs = true;

  services.openssh = {
    enable = true;
    ports = [ 2222 ];
    openFirewall = false;
    settings.PermitRootLogin = "no";
  };
  services.sshd.enable = "yes";
  services.opensshh.banner = "hello";

  services.caddy = {
    enable = true;
    configFile = ./Caddyfile;
  };
  services.nginx.enable = true;

  networking.firewall.allowedTCPPorts = [ 443 5432 ];
  services.postgresql.enable = true;

  nix.settings.trusted-users = [ "*" ];
  system.autoUpgrade.enable = true;
}
