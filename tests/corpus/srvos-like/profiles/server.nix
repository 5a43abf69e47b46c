{ lib, pkgs, ... }:
{
  imports = [ ./common.nix ];

  environment.systemPackages = map lib.lowPrio [
    pkgs.curl
    pkgs.gitMinimal
  ];
  documentation.enable = lib.mkDefault false;
  boot.loader.grub.configurationLimit = lib.mkDefault 5;
  time.timeZone = lib.mkDefault "UTC";
  systemd.enableEmergencyMode = lib.mkDefault false;
}
