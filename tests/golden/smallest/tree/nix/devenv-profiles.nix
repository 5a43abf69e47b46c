# seance:1 sha256:64dd8f3ea37ffed8 · generated: edit seance.toml, run "seance gen"
# Processes and environments that follow seance.toml. Yours to add to and override: ../devenv.nix.
# Base values are defaults; a value of a profile is overridden with `lib.mkForce`.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  # The default gives up for good after five restarts in a process's whole life.
  restart = {
    on = "always";
    max = null;
  };

  inherit (config.env) CADDY_DOMAIN;

  # Plain HTTP for loopback names: no certificate, no port 80, no change to the trust store.
  address =
    domain:
    if builtins.match "(localhost|.*[.]localhost|127[.]0[.]0[.]1)(:[0-9]+)?" domain == null then
      domain
    else
      "http://${domain}";

  # A site without an address is an error in Caddy too, so each has one to fall back on.
  site =
    fallback: domains:
    let
      names = lib.concatMap (lib.splitString " ") domains;
      addresses = map address (lib.unique (lib.filter (name: name != "") names));
    in
    if addresses == [ ] then [ fallback ] else addresses;

  sites = {
    SEANCE_SITES_WEB = site "http://web.localhost:8080" [ CADDY_DOMAIN ];
  };
in
{
  env = {
    APP_DOMAIN = lib.mkDefault "";
    CADDY_DOMAIN = lib.mkDefault "localhost:8080";
  };

  processes = {
    caddy = {
      exec = ''exec ${pkgs.caddy}/bin/caddy run --adapter caddyfile --config "$DEVENV_ROOT/Caddyfile"'';
      env = lib.mapAttrs (_: lib.concatStringsSep ", ") sites;
      # Only asked for where a site needs port 80 or 443: an ordinary user cannot grant it.
      linux.capabilities = lib.optional (
        !lib.all (lib.hasPrefix "http://") (lib.concatLists (lib.attrValues sites))
      ) "net_bind_service";
      inherit restart;
    };
    web = {
      exec = "./serve";
      env = {
        PORT = lib.mkDefault "3000";
      };
      inherit restart;
    };
  };

  profiles.prod.module.env = {
    APP_DOMAIN = "";
    CADDY_DOMAIN = "www.example.org";
  };
}
