{ config, pkgs, ... }:
let
  people = import ./people.nix;
  keysOf = names: builtins.concatMap (name: people.${name}.keys) names;
in
{
  services.openssh = {
    enable = true;
    settings = {
      PermitRootLogin = "no";
      PasswordAuthentication = false;
      KbdInteractiveAuthentication = false;
      AllowGroups = [ "wheel" ];
    };
  };
  users = {
    mutableUsers = false;
    users.deploy = {
      isNormalUser = true;
      extraGroups = [ config.users.groups.wheel.name ];
      openssh.authorizedKeys.keys = keysOf [
        "alice"
        "bob"
      ];
      hashedPasswordFile = config.sops.secrets.console.path;
    };
  };
  sops.defaultSopsFile = ../secrets.yaml;
  sops.age.keyFile = "/var/lib/sops/key";
  sops.secrets.console.neededForUsers = true;
  security.sudo.wheelNeedsPassword = false;
  nix.settings.trusted-users = [ "@wheel" ];
  environment.systemPackages = with pkgs; [ htop ];
}
