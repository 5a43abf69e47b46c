{
  alice.keys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMbtiFrGAJ6xqUAAgasu6OK9cixH9uVQpAtLrQzUgjyJ alice" ];
  bob.keys = [
    "from=\"203.0.113.0/24\" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMbtiFrGAJ6xqUAAgasu6OK9cixH9uVQpAtLrQzUgjyJ bob"
  ];
}
