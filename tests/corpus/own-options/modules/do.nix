{ config, lib, modulesPath, ... }:
let
  cfg = config.acme.droplet;
in
{
  imports = [ "${toString modulesPath}/profiles/qemu-guest.nix" ];

  options.acme.droplet = with lib; {
    enable = mkEnableOption "the things a droplet needs";
    disk = mkOption { type = types.str; default = "/dev/vda"; };
    swap = mkOption { type = types.nullOr types.str; default = "2G"; };
  };

  config = lib.mkIf cfg.enable (lib.mkMerge [
    {
      disko.devices.disk.root = {
        type = "disk";
        device = cfg.disk;
        content = {
          type = "gpt";
          partitions = lib.mkMerge [
            {
              bios = { type = "EF02"; size = "1M"; priority = 1; };
              root = { size = "100%"; content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; }; };
            }
            (lib.mkIf (cfg.swap != null) { swap = { size = cfg.swap; priority = 2; content.type = "swap"; }; })
          ];
        };
      };
    }
    {
      networking = {
        useDHCP = lib.mkForce false;
        useNetworkd = lib.mkDefault true;
      };
      services.cloud-init = {
        enable = true;
        network.enable = true;
        settings = {
          datasource_list = [ "ConfigDrive" ];
          preserve_hostname = true;
          ssh_deletekeys = false;
        } // lib.genAttrs [ "cloud_init_modules" "cloud_config_modules" "cloud_final_modules" ] (_: [ ]);
      };
    }
  ]);
}
