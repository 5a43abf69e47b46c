{ lib, modulesPath, ... }:
{
  imports = [ (modulesPath + "/profiles/qemu-guest.nix") ];
  disko.devices.disk.vda = {
    device = "/dev/vda"; type = "disk";
    content = { type = "gpt"; partitions = {
      boot = { size = "1M"; type = "EF02"; };
      swap = { size = "2G"; content = { type = "swap"; randomEncryption = true; }; };
      root = { size = "100%"; content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; mountOptions = [ "noatime" ]; }; };
    }; };
  };
  networking.useDHCP = false;
  networking.useNetworkd = true;
  services.cloud-init.enable = true;
  services.cloud-init.network.enable = true;
  services.cloud-init.settings = {
    datasource_list = [ "ConfigDrive" ];
    preserve_hostname = true;
    ssh_deletekeys = false;
    cloud_init_modules = [ ];
    cloud_config_modules = [ ];
    cloud_final_modules = [ ];
  };
}
