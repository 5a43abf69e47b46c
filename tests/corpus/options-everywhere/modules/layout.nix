{
  config,
  inputs,
  lib,
  ...
}:
let
  inherit (config.my) droplet;
  swap = lib.optionalAttrs (droplet.swapSize != null) {
    swap = {
      size = droplet.swapSize;
      priority = 2;
      content = {
        type = "swap";
        discardPolicy = "both";
      };
    };
  };
in
{
  imports = [ inputs.disko.nixosModules.disko ];

  config = lib.mkIf droplet.enable {
    disko.devices.disk.system = {
      device = droplet.disk;
      content = {
        type = "gpt";
        partitions = swap // {
          bios = {
            size = "1M";
            type = "EF02";
            priority = 1;
          };
          root = {
            size = "100%";
            content = {
              type = "filesystem";
              format = "ext4";
              mountpoint = "/";
            };
          };
        };
      };
    };
    boot.growPartition = true;
    fileSystems."/".autoResize = true;
  };
}
