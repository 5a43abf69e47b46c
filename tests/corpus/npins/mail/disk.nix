{
  disko.devices.disk.vda = {
    device = "/dev/vda";
    type = "disk";
    content.type = "gpt";
    content.partitions = {
      grub = { size = "1M"; type = "EF02"; priority = 1; };
      swap = { size = "2G"; content.type = "swap"; priority = 2; };
      root.size = "100%";
      root.content = { type = "filesystem"; format = "xfs"; mountpoint = "/"; };
    };
  };
}
