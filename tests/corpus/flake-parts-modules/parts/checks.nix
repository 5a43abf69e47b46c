{ self, lib, ... }: {
  perSystem = { system, ... }: {
    checks = lib.mapAttrs' (n: c: lib.nameValuePair "host-${n}" c.config.system.build.toplevel)
      (lib.filterAttrs (_: c: c.pkgs.stdenv.hostPlatform.system == system) self.nixosConfigurations);
  };
}
