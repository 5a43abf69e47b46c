{ config, lib, pkgs, ... }:

with lib;

let
  cfg = config.services.guestbook;
in {
  options.services.guestbook = {
    enable = mkEnableOption "the guestbook";
    port = mkOption { type = types.port; default = 9000; };
    package = mkOption { type = types.package; default = pkgs.guestbook; };
    environmentFile = mkOption { type = types.nullOr types.path; default = null; };
  };

  config = mkIf cfg.enable {
    systemd.services.guestbook = {
      description = "guestbook";
      wantedBy = [ "multi-user.target" ];
      after = [ "network-online.target" ];
      wants = [ "network-online.target" ];
      serviceConfig = {
        ExecStart = "${cfg.package}/bin/guestbook -listen 127.0.0.1:${toString cfg.port}";
        DynamicUser = true;
        StateDirectory = "guestbook";
        Restart = "on-failure";
        EnvironmentFile = mkIf (cfg.environmentFile != null) cfg.environmentFile;
      };
    };
  };
}
