{ config, options, lib, pkgs, ... }:
let
  cfg = config.shop;
  inherit (lib) mkOption types;
  user = "shop";
  home = "/var/lib/${user}";
in
{
  options.shop = {
    domain = mkOption { type = types.str; };
    port = mkOption { type = types.port; default = 4000; };
    workers = mkOption { type = types.ints.positive; default = 2; };
  };

  config = {
    users.users.${user} = { isSystemUser = true; group = user; inherit home; createHome = true; };
    users.groups.${user} = { };

    systemd.services.shop = rec {
      description = "The shop (${cfg.domain})";
      after = [ "network-online.target" "postgresql.service" ];
      wants = [ "network-online.target" ];
      requires = [ "postgresql.service" ];
      wantedBy = [ "multi-user.target" ];
      environment = {
        PORT = toString cfg.port;
        BIND = "127.0.0.1";
        WORKERS = builtins.toString cfg.workers;
        HOME = home;
      };
      serviceConfig = {
        User = user;
        Group = user;
        WorkingDirectory = home;
        ExecStart = "${pkgs.elixir}/bin/mix phx.server";
        ExecStartPre = "${pkgs.coreutils}/bin/test -e ${home}/mix.exs";
        Restart = "always";
        RestartSec = 5;
        NoNewPrivileges = true;
        ProtectSystem = "full";
      };
    };

    services.postgresql = {
      enable = true;
      ensureDatabases = [ user ];
      ensureUsers = [{ name = user; ensureDBOwnership = true; }];
    };

    services.caddy = {
      enable = true;
      email = "hello@shop.example";
      virtualHosts = {
        "${cfg.domain}".extraConfig = "reverse_proxy 127.0.0.1:${toString cfg.port}";
        "www.${cfg.domain}".extraConfig = "redir https://${cfg.domain}{uri} permanent";
      };
    };
    networking.firewall.allowedTCPPorts = [ 80 443 ];
    networking.firewall.allowedUDPPorts = [ 443 ];
  };
}
