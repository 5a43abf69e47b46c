{
  disko.devices.disk.main = {
    type = "disk";
    device = "/dev/sda";
    content = {
      type = "gpt";
      partitions = {
        boot = {
          size = "1MiB";
          type = "EF02";
        };
        root = {
          size = "50%";
          content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; };
        };
        swap = { size = "2G"; priority = 9000; content.type = "swap"; };
      };
    };
  };

  fileSystems."/" = { device = "/dev/vda1"; fsType = "ext4"; };
}
