# seance:1 sha256:cd4cc86dc41fe1df · generated: edit seance.toml, run "seance gen"
# The machine: boot, network, access, Nix. The application's units are in ./service.nix; what you add
# goes into ./extra.nix.
{ lib, modulesPath, ... }:
{
  imports = [
    # Without the virtio modules of this profile stage 1 never finds the disk.
    (modulesPath + "/profiles/qemu-guest.nix")
    ./disko-config.nix
    ./service.nix
    ./extra.nix
  ];

  nixpkgs.hostPlatform = "x86_64-linux";
  system.stateVersion = "26.05";
  time.timeZone = "UTC";

  # Droplets boot by BIOS; disko names the disk to GRUB through the EF02 partition, and naming it
  # here as well is an error. The removable EFI path boots on UEFI too, without touching NVRAM.
  boot.loader.grub = {
    enable = true;
    efiSupport = true;
    efiInstallAsRemovable = true;
    configurationLimit = 8;
  };
  boot.loader.efi.canTouchEfiVariables = false;
  boot.loader.timeout = 5;
  # The last console gets the kernel's messages, and the recovery console shows tty1.
  boot.kernelParams = [
    "console=ttyS0,115200"
    "console=tty1"
  ];
  boot.tmp.cleanOnBoot = true;
  boot.growPartition = true;
  fileSystems."/".autoResize = true;
  zramSwap.enable = true;
  # Nobody can type a root password at the prompt of the emergency mode.
  systemd.enableEmergencyMode = false;

  # A stock image gets no DHCP: the address comes from the config drive. cloud-init only translates
  # it; every module that would touch users, keys or the host name stays off.
  networking.hostName = "hostile";
  networking.useDHCP = lib.mkForce false;
  networking.useNetworkd = true;
  systemd.network.wait-online.anyInterface = true;
  systemd.network.wait-online.timeout = 60;
  services.cloud-init = {
    enable = true;
    network.enable = true;
    settings = {
      datasource_list = [
        "ConfigDrive"
        "DigitalOcean"
      ];
      datasource.ConfigDrive = { };
      datasource.DigitalOcean = { };
      preserve_hostname = true;
      manage_etc_hosts = false;
      ssh_deletekeys = false;
      disable_root = false;
      cloud_init_modules = [ "seed_random" ];
      cloud_config_modules = [ ];
      cloud_final_modules = [ ];
    };
  };

  # The DigitalOcean firewall in ../terraform opens the same ports.
  networking.firewall = {
    enable = true;
    allowedTCPPorts = [
      22
      80
      443
    ];
    allowedUDPPorts = [ 443 ];
    logRefusedConnections = false;
  };

  services.openssh = {
    enable = true;
    ports = [ 22 ];
    hostKeys = [
      {
        type = "ed25519";
        path = "/etc/ssh/ssh_host_ed25519_key";
      }
    ];
    settings = {
      PermitRootLogin = "prohibit-password";
      PasswordAuthentication = false;
      KbdInteractiveAuthentication = false;
      X11Forwarding = false;
    };
  };
  security.sudo.execWheelOnly = true;

  # With immutable users NixOS itself refuses to build a system that nobody can log in to.
  users.mutableUsers = false;
  users.users.root.openssh.authorizedKeys.keys = [
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDnd6T1MNN8McxPdImHzYEtuKzlsX8OXo8ENs61IYiLq \${config.x} \$\${y} \$\$\${z} '' ''' ''$ \"quoted\" \\n \\ %{if true} {{ a }} {% b %} {# c #} `id` $(id) $HOME 'one' ‮right-to-left‬ q́ q̃ 👩‍🚀 ​ &|;*?[]~!#^"
  ];

  nix = {
    channel.enable = false;
    gc = {
      automatic = true;
      dates = "weekly";
      options = "--delete-older-than 14d";
    };
    optimise.automatic = true;
    settings = {
      experimental-features = [
        "nix-command"
        "flakes"
      ];
      trusted-users = [ "root" ];
      # The daemon ignores caches that an untrusted user asks for, and devenv would compile itself.
      substituters = [
        "https://cache.nixos.org"
        "https://devenv.cachix.org"
      ];
      trusted-public-keys = [
        "cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY="
        "devenv.cachix.org-1:w1cLUi8dv3hnoSPGAuibQv+f9TZLr6cv/Hm9XgU50cw="
      ];
      connect-timeout = 5;
      fallback = true;
      min-free = 536870912;
      max-free = 3221225472;
      max-jobs = 1;
    };
  };
  # In a shortage of memory a build dies before sshd does.
  systemd.services.nix-daemon.serviceConfig.OOMScoreAdjust = 250;
  services.journald.extraConfig = "SystemMaxUse=500M";
}
