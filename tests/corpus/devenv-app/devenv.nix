{ pkgs, lib, config, ... }:

let
  port = 4310;
in
{
  packages = [ pkgs.git pkgs.jq ];

  languages.python = {
    enable = true;
    uv.enable = true;
    uv.sync.enable = true;
  };

  env.PORT = toString port;

  services.postgres = {
    enable = true;
    initialDatabases = [ { name = "tickets"; } ];
  };

  # `devenv up` at the desk; the server runs the built package
  process.manager.implementation = "process-compose";
  processes.web.exec = "uv run uvicorn tickets:app --host 127.0.0.1 --port ${toString port} --reload";
  processes.worker = {
    exec = "uv run python -m tickets.worker";
    process-compose.depends_on.postgres.condition = "process_healthy";
  };

  scripts.migrate.exec = ''
    uv run alembic upgrade head
  '';

  enterTest = ''
    uv run pytest
  '';

  git-hooks.hooks.ruff.enable = true;
}
