{ inputs, pkgs, ... }:
{
  imports = [ inputs.nixos-hardware.nixosModules.framework-13-7040-amd ./disk.nix inputs.disko.nixosModules.disko ];
  my.roles = [ "laptop" ];
  boot.loader.systemd-boot.enable = true;
  boot.loader.efi.canTouchEfiVariables = true;
  boot.kernelPackages = pkgs.linuxPackages_latest;
  services.fwupd.enable = true;
  system.stateVersion = "24.05";
}
