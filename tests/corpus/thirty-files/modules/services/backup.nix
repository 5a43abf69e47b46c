{ config, lib, ... }:
let cfg = config.my.backup; in
{
  options.my.backup.paths = lib.mkOption { type = with lib.types; listOf str; default = [ ]; };
  config.services.restic.backups = lib.mkIf (cfg.paths != [ ]) {
    nightly = {
      inherit (cfg) paths;
      repository = "sftp:backup@nas.example.org:/${config.networking.hostName}";
      passwordFile = config.sops.secrets.restic.path;
      timerConfig.OnCalendar = "03:30";
      initialize = true;
    };
  };
  config.sops.secrets = lib.mkIf (cfg.paths != [ ]) { restic = { }; };
}
