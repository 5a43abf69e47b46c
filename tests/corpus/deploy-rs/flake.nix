{
  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
    deploy-rs.url = "github:serokell/deploy-rs";
    deploy-rs.inputs.nixpkgs.follows = "nixpkgs";
  };

  outputs = { self, nixpkgs, deploy-rs }:
    let
      system = "x86_64-linux";
      pkgs = nixpkgs.legacyPackages.${system};
      mkSystem = modules: nixpkgs.lib.nixosSystem { inherit system modules; };
      mkNode = name: {
        hostname = "${name}.infra.example.org";
        profiles.system.path = deploy-rs.lib.${system}.activate.nixos self.nixosConfigurations.${name};
      };
    in
    {
      nixosConfigurations = {
        ns1 = mkSystem [ ./ns1.nix ];
        ns2 = mkSystem [ ./ns2.nix ];
      };
      deploy = {
        sshUser = "root";
        magicRollback = true;
        nodes = builtins.mapAttrs (name: _: mkNode name) self.nixosConfigurations;
      };
      checks = builtins.mapAttrs (_: l: l.deployChecks self.deploy) deploy-rs.lib;
      devShells.${system}.default = pkgs.mkShell { packages = [ pkgs.deploy-rs ]; };
    };
}
