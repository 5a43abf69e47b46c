{ config, lib, pkgs, ... }:

{
  imports = [ ./ssh.nix ];

  nix = {
    settings.experimental-features = [ "nix-command" "flakes" ];
    gc = {
      automatic = true;
      dates = "weekly";
      options = "--delete-older-than 14d";
    };
  };

  i18n.defaultLocale = lib.mkDefault "en_GB.UTF-8";
  time.timeZone = "Europe/London";

  zramSwap.enable = true;
  services.journald.extraConfig = "SystemMaxUse=500M";

  environment.systemPackages = builtins.attrValues {
    inherit (pkgs) vim htop tmux rsync;
  };
}
