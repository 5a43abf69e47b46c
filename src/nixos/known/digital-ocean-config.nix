{ lib, modulesPath, ... }:
{
  imports = [
    (modulesPath + "/profiles/qemu-guest.nix")
    (modulesPath + "/profiles/headless.nix")
  ];
  options.virtualisation.digitalOcean = {
    setRootPassword = lib.mkOption { default = false; };
    setSshKeys = lib.mkOption { default = true; };
    seedEntropy = lib.mkOption { default = true; };
    rebuildFromUserData = lib.mkOption { default = true; };
  };
  config = {
    fileSystems."/" = lib.mkDefault {
      device = "/dev/disk/by-label/nixos";
      autoResize = true;
      fsType = "ext4";
    };
    boot = {
      growPartition = true;
      kernelParams = [ "console=ttyS0" ];
      initrd.kernelModules = [ "virtio_scsi" ];
      loader.grub.devices = [ "/dev/vda" ];
    };
    services.openssh = {
      enable = lib.mkDefault true;
      settings.PasswordAuthentication = lib.mkDefault false;
    };
    services.do-agent.enable = lib.mkDefault true;
    networking.hostName = lib.mkDefault "";
  };
}
