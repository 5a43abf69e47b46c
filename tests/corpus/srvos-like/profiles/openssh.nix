{ lib, ... }:
{
  services.openssh = {
    enable = lib.mkDefault true;
    settings = {
      X11Forwarding = lib.mkDefault false;
      KbdInteractiveAuthentication = lib.mkDefault false;
      PasswordAuthentication = lib.mkDefault false;
    };
    authorizedKeysFiles = lib.mkForce [ "/etc/ssh/authorized_keys.d/%u" ];
  };
}
