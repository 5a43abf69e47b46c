{ name, address, mac }:
{ config, lib, pkgs, modulesPath, ... }:
{
  imports = [ (modulesPath + "/profiles/qemu-guest.nix") ];

  boot.loader.grub = { enable = true; device = "/dev/vda"; };
  fileSystems."/" = { device = "/dev/vda1"; fsType = "ext4"; autoResize = true; };

  networking = {
    hostName = name;
    useDHCP = false;
    useNetworkd = true;
    firewall = rec { allowedTCPPorts = [ 53 ]; allowedUDPPorts = allowedTCPPorts; };
  };
  systemd.network.enable = true;
  systemd.network.networks."10-wan" = {
    matchConfig.MACAddress = mac;
    address = [ "${address}/20" ];
    routes = [ { Gateway = "203.0.112.1"; } ];
    networkConfig.DNS = [ "9.9.9.9" ];
  };

  services.nsd = {
    enable = true;
    interfaces = [ address ];
    zones."example.org.".data = builtins.readFile ./example.org.zone;
  };

  services.openssh = {
    enable = true;
    settings.PasswordAuthentication = false;
    settings.KbdInteractiveAuthentication = false;
  };
  users.mutableUsers = false;
  users.users.root.openssh.authorizedKeys.keys = [
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBsViDn4qjOeibtQsWA+kOxo4P1VZf4Qp8sycp/d9wcK ops"
  ];
  system.stateVersion = "24.11";
}
