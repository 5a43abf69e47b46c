# seance:1 sha256:f21599264580c656 · generated: edit seance.toml, run "seance gen"
# The flake's part that follows seance.toml; flake.nix says
# `nixosConfigurations = import ./nix/deployment.nix { inherit inputs; };`.
{ inputs }:
{
  hostile = inputs.nixpkgs.lib.nixosSystem {
    modules = [
      inputs.disko.nixosModules.disko
      ./nixos-configuration.nix
      {
        # devenv from its own flake: nixpkgs may carry one that is too old for the profiles.
        nixpkgs.overlays = [ (_: _: { devenv = inputs.devenv.packages.x86_64-linux.default; }) ];
      }
    ];
  };
}
