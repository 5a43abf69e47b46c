{
  config,
  lib,
  modulesPath,
  ...
}:
let
  cfg = config.my.droplet;
in
{
  imports = [ (modulesPath + "/profiles/qemu-guest.nix") ];

  options.my.droplet = {
    enable = lib.mkEnableOption "everything that a droplet needs";
    swapSize = lib.mkOption {
      type = lib.types.nullOr lib.types.str;
      default = null;
    };
    disk = lib.mkOption {
      type = lib.types.str;
      default = "/dev/vda";
    };
  };

  config = lib.mkIf cfg.enable (
    lib.mkMerge [
      {
        nixpkgs.hostPlatform = lib.mkDefault "x86_64-linux";
        boot.loader.grub.configurationLimit = lib.mkDefault 4;
        zramSwap.enable = cfg.swapSize == null;
        services.journald.extraConfig = "SystemMaxUse=200M";
      }
      {
        networking = {
          useDHCP = false;
          useNetworkd = true;
          dhcpcd.enable = false;
        };
        services.cloud-init = {
          enable = true;
          network.enable = true;
          settings = {
            datasource_list = [
              "ConfigDrive"
              "DigitalOcean"
            ];
            preserve_hostname = true;
            ssh_deletekeys = false;
            cloud_init_modules = [ ];
            cloud_config_modules = [ ];
            cloud_final_modules = [ ];
          };
        };
      }
    ]
  );
}
