{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
  outputs = inputs: {
    nixosConfigurations.thinkpad = inputs.nixpkgs.lib.nixosSystem {
      modules = [ ./thinkpad.nix ];
    };
  };
}
