{ lib, ... }: {
  networking = { hostName = "vault"; useDHCP = false; useNetworkd = true; nftables.enable = true; };
  networking.firewall = { allowedTCPPorts = [ 80 443 ]; allowedUDPPorts = [ 443 ]; logRefusedConnections = false; };
  services.cloud-init = {
    enable = true; network.enable = true;
    settings = { datasource_list = [ "ConfigDrive" "DigitalOcean" ]; ssh_deletekeys = false; preserve_hostname = true;
      cloud_init_modules = [ "seed_random" ]; cloud_config_modules = [ ]; cloud_final_modules = [ ]; };
  };
}
