{ pkgs, ... }:
{
  services.prometheus.exporters.node.enable = true;
  services.prometheus.exporters.node.port = "9100";
  system.autoUpgrade = {
    enable = true;
    allowReboot = true;
  };
  virtualisation.docker.enable = true;
  virtualisation.oci-containers.containers.grafana = {
    image = "grafana/grafana";
    ports = [ "3001:3000" ];
  };
}
