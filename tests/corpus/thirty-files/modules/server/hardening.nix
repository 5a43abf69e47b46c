{ config, lib, ... }: lib.mkIf (lib.elem "server" config.my.roles) {
  boot.kernel.sysctl = {
    "net.ipv4.conf.all.rp_filter" = 2;
    "kernel.kptr_restrict" = lib.mkForce 2;
  };
  services.fail2ban = { enable = true; maxretry = 5; ignoreIP = [ "10.0.0.0/8" ]; };
}
