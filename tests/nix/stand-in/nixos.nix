# One NixOS configuration as NixOS would see it, without nixpkgs: the modules given, the values of
# options that NixOS sets itself and that generated files read, and nothing else.
#
# `config` is the merged configuration, `units` the unit files as NixOS writes them.
{ modules, folder, names, system ? "x86_64-linux", specialArgs ? { } }:
let
  lib = import ./lib.nix;
  pkgs = import ./pkgs.nix { inherit lib folder system; names = names ++ used; };
  # What NixOS itself puts into every system or unit.
  used = [ "coreutils" "docker" "findutils" "gnugrep" "gnused" "nix" "systemd" ];
  nixosDefaults = {
    nix.package = lib.mkOptionDefault pkgs.nix;
    virtualisation.docker.package = lib.mkOptionDefault pkgs.docker;
    systemd.package = lib.mkOptionDefault pkgs.systemd;
    systemd.services = { };
    systemd.timers = { };
    systemd.tmpfiles.rules = [ ];
  };
  config = lib.evalModules {
    modules = [ nixosDefaults ] ++ modules;
    specialArgs = specialArgs // {
      inherit lib pkgs;
      modulesPath = builtins.toString ./modules;
    };
  };

  # What follows mirrors how NixOS turns options into unit text.
  words = lib.concatMapStringsSep " " builtins.toString;
  value = item: if builtins.isBool item then lib.boolToString item else builtins.toString item;
  lines = key: item:
    if builtins.isList item then lib.concatMapStrings (one: "${key}=${value one}\n") item
    else if item == null then ""
    else "${key}=${value item}\n";
  section = name: attributes: "[${name}]\n${lib.concatStrings (lib.mapAttrsToList lines attributes)}\n";

  unitLists = {
    after = "After"; before = "Before"; requires = "Requires"; wants = "Wants"; bindsTo = "BindsTo";
    partOf = "PartOf"; conflicts = "Conflicts"; requisite = "Requisite"; onFailure = "OnFailure";
    onSuccess = "OnSuccess"; documentation = "Documentation";
  };
  installLists = { wantedBy = "WantedBy"; requiredBy = "RequiredBy"; };
  renamed = table: unit: lib.concatMapAttrs
    (option: key: lib.optionalAttrs ((unit.${option} or [ ]) != [ ]) { ${key} = words unit.${option}; })
    table;
  head = unit:
    section "Unit"
      (lib.optionalAttrs (unit ? description) { Description = unit.description; }
        // renamed unitLists unit
        // lib.optionalAttrs (unit ? startLimitIntervalSec) { StartLimitIntervalSec = unit.startLimitIntervalSec; }
        // lib.optionalAttrs (unit ? startLimitBurst) { StartLimitBurst = unit.startLimitBurst; }
        // (unit.unitConfig or { }));
  install = unit: section "Install" (renamed installLists unit);

  defaultPath = [ pkgs.coreutils pkgs.findutils pkgs.gnugrep pkgs.gnused config.systemd.package ];
  # `path` takes packages and bare folders alike.
  search = items: "${lib.makeSearchPath "bin" items}:${lib.makeSearchPath "sbin" items}";
  environmentOf = unit:
    { PATH = search ((unit.path or [ ]) ++ defaultPath); } // (unit.environment or { });
  quoted = text: builtins.replaceStrings [ "%" ] [ "%%" ] (builtins.toJSON text);
  environmentLines = unit: lib.concatStrings (lib.mapAttrsToList
    (name: text: lib.optionalString (text != null) "Environment=${quoted "${name}=${builtins.toString text}"}\n")
    (environmentOf unit));
  jobs = { script = "ExecStart"; preStart = "ExecStartPre"; postStart = "ExecStartPost"; preStop = "ExecStop"; postStop = "ExecStopPost"; reload = "ExecReload"; };
  jobLines = name: unit: lib.concatStrings (lib.mapAttrsToList
    (option: key: lib.optionalString ((unit.${option} or "") != "")
      "${key}=${pkgs.writeShellScript "unit-script-${name}-${option}" "set -e\n${unit.${option}}"}\n")
    jobs);
  service = name: unit:
    head unit
    + "[Service]\n"
    + environmentLines unit
    + jobLines name unit
    + lib.concatStrings (lib.mapAttrsToList lines (unit.serviceConfig or { }))
    + "\n"
    + install unit;
  timer = _: unit: head unit + section "Timer" (unit.timerConfig or { }) + install unit;
  active = lib.filterAttrs (_: unit: unit.enable or true);
  named = suffix: write: units:
    lib.mapAttrs' (name: unit: lib.nameValuePair "${name}.${suffix}" (write name unit)) (active units);
in
{
  inherit config;
  units =
    named "service" service config.systemd.services
    // named "timer" timer config.systemd.timers;
  tmpfiles = config.systemd.tmpfiles.rules;
}
