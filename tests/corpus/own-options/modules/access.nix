{ config, lib, ... }:

with lib;

let
  cfg = config.acme.access;
  admin = types.submodule {
    options.keys = mkOption { type = types.listOf types.str; };
  };
in
{
  options.acme.access = {
    enable = mkEnableOption "ssh for the admins";
    admins = mkOption { type = types.attrsOf admin; default = { }; };
  };

  config = mkIf cfg.enable {
    services.openssh = {
      enable = true;
      settings.PasswordAuthentication = false;
      settings.KbdInteractiveAuthentication = false;
      settings.PermitRootLogin = "prohibit-password";
    };
    users.mutableUsers = false;
    users.users = mapAttrs (name: a: {
      isNormalUser = true;
      extraGroups = [ "wheel" ];
      openssh.authorizedKeys.keys = a.keys;
    }) cfg.admins // {
      root.openssh.authorizedKeys.keys = concatLists (mapAttrsToList (_: a: a.keys) cfg.admins);
    };
    security.sudo.wheelNeedsPassword = false;
    assertions = [
      { assertion = cfg.admins != { }; message = "nobody could log in"; }
    ];
  };
}
