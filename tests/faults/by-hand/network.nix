{ ... }:
{
  networking.hostName = "ledger";
  networking.networkmanager.enable = true;
  services.cloud-init.enable = true;
  services.cloud-init.settings.datasource_list = [ "NoCloud" "DigitalOcean" ];
}
