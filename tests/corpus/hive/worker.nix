{ config, pkgs, ... }:
let
  script = pkgs.writeShellApplication {
    name = "crunch";
    runtimeInputs = [ pkgs.curl pkgs.jq ];
    text = ''
      curl -fsS https://example.org/queue | jq -r '.[]' | while read -r job; do echo "$job"; done
    '';
  };
in
{
  systemd.services.crunch = {
    startAt = "*:0/5";
    serviceConfig = { Type = "oneshot"; DynamicUser = true; ExecStart = "${script}/bin/crunch"; };
  };
}
