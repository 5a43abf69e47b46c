{ config, lib, ... }:
let
  cfg = config.my.droplet.ssh;
  operators = {
    alice = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMbtiFrGAJ6xqUAAgasu6OK9cixH9uVQpAtLrQzUgjyJ alice";
  };
in
{
  options.my.droplet.ssh.port = lib.mkOption {
    type = lib.types.port;
    default = 22;
  };

  config = lib.mkIf config.my.droplet.enable {
    services.openssh = {
      enable = true;
      ports = [ cfg.port ];
      settings = lib.mapAttrs (_: lib.mkDefault) {
        PasswordAuthentication = false;
        KbdInteractiveAuthentication = false;
        PermitRootLogin = "prohibit-password";
      };
    };
    users.mutableUsers = false;
    users.users.root.openssh.authorizedKeys.keys = lib.attrValues operators;
  };
}
