{ lib, modulesPath, ... }:
{
  imports = [ (modulesPath + "/profiles/qemu-guest.nix") ];

  disko.devices.disk.vda = {
    type = "disk";
    device = "/dev/vda";
    content = {
      type = "gpt";
      partitions = {
        bios = { size = "1M"; type = "EF02"; };
        swap = { size = "1G"; content.type = "swap"; };
        root = { size = "100%"; content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; }; };
      };
    };
  };

  networking.useDHCP = lib.mkForce false;
  services.cloud-init.enable = true;
  services.cloud-init.network.enable = true;
  services.cloud-init.settings = {
    datasource_list = [ "ConfigDrive" ];
    preserve_hostname = true;
    ssh_deletekeys = false;
    cloud_init_modules = [ "seed_random" ];
    cloud_config_modules = [ ];
    cloud_final_modules = [ ];
  };

  services.openssh = {
    enable = true;
    settings = { PasswordAuthentication = false; KbdInteractiveAuthentication = false; PermitRootLogin = "prohibit-password"; };
  };
  users.mutableUsers = false;
  users.users.root.openssh.authorizedKeys.keys = lib.singleton
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIG2N9j80sbaY1nmljEToRcN55XktyW4TR4LTP2exYzp colmena";
}
