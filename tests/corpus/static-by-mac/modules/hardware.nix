{ lib, ... }:
let
  btrfs = mountpoint: {
    inherit mountpoint;
    mountOptions = [ "compress=zstd" ];
  };
in
{
  boot.initrd.availableKernelModules = [
    "ata_piix"
    "uhci_hcd"
    "virtio_pci"
    "virtio_scsi"
    "virtio_blk"
    "sr_mod"
  ];
  boot.loader.grub.enable = lib.mkDefault true;
  disko.devices.disk.vda = {
    type = "disk";
    device = "/dev/vda";
    content = {
      type = "gpt";
      partitions = {
        bios = {
          priority = 1;
          size = "1M";
          type = "EF02";
        };
        root = {
          size = "100%";
          content = {
            type = "btrfs";
            extraArgs = [ "-f" ];
            subvolumes = {
              "@" = btrfs "/";
              "@nix" = btrfs "/nix";
              "@home" = btrfs "/home";
            };
          };
        };
      };
    };
  };
  zramSwap = {
    enable = true;
    memoryPercent = 50;
  };
}
