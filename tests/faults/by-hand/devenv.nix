{ pkgs, ... }:
{
  languages.javascript.enable = true;
  env.PORT = "3000";
  processes.web.exec = "npm run dev -- --port 3000";
  profiles.staging.module.env.PORT = "3002";
}
