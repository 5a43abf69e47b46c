{
  fileSystems."/persist".neededForBoot = true;
  environment.persistence."/persist" = {
    hideMounts = true;
    directories = [
      "/var/lib/nixos"
      "/var/lib/caddy"
      "/var/log"
      { directory = "/var/lib/vaultwarden"; user = "vaultwarden"; group = "vaultwarden"; mode = "0700"; }
    ];
    files = [ "/etc/machine-id" ];
  };
  # the key that opens the secrets is put there by the installer
  age.identityPaths = [ "/persist/etc/ssh/ssh_host_ed25519_key" ];
}
