{ lib, ... }:
{
  imports = map (n: ./. + "/${n}") (lib.attrNames (lib.filterAttrs (n: t: t == "regular" && n != "default.nix") (builtins.readDir ./.)));
}
