{ lib, ... }:
let inherit (lib) mkOption types; in
{
  options.my.roles = mkOption {
    type = types.listOf (types.enum [ "server" "desktop" "laptop" "droplet" ]);
    default = [ ];
    description = "What the machine is for.";
  };
}
