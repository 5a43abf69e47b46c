{ pkgs, ... }:
{
  boot.loader.systemd-boot.enable = true;
  boot.loader.efi.canTouchEfiVariables = true;
  boot.initrd.availableKernelModules = [ "nvme" ];
  fileSystems."/" = {
    device = "/dev/nvme0n1p2";
    fsType = "bcachefs";
  };
  fileSystems."/efi" = {
    device = "/dev/nvme0n1p1";
    fsType = "vfat";
  };
  boot.loader.efi.efiSysMountPoint = "/efi";
  networking.hostName = "thinkpad";
  networking.networkmanager.enable = true;
  users.users.me = {
    isNormalUser = true;
    packages = [ pkgs.firefox ];
  };
  nixpkgs.hostPlatform = "x86_64-linux";
  system.stateVersion = "25.11";
}
