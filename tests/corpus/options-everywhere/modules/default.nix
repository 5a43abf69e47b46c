{
  imports = [
    ./droplet.nix
    ./layout.nix
    ./ssh.nix
  ];
}
