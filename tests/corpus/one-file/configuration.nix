{ config, lib, pkgs, modulesPath, ... }:

with lib;

let
  domain = "example.org";
  sshPort = 2222;
  admin = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMbtiFrGAJ6xqUAAgasu6OK9cixH9uVQpAtLrQzUgjyJ admin@laptop";
in
{
  imports = [
    (modulesPath + "/profiles/qemu-guest.nix")
    "${builtins.fetchTarball "https://github.com/nix-community/disko/archive/v1.12.0.tar.gz"}/module.nix"
  ];

  disko.devices.disk.main = {
    type = "disk";
    device = "/dev/vda";
    content = {
      type = "gpt";
      partitions.grub = { size = "1M"; type = "EF02"; };
      partitions.swap = { size = "2G"; content = { type = "swap"; }; };
      partitions.root = {
        size = "100%";
        content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; };
      };
    };
  };

  boot.growPartition = true;
  fileSystems."/".autoResize = true;

  networking = rec {
    hostName = "mail";
    inherit domain;
    useDHCP = false;
    usePredictableInterfaceNames = false;
    interfaces.eth0 = {
      ipv4.addresses = [ { address = "203.0.113.20"; prefixLength = 20; } ];
      ipv6.addresses = [ { address = "2001:db8::20"; prefixLength = 64; } ];
    };
    defaultGateway = "203.0.113.1";
    defaultGateway6 = { address = "2001:db8::1"; interface = "eth0"; };
    nameservers = [ "1.1.1.1" "8.8.8.8" ];
    firewall.allowedTCPPorts = [ 80 443 ] ++ optional (sshPort != 22) sshPort;
  };

  services.openssh = {
    enable = true;
    ports = [ sshPort ];
    openFirewall = false;
    settings = {
      PermitRootLogin = "no";
      PasswordAuthentication = false;
      AllowUsers = [ "admin" ];
    };
  };

  users.mutableUsers = false;
  users.users.admin = {
    isNormalUser = true;
    extraGroups = [ "wheel" ];
    openssh.authorizedKeys.keys = singleton admin;
  };
  security.sudo.wheelNeedsPassword = false;

  nix.settings.trusted-users = [ "root" "admin" ];
  nixpkgs.hostPlatform = "x86_64-linux";
  system.stateVersion = "26.05";
}
