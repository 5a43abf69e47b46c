# Packages as paths below one folder, which the harness fills with stubs or with real programs.
# `names` are the attributes that the tree under test mentions: a set cannot be open in Nix, and
# naming them from the files keeps this list from growing stale.
{ lib, folder, names, system ? "x86_64-linux" }:
let
  package = name: {
    type = "derivation";
    pname = name;
    inherit name system;
    version = "0";
    outPath = "${folder}/${name}";
    meta.mainProgram = name;
    override = _: package name;
    overrideAttrs = _: package name;
  };
  file = name: text: builtins.toFile (builtins.replaceStrings [ "/" " " "@" ] [ "-" "-" "-" ] name) text;
in
lib.genAttrs names package
// {
  inherit lib system;
  stdenv.hostPlatform = {
    inherit system;
    isLinux = lib.hasSuffix "-linux" system;
    isDarwin = lib.hasSuffix "-darwin" system;
  };
  writeText = file;
  writeShellScript = name: text: file name "#!/bin/bash\n${text}";
  formats.json = _: { generate = name: value: file name (builtins.toJSON value); };
}
