{ pkgs, lib, config, modulesPath, ... }: with pkgs; {
  imports = [ (modulesPath + "/virtualisation/digital-ocean-config.nix") ];

  # image built with nixos-generators (-f do) and uploaded: DHCP works for those
  virtualisation.digitalOcean = {
    rebuildFromUserData = false;
    setRootPassword = false;
    setSshKeys = false;
  };
  networking.hostName = "docker01";

  virtualisation.docker = {
    enable = true;
    autoPrune.enable = true;
    daemon.settings."log-opts" = { max-size = "10m"; };
  };

  systemd.services.stack = {
    description = "docker compose stack";
    wantedBy = [ "multi-user.target" ];
    after = [ "docker.service" "network-online.target" ];
    wants = [ "network-online.target" ];
    requires = [ "docker.service" ];
    path = [ docker ];
    restartTriggers = [ ./compose.yaml ];
    serviceConfig = {
      Type = "oneshot";
      RemainAfterExit = true;
      WorkingDirectory = "/var/lib/stack";
      StateDirectory = "stack";
      ExecStart = "${docker}/bin/docker compose -f ${./compose.yaml} up -d --remove-orphans";
      ExecStop = "${docker}/bin/docker compose -f ${./compose.yaml} down";
    };
  };

  networking.firewall.allowedTCPPorts = [ 80 443 ];
  services.openssh.settings = { PasswordAuthentication = false; KbdInteractiveAuthentication = false; };
  users.mutableUsers = false;
  users.users.root.openssh.authorizedKeys.keys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMbtiFrGAJ6xqUAAgasu6OK9cixH9uVQpAtLrQzUgjyJ" ];
  environment.systemPackages = [ docker-compose lazydocker git ];
  swapDevices = [{ device = "/swapfile"; size = 4096; }];
  system.stateVersion = "26.05";
}
