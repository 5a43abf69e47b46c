# nix-build image.nix, upload the result in the panel
let
  pkgs = import <nixpkgs> { };
in
(pkgs.nixos {
  imports = [ <nixpkgs/nixos/modules/virtualisation/digital-ocean-image.nix> ];
}).digitalOceanImage
