{ config, lib, ... }:
let
  keys = lib.splitString "\n" (lib.trim (builtins.readFile ../../keys/admins.pub));
in
{
  users.users.admin = {
    isNormalUser = true;
    extraGroups = [ "wheel" ];
    openssh.authorizedKeys = { inherit keys; };
  };
  users.users.root.openssh.authorizedKeys.keys =
    config.users.users.admin.openssh.authorizedKeys.keys;
}
