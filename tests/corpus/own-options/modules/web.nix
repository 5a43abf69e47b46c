{ config, lib, pkgs, ... }:
let
  cfg = config.acme.web;
  site = { name, ... }: {
    options = {
      domain = lib.mkOption { type = lib.types.str; default = name; };
      port = lib.mkOption { type = lib.types.port; };
    };
  };
in {
  options.acme.web = {
    enable = lib.mkEnableOption "nginx";
    sites = lib.mkOption { type = lib.types.attrsOf (lib.types.submodule site); default = { }; };
  };
  config = lib.mkIf cfg.enable {
    networking.firewall.allowedTCPPorts = [ 80 443 ];
    security.acme = { acceptTerms = true; defaults.email = "post@example.net"; };
    services.nginx = {
      enable = true;
      recommendedGzipSettings = true;
      virtualHosts = lib.mapAttrs (domain: s: {
        enableACME = true;
        forceSSL = true;
        locations."/".proxyPass = "http://127.0.0.1:${toString s.port}/";
      }) cfg.sites;
    };
    virtualisation.oci-containers = {
      backend = "podman";
      containers.ghost = {
        image = "ghost:5.100";
        ports = [ "127.0.0.1:2368:2368" ];
        environment.url = "https://blog.example.net";
        volumes = [ "/var/lib/ghost:/var/lib/ghost/content" ];
      };
    };
  };
}
