{ ... }:
let
  keys = import ./keys.nix;
in {
  users.mutableUsers = false;
  users.users = {
    root.openssh.authorizedKeys.keys = keys.admins;
    anna = {
      isNormalUser = true;
      description = "Anna";
      extraGroups = [ "wheel" ];
      openssh.authorizedKeys.keys = [ keys.anna ];
    };
  };
  security.sudo.wheelNeedsPassword = false;
}
