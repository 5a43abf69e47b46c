import ./nameserver.nix {
  name = "ns2";
  address = "203.0.113.52";
  mac = "ca:fe:00:00:00:02";
}
