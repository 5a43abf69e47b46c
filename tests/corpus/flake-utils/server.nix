{ config, lib, pkgs, modulesPath, ... }: {
  imports = lib.optional (builtins.pathExists ./do-userdata.nix) ./do-userdata.nix ++ [
    (modulesPath + "/virtualisation/digital-ocean-config.nix")
  ];

  virtualisation.digitalOcean = {
    setRootPassword = false;
    setSshKeys = false;
    rebuildFromUserData = false;
  };

  # Born from our own image (nix build .#image, uploaded by hand), so DHCP it is.
  networking.hostName = "guest";
  networking.firewall.allowedTCPPorts = [ 80 443 ];
  swapDevices = [ { device = "/var/swap"; size = 1024; } ];

  services.openssh.settings.PasswordAuthentication = false;
  services.openssh.settings.KbdInteractiveAuthentication = false;
  users.mutableUsers = false;
  users.users.root.openssh.authorizedKeys.keys = [
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMbtiFrGAJ6xqUAAgasu6OK9cixH9uVQpAtLrQzUgjyJ g@laptop"
  ];

  age.secrets.guestbook.file = ./secrets/guestbook.age;
  age.identityPaths = [ "/etc/ssh/ssh_host_ed25519_key" ];

  services.guestbook = {
    enable = true;
    environmentFile = config.age.secrets.guestbook.path;
  };

  security.acme.acceptTerms = true;
  security.acme.defaults.email = "hostmaster@example.net";
  services.nginx = {
    enable = true;
    recommendedProxySettings = true;
    recommendedTlsSettings = true;
    virtualHosts."guest.example.net" = {
      enableACME = true;
      forceSSL = true;
      locations."/".proxyPass = "http://127.0.0.1:${toString config.services.guestbook.port}";
    };
  };

  system.stateVersion = "23.05";
}
