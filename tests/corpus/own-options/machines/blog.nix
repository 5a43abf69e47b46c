{
  acme = {
    droplet = { enable = true; disk = "/dev/vda"; };
    access = {
      enable = true;
      admins.tom.keys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBsViDn4qjOeibtQsWA+kOxo4P1VZf4Qp8sycp/d9wcK tom" ];
      admins.eve.keys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIG2N9j80sbaY1nmljEToRcN55XktyW4TR4LTP2exYzp eve" ];
    };
    web = { enable = true; sites."blog.example.net" = { port = 2368; }; };
    backup.enable = false;
  };
  networking.hostName = "blog";
  nixpkgs.hostPlatform = "x86_64-linux";
  system.stateVersion = "26.05";
}
