{ config, pkgs, lib, ... }:
{
  services.postgresql = {
    enable = true;
    package = pkgs.postgresql_17;
    ensureDatabases = [ "api" ];
    ensureUsers = [ { name = "api"; ensureDBOwnership = true; } ];
  };
  services.postgresqlBackup.enable = true;

  services.postgrest = {
    enable = true;
    settings = { db-uri.dbname = "api"; db-schemas = "api"; server-port = 3000; server-host = "127.0.0.1"; };
  };

  services.nginx.virtualHosts."api.example.io" = {
    forceSSL = true;
    enableACME = true;
    locations."/" = { proxyPass = "http://127.0.0.1:3000"; proxyWebsockets = true; };
  };
  security.acme.acceptTerms = true;
  security.acme.defaults.email = "tech@example.io";
  networking.firewall.allowedTCPPorts = [ 80 443 ];
}
