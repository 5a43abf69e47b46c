{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.docker01 = nixpkgs.lib.nixosSystem {
      system = "x86_64-linux";
      modules = [ ./docker01.nix ];
    };
  };
}
