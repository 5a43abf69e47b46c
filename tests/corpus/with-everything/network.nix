{ address, gateway, prefix ? 20, nic ? "eth0" }:
{ ... }:
{
  networking = {
    usePredictableInterfaceNames = false;
    useDHCP = false;
    dhcpcd.enable = false;
    defaultGateway = { address = gateway; interface = nic; };
    nameservers = [ "67.207.67.3" "67.207.67.2" ];
    interfaces.${nic}.ipv4.addresses = [ { inherit address; prefixLength = prefix; } ];
    firewall.allowedTCPPorts = [ 80 ] ++ [ 443 ];
  };
}
