{ config, lib, pkgs, ... }:
{
  config = lib.mkIf (lib.any (r: lib.elem r config.my.roles) [ "desktop" "laptop" ]) {
    services.xserver.enable = true;
    services.displayManager.gdm.enable = true;
    services.desktopManager.gnome.enable = true;
    services.pipewire = { enable = true; alsa.enable = true; pulse.enable = true; };
    networking.networkmanager.enable = true;
    fonts.packages = [ pkgs.inter pkgs.fira-code ];
  };
}
