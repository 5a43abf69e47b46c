{ sources, config, lib, pkgs, modulesPath, ... }:
let
  inherit (lib) mkForce mkDefault;
in
{
  imports = [
    "${sources.disko}/module.nix"
    "${modulesPath}/profiles/qemu-guest.nix"
    ./disk.nix
    ./net.nix
  ];

  networking = { hostName = "mx"; domain = "example.org"; };

  # outgoing mail goes by the relay: port 25 is shut to droplets
  services.postfix = {
    enable = true;
    relayHost = "smtp.relay.example.net";
    relayPort = 587;
  };
  services.rspamd.enable = true;
  networking.firewall.allowedTCPPorts = [ 25 465 587 993 ];

  services.openssh.enable = true;
  services.openssh.settings = {
    PasswordAuthentication = false;
    KbdInteractiveAuthentication = false;
    PermitRootLogin = mkForce "prohibit-password";
  };
  users.mutableUsers = false;
  users.users.root.openssh.authorizedKeys.keys = lib.splitString "\n" (lib.removeSuffix "\n" (builtins.readFile ./authorized_keys));

  nixpkgs.hostPlatform = mkDefault "x86_64-linux";
  system.stateVersion = "26.05";
}
