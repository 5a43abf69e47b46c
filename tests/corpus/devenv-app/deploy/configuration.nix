{ self, config, lib, pkgs, modulesPath, ... }:
let
  app = pkgs.callPackage ../package.nix { };
in
{
  imports = [
    (modulesPath + "/profiles/qemu-guest.nix")
    ./disko.nix
  ];

  system.configurationRevision = self.rev or self.dirtyRev or null;

  systemd.services.tickets = {
    wantedBy = [ "multi-user.target" ];
    after = [ "network-online.target" ];
    wants = [ "network-online.target" ];
    environment.PORT = "4310";
    serviceConfig = {
      ExecStart = lib.getExe app;
      DynamicUser = true;
      StateDirectory = "tickets";
      EnvironmentFile = "/var/lib/secrets/tickets.env";
      Restart = "always";
    };
  };

  services.caddy = {
    enable = true;
    configFile = ./Caddyfile;
  };

  networking = {
    hostName = "tickets";
    useDHCP = lib.mkForce false;
    useNetworkd = true;
    firewall.allowedTCPPorts = [ 80 443 ];
    firewall.allowedUDPPorts = [ 443 ];
  };

  services.cloud-init = {
    enable = true;
    network.enable = true;
    settings = {
      datasource_list = [ "ConfigDrive" "DigitalOcean" ];
      datasource = { ConfigDrive = { }; DigitalOcean = { }; };
      preserve_hostname = true;
      ssh_deletekeys = false;
      cloud_init_modules = [ "seed_random" ];
      cloud_config_modules = [ ];
      cloud_final_modules = [ ];
    };
  };

  services.openssh = {
    enable = true;
    settings.PasswordAuthentication = false;
    settings.KbdInteractiveAuthentication = false;
    settings.PermitRootLogin = "prohibit-password";
  };
  users.mutableUsers = false;
  users.users.root.openssh.authorizedKeys.keyFiles = [ ./admin.pub ];

  swapDevices = lib.singleton { device = "/swap"; size = 2 * 1024; };
  boot.tmp.cleanOnBoot = true;
  nix.gc = { automatic = true; options = "--delete-older-than 14d"; };
  system.stateVersion = "26.05";
}
