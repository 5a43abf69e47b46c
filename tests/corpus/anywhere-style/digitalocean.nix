{ lib, ... }:
{
  # do not use DHCP, as DigitalOcean provisions IPs using cloud-init
  networking.useDHCP = lib.mkForce false;

  services.cloud-init = {
    enable = true;
    network.enable = true;
    settings = {
      datasource_list = [
        "ConfigDrive"
        "Digitalocean"
      ];
      datasource.ConfigDrive = { };
      datasource.Digitalocean = { };
      cloud_init_modules = [
        "seed_random"
        "bootcmd"
        "write_files"
        "growpart"
        "resizefs"
        "set_hostname"
        "update_hostname"
        "set_password"
      ];
      cloud_config_modules = [
        "ssh-import-id"
        "keyboard"
        "runcmd"
        "disable_ec2_metadata"
      ];
      cloud_final_modules = [
        "write_files_deferred"
        "scripts_per_once"
        "scripts_user"
        "ssh_authkey_fingerprints"
        "phone_home"
        "final_message"
      ];
    };
  };
}
