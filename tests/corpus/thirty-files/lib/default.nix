{ lib }:
{
  # all .nix files of a folder but default.nix
  modulesIn = dir: map (name: dir + "/${name}") (
    builtins.filter (name: name != "default.nix" && lib.hasSuffix ".nix" name)
      (builtins.attrNames (builtins.readDir dir))
  );
  enabled = { enable = true; };
}
