{ config, ... }:
let
  domain = "books.example.org";
  port = 8083;
in
{
  services.calibre-web = {
    enable = true;
    listen = { ip = "127.0.0.1"; inherit port; };
  };

  services.caddy = {
    enable = true;
    email = "ops@example.org";
    virtualHosts.${domain}.extraConfig = ''
      encode zstd gzip
      reverse_proxy 127.0.0.1:${toString config.services.calibre-web.listen.port}
    '';
  };
}
