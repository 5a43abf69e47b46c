{
  lib,
  modulesPath,
  ...
}:
{
  imports = [ "${modulesPath}/virtualisation/digital-ocean-config.nix" ];

  boot.loader.grub.devices = lib.mkForce [ "/dev/vda" ];
  virtualisation.digitalOcean = {
    rebuildFromUserData = lib.mkDefault false;
    setRootPassword = lib.mkDefault false;
    setSshKeys = lib.mkDefault false;
  };
  boot.kernelParams = lib.mkAfter [ "console=tty1" ];

  networking.useDHCP = lib.mkForce false;
  services.cloud-init = {
    enable = lib.mkDefault true;
    network.enable = lib.mkDefault true;
    settings = {
      datasource_list = [ "ConfigDrive" ];
      datasource.ConfigDrive = { };
      preserve_hostname = true;
      ssh_deletekeys = false;
      cloud_init_modules = [
        "seed_random"
        "growpart"
        "resizefs"
      ];
      cloud_config_modules = [ ];
      cloud_final_modules = [ ];
    };
  };
}
