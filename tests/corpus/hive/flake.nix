{
  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
    disko.url = "github:nix-community/disko";
    disko.inputs.nixpkgs.follows = "nixpkgs";
    colmena.url = "github:zhaofengli/colmena";
    colmena.inputs.nixpkgs.follows = "nixpkgs";
  };
  outputs = { nixpkgs, disko, colmena, ... }: {
    colmenaHive = colmena.lib.makeHive {
      meta = {
        nixpkgs = import nixpkgs { system = "x86_64-linux"; };
        specialArgs = { inherit disko; };
      };

      defaults = { pkgs, name, ... }: {
        imports = [ disko.nixosModules.disko ./common.nix ];
        networking.hostName = name;
        environment.systemPackages = [ pkgs.vim ];
        deployment.targetUser = "root";
      };

      front = import ./front.nix;

      worker-a = { name, nodes, ... }: {
        imports = [ ./worker.nix ];
        deployment = { targetHost = "worker-a.example.org"; tags = [ "worker" ]; };
        system.stateVersion = "26.05";
      };
    };
  };
}
