{
  disko.devices.disk.main = {
    device = "/dev/vda";
    type = "disk";
    content = {
      type = "gpt";
      partitions.boot = { size = "1M"; type = "EF02"; };
      partitions.root = {
        size = "100%";
        content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; };
      };
    };
  };
  boot.loader.grub.devices = [ ]; # disko names it
  fileSystems."/".autoResize = true;
}
