# seance:1 sha256:74fbf009f814e2cc · generated: edit seance.toml, run "seance gen"
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
    SEANCE_SITES_CONTAINED = site "http://contained.localhost:8080" [
      config.env.SEANCE_DOMAINS_CONTAINED
    ];
    SEANCE_SITES_SEVERAL = site "http://several.localhost:8080" [
      config.env.SEANCE_DOMAINS_SEVERAL
    ];
    SEANCE_SITES_WEB = site "http://web.localhost:8080" [ CADDY_DOMAIN ];
  };
in
{
  env = {
    APP_DOMAIN = lib.mkDefault "";
    CADDY_DOMAIN = lib.mkDefault "localhost:8080";
    ONE_LINE = lib.mkDefault "\${config.x} \$\${y} \$\$\${z} '' ''' ''$ \"quoted\" \\n \\ %{if true} {{ a }} {% b %} {# c #} `id` $(id) $HOME 'one' ‮right-to-left‬ q́ q̃ 👩‍🚀 ​ <>&|;*?[]~!#^";
    SEANCE_DOMAINS_CONTAINED = lib.mkDefault "";
    SEANCE_DOMAINS_SEVERAL = lib.mkDefault "";
    SEVERAL_LINES = lib.mkDefault "line one \${config.x} \$\${y} \$\$\${z} '' ''' ''$ \"quoted\" \\n \\ %{if true} {{ a }} {% b %} {# c #} `id` $(id) $HOME 'one' ‮right-to-left‬ q́ q̃ 👩‍🚀 ​ <>&|;*?[]~!#^\n\tline two ''\${\n\n  indented \$\${\n'' \nlast\\";
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
    contained = {
      exec = "docker rm --force hostile-contained >/dev/null 2>&1 || true\nexec docker run --rm --init --name hostile-contained --publish 127.0.0.1:3002:3002 --env EMPTY= --env FLAG=--privileged --env 'ONE_LINE=\${config.x} \$\${y} \$\$\${z} '\\'''\\'' '\\'''\\'''\\'' '\\'''\\''$ \"quoted\" \\n \\ %{if true} {{ a }} {% b %} {# c #} `id` $(id) $HOME '\\''one'\\'' ‮right-to-left‬ q́ q̃ 👩‍🚀 ​ <>&|;*?[]~!#^' --env 'SEVERAL_LINES=line one \${config.x} \$\${y} \$\$\${z} '\\'''\\'' '\\'''\\'''\\'' '\\'''\\''$ \"quoted\" \\n \\ %{if true} {{ a }} {% b %} {# c #} `id` $(id) $HOME '\\''one'\\'' ‮right-to-left‬ q́ q̃ 👩‍🚀 ​ <>&|;*?[]~!#^\n\tline two '\\'''\\''\${\n\n  indented \$\${\n'\\'''\\'' \nlast\\' example/contained:1\n";
      inherit restart;
    };
    several = {
      exec = "# a comment\nprintf '%s\\n' '\${a} \$\${b} '\"''\"' \"q\" \\ %{if} {{ a }} {% b %} ‮rtl‬ q́ 👩‍🚀' \"$(id -u)\" `id -u`\nif true; then\n\texec ./serve \"\${PORT}\" ''\nfi";
      env = {
        PORT = lib.mkDefault "3001";
      };
      inherit restart;
    };
    web = {
      exec = "printf '%s\\n' '\${a} \$\${b} '\"''\"' \"q\" \\ %{if} {{ a }} {% b %} ‮rtl‬ q́ 👩‍🚀' \"$(id -u)\" `id -u`";
      env = {
        BACKSLASH = lib.mkDefault "\\";
        DOLLAR = lib.mkDefault "$";
        DOLLARS = lib.mkDefault "\$\$\$\${";
        EMPTY = lib.mkDefault "";
        NEWLINE = lib.mkDefault "\n";
        ONE_LINE = lib.mkDefault "\${config.x} \$\${y} \$\$\${z} '' ''' ''$ \"quoted\" \\n \\ %{if true} {{ a }} {% b %} {# c #} `id` $(id) $HOME 'one' ‮right-to-left‬ q́ q̃ 👩‍🚀 ​ <>&|;*?[]~!#^";
        PERCENT = lib.mkDefault "%%{";
        PORT = lib.mkDefault "3000";
        QUOTES = lib.mkDefault "''";
        SEVERAL_LINES = lib.mkDefault "line one \${config.x} \$\${y} \$\$\${z} '' ''' ''$ \"quoted\" \\n \\ %{if true} {{ a }} {% b %} {# c #} `id` $(id) $HOME 'one' ‮right-to-left‬ q́ q̃ 👩‍🚀 ​ <>&|;*?[]~!#^\n\tline two ''\${\n\n  indented \$\${\n'' \nlast\\";
        SPACES = lib.mkDefault "  ";
        TAB = lib.mkDefault "\ta\t";
      };
      ready.http.get = {
        host = "127.0.0.1";
        port = 3000;
        path = "/a%20b?c=d&e=f,;+@:~";
      };
      inherit restart;
    };
  };

  profiles."let".module.env = {
    ONE_LINE = "\${config.x} \$\${y} \$\$\${z} '' ''' ''$ \"quoted\" \\n \\ %{if true} {{ a }} {% b %} {# c #} `id` $(id) $HOME 'one' ‮right-to-left‬ q́ q̃ 👩‍🚀 ​ <>&|;*?[]~!#^";
  };

  profiles.prod.module.env = {
    APP_DOMAIN = "";
    CADDY_DOMAIN = "hostile.example.org";
    ONE_LINE = "\${config.x} \$\${y} \$\$\${z} '' ''' ''$ \"quoted\" \\n \\ %{if true} {{ a }} {% b %} {# c #} `id` $(id) $HOME 'one' ‮right-to-left‬ q́ q̃ 👩‍🚀 ​ <>&|;*?[]~!#^";
    SEANCE_DOMAINS_CONTAINED = "contained.example.org";
    SEANCE_DOMAINS_SEVERAL = "app.example.org";
    SEVERAL_LINES = "line one \${config.x} \$\${y} \$\$\${z} '' ''' ''$ \"quoted\" \\n \\ %{if true} {{ a }} {% b %} {# c #} `id` $(id) $HOME 'one' ‮right-to-left‬ q́ q̃ 👩‍🚀 ​ <>&|;*?[]~!#^\n\tline two ''\${\n\n  indented \$\${\n'' \nlast\\";
  };
}
