{ ... }: { users.users.guest = { isNormalUser = true; uid = 1100; }; }
