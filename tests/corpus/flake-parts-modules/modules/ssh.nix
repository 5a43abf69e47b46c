{
  services.openssh = {
    enable = true;
    settings = {
      PasswordAuthentication = false;
      KbdInteractiveAuthentication = false;
      PermitRootLogin = "prohibit-password";
    };
  };
  users.mutableUsers = false;
  users.users.root.openssh.authorizedKeys.keyFiles = [ ../keys/alice.pub ../keys/bob.pub ];
}
