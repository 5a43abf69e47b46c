{
  disko.devices.disk.nvme = {
    type = "disk";
    device = "/dev/nvme0n1";
    content = {
      type = "gpt";
      partitions.ESP = { type = "EF00"; size = "512M"; content = { type = "filesystem"; format = "vfat"; mountpoint = "/boot"; }; };
      partitions.luks = {
        size = "100%";
        content = {
          type = "luks"; name = "crypted"; settings.allowDiscards = true;
          content = { type = "btrfs"; subvolumes = { "/root".mountpoint = "/"; "/home".mountpoint = "/home"; "/nix".mountpoint = "/nix"; }; };
        };
      };
    };
  };
}
