{ lib, pkgs ? import <nixpkgs> { }, ... }@args:
let inherit (lib) x; in
with pkgs; rec { a.b = 1; "c ${x}" = [ ./d ] ++ args.e or f; }
