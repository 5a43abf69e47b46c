{ config, lib, ... }: {
  options.acme.backup.enable = lib.mkEnableOption "backups" // { default = true; };
  config = lib.mkIf config.acme.backup.enable {
    services.restic.backups.all.repository = throw "not chosen yet";
  };
}
