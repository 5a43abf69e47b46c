{ pkgs, ... }:
{
  shop = { domain = "shop.example"; workers = 8; };
  services.borgbackup.jobs.shop = {
    paths = [ "/var/lib/shop" ];
    repo = "ssh://borg@backup.shop.example/./shop";
    encryption = { mode = "repokey-blake2"; passCommand = "cat /var/lib/secrets/borg"; };
    startAt = "daily";
  };
}
