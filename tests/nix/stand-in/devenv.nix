# One devenv environment as devenv would see it: the modules given, and the named profiles laid
# over them. A profile's plain values win over the base's, as in devenv: every leaf of the k-th
# active profile gets the priority 99 - k, and a value that has a property keeps it.
{ modules, profiles ? [ ], folder, names, system ? "x86_64-linux", root, state }:
let
  lib = import ./lib.nix;
  pkgs = import ./pkgs.nix { inherit lib folder names system; };
  specialArgs = { inherit lib pkgs; inputs = { }; };
  directories = {
    env = { };
    devenv = lib.mapAttrs (_: lib.mkOptionDefault) {
      inherit root state;
      dotfile = "${root}/.devenv";
      runtime = "${state}/run";
      profile = "${folder}/profile";
    };
  };
  evaluate = more: lib.evalModules { modules = [ directories ] ++ modules ++ more; inherit specialArgs; };
  declared = (evaluate [ ]).profiles or { };
  raise = priority: value:
    if lib.isDerivation value || (builtins.isAttrs value && value ? _type) then value
    else if builtins.isAttrs value then builtins.mapAttrs (_: raise priority) value
    else if builtins.isList value then value
    else lib.mkOverride priority value;
  profileModule = index: name:
    let module = (declared.${name} or (throw "no profile `${name}`")).module; in
    arguments:
    raise (98 - index) (if builtins.isFunction module then module (arguments // specialArgs) else module);
  indexed = builtins.genList (index: profileModule index (builtins.elemAt profiles index)) (builtins.length profiles);
in
evaluate indexed
