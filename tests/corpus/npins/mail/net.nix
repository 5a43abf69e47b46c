{
  networking.useDHCP = false;
  networking.useNetworkd = true;
  networking.usePredictableInterfaceNames = false;
  systemd.network.networks = {
    "40-wan" = {
      name = "eth0";
      address = [ "203.0.113.12/20" "10.16.0.5/16" ];
      gateway = [ "203.0.112.1" ];
      dns = [ "1.1.1.1" ];
    };
    "40-lan" = {
      name = "eth1";
      address = [ "10.106.0.3/20" ];
      linkConfig.RequiredForOnline = "no";
    };
  };
}
