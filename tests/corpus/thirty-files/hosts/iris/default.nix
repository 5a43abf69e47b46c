{ inputs, ... }: {
  imports = [
    inputs.disko.nixosModules.disko
    ./disk.nix
  ];
  my.roles = [ "server" "droplet" ];
  my.feeds = { enable = true; domain = "feeds.example.org"; };
  my.backup.paths = [ "/var/lib" ];
  sops.defaultSopsFile = ../../secrets/iris.yaml;
  sops.age.keyFile = "/var/lib/sops-nix/key.txt";
  system.stateVersion = "25.11";
}
