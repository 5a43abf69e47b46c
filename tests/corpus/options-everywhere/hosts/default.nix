{
  shop = {
    my.droplet = {
      enable = true;
      swapSize = "1G";
      ssh.port = 2200;
    };
    system.stateVersion = "25.11";
  };
}
