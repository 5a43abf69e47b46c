{
  sources ? import ./npins,
  system ? "x86_64-linux",
}:
let
  nixos = import "${sources.nixpkgs}/nixos/lib/eval-config.nix";
in
{
  mail = nixos {
    inherit system;
    specialArgs = { inherit sources; };
    modules = [ ./mail/configuration.nix ];
  };
}
