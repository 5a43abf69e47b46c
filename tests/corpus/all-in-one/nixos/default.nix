{ lib, config, pkgs, ... }:
let
  admins = lib.importTOML ./admins.toml;
in
{
  imports = [ ./disk.nix ./api.nix ];
  networking.hostName = "api";
  system.stateVersion = "26.05";
  users.users.root.openssh.authorizedKeys.keys = lib.concatMap (a: a.keys) (lib.attrValues admins);
  zramSwap.enable = true;
}
