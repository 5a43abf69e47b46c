{ name, inputs, ... }:
{
  imports = [ ./nix.nix ./locale.nix ./ssh.nix ./roles.nix ];
  networking.hostName = name;
  home-manager.useGlobalPkgs = true;
  home-manager.useUserPackages = true;
  home-manager.extraSpecialArgs = { inherit inputs; };
}
