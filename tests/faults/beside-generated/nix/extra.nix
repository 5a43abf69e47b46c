{ config, lib, pkgs, ... }:
{
  imports = [ ./monitoring.nix ];

  # it did not get an address once
  networking.useDHCP = lib.mkOverride 10 true;
  services.cloud-init.network.enable = lib.mkForce false;

  boot.loader.grub.device = "/dev/vda";
  boot.loader.efi.canTouchEfiVariables = lib.mkForce true;

  services.openssh.settings.PermitRootLogin = lib.mkForce "no";
  services.openssh.ports = [ 2222 ];
  services.nginx = {
    enable = true;
    virtualHosts."www.example.org".enableACME = true;
  };
  networking.firewall.allowedTCPPorts = [ 3000 8443 ];

  systemd.services.example.environment.HOME = lib.mkForce "/home/example";
  services.fail2ban.enabled = true;
}
