# The unit files of one tree, as text. Called with `--argstr tree FOLDER` and the rest.
{ tree, folder, names }:
let
  nixos = import ./stand-in/nixos.nix {
    modules = [ (/. + "${tree}/nix/nixos-configuration.nix") ];
    inherit folder;
    names = builtins.fromJSON (builtins.readFile names);
  };
in
{
  inherit (nixos) units tmpfiles config;
}
