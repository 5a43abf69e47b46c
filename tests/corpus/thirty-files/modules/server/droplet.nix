{ config, lib, modulesPath, ... }:
with lib;
let
  cfg = config.my.roles;
in
{
  # a module cannot import conditionally, so qemu-guest.nix in the open:
  config = mkIf (elem "droplet" cfg) (mkMerge [
    {
      boot.initrd.availableKernelModules = [ "virtio_net" "virtio_pci" "virtio_mmio" "virtio_blk" "virtio_scsi" ];
      boot.kernelParams = [ "console=ttyS0,115200" "console=tty1" ];
    }
    {
      networking.useDHCP = mkForce false;
      networking.useNetworkd = true;
      services.cloud-init = {
        enable = true;
        network.enable = true;
        settings = {
          preserve_hostname = true;
          ssh_deletekeys = false;
          datasource_list = [ "ConfigDrive" "DigitalOcean" ];
          cloud_init_modules = [ "seed_random" "bootcmd" ];
          cloud_config_modules = [ "runcmd" ];
          cloud_final_modules = [ "scripts-user" ];
        };
      };
    }
    (mkIf config.services.nginx.enable {
      networking.firewall.allowedTCPPorts = [ 80 443 ];
    })
  ]);
}
