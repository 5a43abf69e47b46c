{ config, lib, pkgs, modulesPath, ... }:
{
  imports = [ (modulesPath + "/profiles/qemu-guest.nix") ./disko.nix ./persist.nix ./network.nix ];

  boot.loader.grub.configurationLimit = 10;
  boot.loader.timeout = 2;

  age.secrets.vaultwarden.file = ./secrets/vaultwarden.age;
  services.vaultwarden = {
    enable = true;
    environmentFile = config.age.secrets.vaultwarden.path;
    config = {
      DOMAIN = "https://vault.example.org";
      ROCKET_ADDRESS = "127.0.0.1";
      ROCKET_PORT = 8222;
      SIGNUPS_ALLOWED = false;
    };
    backupDir = "/persist/backup/vaultwarden";
  };
  services.caddy = {
    enable = true;
    globalConfig = ''
      email admin@example.org
      grace_period 10s
    '';
    virtualHosts."vault.example.org".extraConfig = ''
      reverse_proxy localhost:${toString config.services.vaultwarden.config.ROCKET_PORT} {
        header_up X-Real-IP {remote_host}
      }
    '';
  };

  services.openssh = {
    enable = true;
    hostKeys = [ { path = "/persist/etc/ssh/ssh_host_ed25519_key"; type = "ed25519"; } ];
    settings = { PasswordAuthentication = false; KbdInteractiveAuthentication = false; };
  };

  users = {
    mutableUsers = false;
    users.root = {
      hashedPasswordFile = config.age.secrets.root.path;
      openssh.authorizedKeys.keys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICvYBsl/DgCvGh/DMo+nY6kmlyPI24+sT5OvcdsYbW6Q" ];
    };
  };
  age.secrets.root.file = ./secrets/root.age;

  zramSwap.enable = true;
  system.stateVersion = "26.05";
}
