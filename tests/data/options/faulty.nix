{
  config,
  lib,
  pkgs,
  ...
}:
let
  ports = [
    80
    443
  ];
in
{
  services.openssh = {
    enable = "true";
    passwordAuthentication = false;
    prots = [ 22 ];
    settings = {
      PermitRootLogin = "never";
      KbdInteractiveAuthentication = false;
      UseDns = true;
      Whatever = 1;
    };
  };
  networking.firewall = {
    allowedTCPPorts = ports ++ [
      "22"
      99999
    ];
    allowedUDPPorts = 443;
    logRefusedConnections = 0;
  };
  boot.kernelModules = "kvm";
  boot.loader.grub.configurationLimit = "5";
  boot.kernel.sysctl."vm.swappiness" = 10;
  boot.kernel.sysctl."net.core.rmem_max" = "x";
  nix.settings.experimental-features = [
    "nix-command"
    "flakes"
  ];
  nix.gc = {
    automatic = true;
    dates = "weekly";
    options = [ "--delete-older-than 14d" ];
  };
  nix.trustedUsers = [ "root" ];
  systemd.services.app = {
    wantedBy = "multi-user.target";
    after = [ "network-online.target" ];
    serviceConfig = {
      ExecStart = "${pkgs.hello}/bin/hello";
      Restart = "always";
      RestartSec = 10;
    };
    environment = {
      PORT = 3000;
      HOME = "/var/lib/app";
      NULLED = null;
    };
    path = with pkgs; [
      git
      nix
    ];
    script = ''
      echo hi
    '';
    startLimitIntervalSec = 0;
    unitConfig.RequiresMountsFor = "/x";
  };
  users.users.root.openssh.authorizedKeys.keys = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMbtiFrGAJ6xqUAAgasu6OK9cixH9uVQpAtLrQzUgjyJ laptop";
  users.users.app = {
    isNormalUser = true;
    extraGroups = [ "wheel" ];
    shell = pkgs.bash;
    home = "/home/app";
    uid = "1000";
  };
  users.mutableUsers = false;
  time.timeZone = "UTC";
  system.stateVersion = 26.05;
  fileSystems."/" = {
    device = "/dev/vda1";
    fsType = "ext4";
    autoResize = true;
  };
  swapDevices = [
    {
      device = "/swapfile";
      size = 2048;
    }
  ];
  services.caddy.virtualHosts."x.example".extraConfg = "reverse_proxy localhost:1";
  services.caddy.virtualHosts."y.example" = {
    extraConfig = 1;
    serverAliases = [ "z" ];
  };
  services.resolved.fallbackDns = [ "1.1.1.1" ];
  services.logind.extraConfig = "x";
  zramSwap.memoryPercent = 50.5;
  environment.systemPackages = [
    "git"
    pkgs.vim
  ];
  networking.hostName = lib.mkForce 5;
  networking.useDHCP = lib.mkIf config.services.openssh.enable "no";
  virtualisation.oci-containers.containers.x = {
    image = "a";
    ports = [ "80:80" ];
    cmd = "x";
  };
  security.acme = {
    acceptTerms = true;
    email = "a@b.c";
  };
  systemd.tmpfiles.rules = [ "d /x" ];
  systemd.network.networks."10-lan" = {
    matchConfig.Name = "eth0";
    networkConfig.DHCP = true;
  };
}
