{
  imports = [
    ./hardware.nix
    ./network.nix
    ./access.nix
  ];
  networking.hostName = "app";
  nixpkgs.hostPlatform.system = "x86_64-linux";
  system.stateVersion = "25.11";
}
