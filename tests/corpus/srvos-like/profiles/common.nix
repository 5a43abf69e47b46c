{ config, lib, ... }:
{
  imports = [ ./openssh.nix ];

  nix.settings = {
    experimental-features = [
      "nix-command"
      "flakes"
    ];
    trusted-users = [ "@wheel" ];
    connect-timeout = lib.mkDefault 5;
  };

  security.sudo = {
    execWheelOnly = lib.mkDefault true;
    wheelNeedsPassword = lib.mkDefault false;
  };
  users.mutableUsers = lib.mkDefault false;
  networking.useNetworkd = lib.mkDefault true;
  networking.firewall.allowPing = lib.mkDefault true;
  zramSwap.enable = lib.mkDefault (config.swapDevices == [ ]);
}
