# What devenv would start for one profile of a tree: the environment and the processes.
# `environment` is a JSON object of variables that a person forces in their own devenv.nix.
{ tree, folder, names, profile, root, state, environment ? "{}" }:
let
  lib = import ./stand-in/lib.nix;
  forced = { env = builtins.mapAttrs (_: lib.mkForce) (builtins.fromJSON environment); };
  own = /. + "${tree}/devenv.nix";
  config = import ./stand-in/devenv.nix {
    modules =
      [ (/. + "${tree}/nix/devenv-profiles.nix") forced ]
      ++ lib.optional (builtins.pathExists own) own;
    profiles = lib.optional (profile != "default") profile;
    names = builtins.fromJSON (builtins.readFile names);
    inherit folder root state;
  };
in
{
  inherit (config) env;
  processes = config.processes or { };
  packages = map builtins.toString (config.packages or [ ]);
}
