{ lib, ... }:
{
  networking = {
    useDHCP = false;
    useNetworkd = true;
    firewall.allowedTCPPorts = [ 80 443 ];
  };
  services.cloud-init = {
    enable = true;
    network.enable = true;
    # only the network, please
    settings = lib.mkForce {
      datasource_list = [ "ConfigDrive" ];
      preserve_hostname = true;
      ssh_deletekeys = false;
      system_info.distro = "nixos";
      system_info.network.renderers = [ "networkd" ];
      cloud_init_modules = [ "seed_random" ];
      cloud_config_modules = [ ];
      cloud_final_modules = [ ];
    };
  };
}
