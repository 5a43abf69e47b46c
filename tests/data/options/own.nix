{ lib, config, ... }: {
  options.my.app = {
    enable = lib.mkEnableOption "x";
    port = lib.mkOption {
      type = lib.types.port;
      default = 3;
    };
  };
  options.services.caddy.mine = lib.mkOption {
    type = lib.types.str;
    default = "x";
  };
  config = lib.mkIf config.my.app.enable {
    services.caddy.mine = "y";
    networking.firewall.allowedTCPPorts = [ config.my.app.port ];
  };
}
