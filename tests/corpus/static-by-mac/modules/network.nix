{ lib, ... }:
{
  networking = {
    useDHCP = lib.mkForce false;
    useNetworkd = true;
    firewall.enable = true;
  };
  systemd.network = {
    enable = true;
    wait-online.anyInterface = true;
    networks."10-public" = {
      matchConfig.MACAddress = "6a:1b:2c:3d:4e:5f";
      address = [
        "203.0.113.77/20"
        "10.19.0.6/16"
        "2001:db8:1::77/64"
      ];
      routes = [
        { Gateway = "203.0.112.1"; }
        { Gateway = "2001:db8:1::1"; }
      ];
      dns = [ "67.207.67.2" ];
      linkConfig.RequiredForOnline = "routable";
    };
    networks."20-private" = {
      matchConfig.MACAddress = "6a:1b:2c:3d:4e:60";
      address = [ "10.114.0.2/20" ];
      networkConfig.DefaultRouteOnDevice = false;
    };
  };
}
