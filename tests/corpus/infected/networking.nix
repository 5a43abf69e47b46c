{ lib, ... }: {
  # This file was populated at runtime with the networking
  # details gathered from the active system.
  networking = {
    nameservers = [ "8.8.8.8" ];
    defaultGateway = "203.0.112.1";
    defaultGateway6 = {
      address = "";
      interface = "eth0";
    };
    dhcpcd.enable = false;
    usePredictableInterfaceNames = lib.mkForce false;
    interfaces = {
      eth0 = {
        ipv4.addresses = [
          { address="203.0.113.40"; prefixLength=20; }
          { address="10.10.0.9"; prefixLength=16; }
        ];
        ipv4.routes = [ { address = "203.0.112.1"; prefixLength = 32; } ];
      };
      eth1 = {
        ipv4.addresses = [
          { address="10.108.0.3"; prefixLength=20; }
        ];
      };
    };
  };
  services.udev.extraRules = ''
    ATTR{address}=="0a:1b:2c:3d:4e:5f", NAME="eth0"
    ATTR{address}=="0a:1b:2c:3d:4e:60", NAME="eth1"
  '';
}
