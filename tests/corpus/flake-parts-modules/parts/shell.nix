{ ... }:
{
  perSystem = { pkgs, config, ... }: {
    devShells.default = pkgs.mkShell {
      packages = with pkgs; [ opentofu sops ssh-to-age ]
        ++ [ config.treefmt.build.wrapper ];
    };
    treefmt = {
      projectRootFile = "flake.nix";
      programs.nixpkgs-fmt.enable = true;
      programs.terraform.enable = true;
    };
  };
}
