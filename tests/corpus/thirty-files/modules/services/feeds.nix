{ config, lib, pkgs, ... }:
let
  cfg = config.my.feeds;
in
{
  options.my.feeds = {
    enable = lib.mkEnableOption "feeds";
    domain = lib.mkOption { type = lib.types.str; };
  };
  config = lib.mkIf cfg.enable {
    services.miniflux = {
      enable = true;
      adminCredentialsFile = config.sops.secrets."miniflux".path;
      config = { LISTEN_ADDR = "127.0.0.1:8080"; BASE_URL = "https://${cfg.domain}"; };
    };
    sops.secrets."miniflux" = { };
    services.nginx.enable = true;
    services.nginx.virtualHosts.${cfg.domain} = {
      enableACME = true;
      forceSSL = true;
      locations."/".proxyPass = "http://127.0.0.1:8080";
    };
    security.acme.acceptTerms = true;
    security.acme.defaults.email = "mia@example.org";
  };
}
