{
  disko.devices = {
    disk.vda = {
      device = "/dev/vda";
      type = "disk";
      content = {
        type = "gpt";
        partitions = {
          "bios" = { size = "1M"; type = "EF02"; };
          "root" = {
            size = "100%";
            content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; };
          };
        };
      };
    };
  };
  boot.growPartition = true;
  fileSystems."/".autoResize = true;
}
