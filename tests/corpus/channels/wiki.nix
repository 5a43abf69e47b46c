{ config, pkgs, ... }:
let
  host = "wiki.example.com";
in {
  services.dokuwiki.webserver = "nginx";
  services.dokuwiki.sites.${host} = {
    enable = true;
    settings.title = "Wiki";
    settings.useacl = true;
  };
  services.nginx.virtualHosts.${host} = { forceSSL = true; enableACME = true; };
  security.acme = {
    acceptTerms = true;
    defaults.email = "wiki@example.com";
  };
}
