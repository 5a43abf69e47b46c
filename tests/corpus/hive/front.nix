{ nodes, config, lib, ... }: {
  deployment.targetHost = "front.example.org";
  deployment.tags = [ "web" ];
  deployment.keys."basic-auth" = { keyFile = "/run/keys/basic-auth"; user = "nginx"; };

  services.nginx.enable = true;
  services.nginx.virtualHosts."example.org" = {
    enableACME = true; forceSSL = true;
    root = "/srv/www";
  };
  security.acme = { acceptTerms = true; defaults.email = "web@example.org"; };
  networking.firewall.allowedTCPPorts = [ 80 443 ];
  system.stateVersion = "26.05";
}
