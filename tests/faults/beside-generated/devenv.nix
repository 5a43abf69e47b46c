{ lib, ... }:
{
  imports = [ ./nix/devenv-profiles.nix ];

  processes.web.exec = lib.mkForce "npm run start";
  processes.web.env.PORT = "4000";
  profiles.prod.module.env.CADDY_DOMAIN = lib.mkForce "";
}
