# Applies the outputs of a flake to stand-in inputs and says what came out. Nothing is fetched and
# nothing is built: what is proven is that the flake's own text evaluates, for every system, and
# hands the right modules to NixOS.
#
# `self` is the flake itself, as in Nix. `nixosSystem` records what it was called with and merges
# the modules with the stand-in of nixpkgs' library; packages are records of their name.
{ flake, folder, names }:
let
  lib' = import ./stand-in/lib.nix;
  words = builtins.fromJSON (builtins.readFile names);
  pkgsFor = system: import ./stand-in/pkgs.nix { lib = lib'; inherit folder system; names = words; } // builders system;

  # What `callPackage` gives a package: arguments by name, overridable ones by their defaults.
  callPackage = system: path: overrides:
    let
      function = import path;
      pkgs = pkgsFor system;
      formals = builtins.functionArgs function;
      # Only what has no default of its own: `words` makes a package of every word, `withTools` too.
      given = builtins.intersectAttrs (lib'.filterAttrs (_: optional: !optional) formals) pkgs;
      missing = builtins.filter (name: !formals.${name} && !(given ? ${name})) (builtins.attrNames formals);
    in
    if missing == [ ] then function (given // overrides)
    else throw "callPackage ${builtins.toString path}: no package `${lib'.concatStringsSep "`, `" missing}`";

  # A derivation is its attributes, a path and a way to change it.
  derivationOf = attributes:
    attributes // {
      type = "derivation";
      name = attributes.pname or attributes.name;
      outPath = "${folder}/${attributes.pname or attributes.name}";
      overrideAttrs = change: derivationOf (attributes // change attributes);
    };
  builders = system: {
    inherit lib;
    buildPackages = pkgsFor system;
    callPackage = callPackage system;
    mkShell = attributes: derivationOf (attributes // { name = "shell"; });
    runCommand = name: attributes: command: derivationOf (attributes // { inherit name command; });
    rustPlatform.buildRustPackage = attributes: derivationOf attributes;
    stdenv =
      let platform = { inherit system; canExecute = other: other.system == system; }; in
      { hostPlatform = platform; buildPlatform = platform; };
  };

  lib = lib' // {
    nixosSystem = arguments: {
      inherit (arguments) modules;
      config = (import ./stand-in/nixos.nix {
        # The disko module only declares options, which the stand-in does not need.
        modules = builtins.filter (module: !(builtins.isAttrs module && module ? stand-in)) arguments.modules;
        specialArgs = arguments.specialArgs or { };
        names = words;
        inherit folder;
      }).config;
    };
    licenses = { mit = "MIT"; asl20 = "Apache-2.0"; };
    platforms = { unix = [ ]; linux = [ ]; };
    # Filtering a source reads the disk; the names of its parts are all that is kept here.
    sources.cleanSource = source: source;
    fileset = {
      toSource = { root, fileset }: { inherit root fileset; };
      fromSource = source: [ source ];
      intersection = _: parts: parts;
      fileFilter = _: folder: folder;
      unions = parts: map (part: if builtins.pathExists part then part else throw "the file set names ${builtins.toString part}, which is not there") parts;
    };
  };

  systems = [ "x86_64-linux" "aarch64-linux" "aarch64-darwin" ];
  flakeSet = import (/. + "${flake}/flake.nix");
  outputs = flakeSet.outputs inputs;
  inputs = {
    self = outputs // { outPath = flake; inherit inputs; };
    nixpkgs = {
      inherit lib;
      outPath = "${folder}/nixpkgs";
      legacyPackages = lib.genAttrs systems pkgsFor;
    };
    disko.nixosModules = rec { disko = { stand-in = "disko"; }; default = disko; };
    devenv.packages = lib.genAttrs systems (_: rec {
      devenv = derivationOf { pname = "devenv"; from = "the devenv input"; };
      default = devenv;
    });
    seance.packages = lib.genAttrs systems (_: rec { seance = derivationOf { pname = "seance"; }; default = seance; });
  };
  perSystem = name: builtins.mapAttrs (_: builtins.attrNames) (outputs.${name} or { });
  # The overlays that the modules bring, applied to packages that know no devenv.
  devenvOf = host:
    let
      overlays = builtins.concatMap
        (module: if builtins.isAttrs module then module.nixpkgs.overlays or [ ] else [ ])
        host.modules;
      pkgs = builtins.foldl' (pkgs: overlay: pkgs // overlay pkgs pkgs) { } overlays;
    in
    pkgs.devenv.from or "nixpkgs";
in
{
  inputs = builtins.mapAttrs (_: input: { url = input.url or null; follows = input.inputs.nixpkgs.follows or null; }) flakeSet.inputs;
  names = builtins.attrNames outputs;
  packages = perSystem "packages";
  apps = builtins.mapAttrs (_: builtins.mapAttrs (_: app: app.program)) (outputs.apps or { });
  checks = perSystem "checks";
  devShells = builtins.mapAttrs
    (_: builtins.mapAttrs (_: shell: map builtins.toString (shell.packages or [ ])))
    (outputs.devShells or { });
  formatter = builtins.mapAttrs (_: builtins.toString) (outputs.formatter or { });
  overlays = builtins.attrNames (outputs.overlays or { });
  # The attributes of what is built, for the checks that the harness makes on them.
  package = builtins.mapAttrs
    (_: set:
      if set.seance ? postFixup then
        { inherit (set.seance) pname version postInstall postFixup meta; source = map builtins.toString set.seance.src.fileset; }
      else
        { inherit (set.seance) pname; })
    outputs.packages;
  commands = builtins.mapAttrs
    (_: builtins.mapAttrs (_: check: check.buildPhase or check.command or ""))
    (outputs.checks or { });
  hosts = builtins.mapAttrs
    (_: host: {
      modules = map
        (module:
          if builtins.isAttrs module then module.stand-in or (builtins.concatStringsSep " " (builtins.attrNames module))
          else if builtins.isFunction module then "function"
          else builtins.baseNameOf module)
        host.modules;
      devenv = devenvOf host;
      inherit (host.config.networking) hostName;
      inherit (host.config.system) stateVersion;
    })
    outputs.nixosConfigurations;
}
