{ inputs, self, ... }:
{
  imports = [
    inputs.disko.nixosModules.disko
    self.nixosModules.server
    self.nixosModules.digitalocean-droplet
    ./disko.nix
    ./users.nix
  ];

  nixpkgs.hostPlatform = "x86_64-linux";
  system.stateVersion = "26.05";
  services.nginx.enable = true;
  networking.firewall.allowedTCPPorts = [
    80
    443
  ];
}
