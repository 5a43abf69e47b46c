{ pkgs, ... }:
{
  users.users.ledger = { isNormalUser = true; };

  systemd.services.ledger = {
    wantedBy = [ "multi-user.target" ];
    after = [ "network-online.target" ];
    environment.DATABASE_PASSWORD = "hunter2hunter2";
    serviceConfig = {
      User = "ledger";
      WorkingDirectory = "/srv/ledger";
      ExecStartPre = "${pkgs.git}/bin/git pull";
      ExecStart = "${pkgs.devenv}/bin/devenv up --profile production -d";
      ProtectHome = true;
      Restart = "always";
    };
  };
}
