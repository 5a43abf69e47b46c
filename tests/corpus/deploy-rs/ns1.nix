import ./nameserver.nix {
  name = "ns1";
  address = "203.0.113.51";
  mac = "ca:fe:00:00:00:01";
}
