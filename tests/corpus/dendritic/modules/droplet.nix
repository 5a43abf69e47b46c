{
  flake.modules.nixos.droplet = { modulesPath, lib, ... }: {
    imports = [ (modulesPath + "/virtualisation/digital-ocean-config.nix") ];
    virtualisation.digitalOcean = { rebuildFromUserData = false; setSshKeys = false; };
    users.mutableUsers = false;
    users.users.root.openssh.authorizedKeys.keys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBsViDn4qjOeibtQsWA+kOxo4P1VZf4Qp8sycp/d9wcK moss" ];
    nixpkgs.hostPlatform = "x86_64-linux";
    zramSwap.enable = true;
  };
}
