{ inputs }:
{ name, users ? [ ], system ? "x86_64-linux" }:
let
  userModules = map (user: ../users + "/${user}.nix") users;
in
inputs.nixpkgs.lib.nixosSystem {
  inherit system;
  specialArgs = { inherit inputs name; };
  modules = [
    ../hosts/${name}
    ../modules
    inputs.home-manager.nixosModules.home-manager
    inputs.sops-nix.nixosModules.sops
  ] ++ userModules;
}
