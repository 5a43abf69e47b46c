{ config, pkgs, lib, ... }:
with lib; with builtins; with pkgs;
let
  secrets = import ./secrets.nix;
  pub = name: readFile (./keys + "/${name}.pub");
  mkSite = { root, aliases ? [], ... }@site: {
    inherit root;
    serverAliases = aliases;
    enableACME = true;
    forceSSL = true;
    extraConfig = optionalString (site ? csp) ''
      add_header Content-Security-Policy "${site.csp}";
    '';
  };
  unused = 1 + 2; # todo: remove
in rec {
  imports = [
    ./hardware.nix
    (import ./network.nix { address = "203.0.113.99"; gateway = "203.0.113.1"; })
  ];

  networking.hostName = "zine";
  nixpkgs.config.allowUnfreePredicate = pkg: elem (getName pkg) [ "unrar" ];

  services.nginx = mkMerge [
    { enable = true; recommendedTlsSettings = mkDefault true; }
    {
      virtualHosts = mapAttrs (const mkSite) {
        "zine.example" = { root = "/srv/zine"; aliases = [ "www.zine.example" ]; csp = "default-src 'self'"; };
        "archive.zine.example" = { root = "/srv/archive"; };
      };
    }
  ];

  security.acme = { acceptTerms = true; defaults = { inherit (secrets) email; }; };

  services.openssh = {
    enable = true;
    settings = {
      PasswordAuthentication = mkOverride 10 false;
      KbdInteractiveAuthentication = !true;
      PermitRootLogin = if config.services.nginx.enable then "prohibit-password" else "prohibit-password";
    };
  };

  users = {
    mutableUsers = false;
    users.root.openssh.authorizedKeys.keys = map pub [ "kim" "lou" ];
  };

  environment.systemPackages = [ vim ripgrep (python3.withPackages (ps: with ps; [ requests ])) ]
    ++ optionals config.services.nginx.enable [ goaccess ];

  system = { stateVersion = "24.05"; };
}
