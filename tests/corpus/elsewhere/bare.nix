{ lib, ... }:
{
  networking.hostName = "bare";
  networking.hostId = "8425e349";
  boot.loader.systemd-boot.enable = true;
  boot.loader.efi.canTouchEfiVariables = true;
  boot.initrd.availableKernelModules = [ "nvme" "ahci" ];
  disko.devices = {
    disk = lib.genAttrs [ "nvme0n1" "nvme1n1" ] (name: {
      type = "disk";
      device = "/dev/${name}";
      content = {
        type = "gpt";
        partitions = {
          ESP = lib.mkIf (name == "nvme0n1") { size = "512M"; type = "EF00"; content = { type = "filesystem"; format = "vfat"; mountpoint = "/boot"; }; };
          zfs = { size = "100%"; content = { type = "zfs"; pool = "zroot"; }; };
        };
      };
    });
    zpool.zroot = {
      type = "zpool";
      mode = "mirror";
      rootFsOptions.compression = "zstd";
      datasets.root = { type = "zfs_fs"; mountpoint = "/"; options.mountpoint = "legacy"; };
      datasets.nix = { type = "zfs_fs"; mountpoint = "/nix"; options.mountpoint = "legacy"; };
    };
  };
  services.postfix.enable = true;
  systemd.network.networks."10-uplink".networkConfig.Address = "2001:db8:f::1/64";
  users.users.root.openssh.authorizedKeys.keys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICvYBsl/DgCvGh/DMo+nY6kmlyPI24+sT5OvcdsYbW6Q" ];
  system.stateVersion = "26.05";
}
