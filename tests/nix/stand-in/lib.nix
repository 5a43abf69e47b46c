# The few functions of nixpkgs' `lib` that generated files call, written with builtins alone, and
# module merging with the properties that generated files use.
#
# nixpkgs is not at hand where these tests run. What is here behaves as nixpkgs' own; what is not
# here fails by name ("attribute 'x' missing") and is then added, never guessed around.
rec {
  # Strings
  concatStringsSep = builtins.concatStringsSep;
  concatStrings = concatStringsSep "";
  concatMapStrings = f: list: concatStrings (map f list);
  concatMapStringsSep = separator: f: list: concatStringsSep separator (map f list);
  concatLines = concatMapStrings (line: line + "\n");
  optionalString = condition: text: if condition then text else "";
  hasPrefix = prefix: text: builtins.substring 0 (builtins.stringLength prefix) text == prefix;
  hasSuffix = suffix: text:
    let
      length = builtins.stringLength text;
      tail = builtins.stringLength suffix;
    in
    length >= tail && builtins.substring (length - tail) tail text == suffix;
  hasInfix = infix: text: builtins.length (splitString infix text) > 1;
  removePrefix = prefix: text:
    if hasPrefix prefix text then
      builtins.substring (builtins.stringLength prefix) (builtins.stringLength text) text
    else
      text;
  removeSuffix = suffix: text:
    if hasSuffix suffix text then
      builtins.substring 0 (builtins.stringLength text - builtins.stringLength suffix) text
    else
      text;
  escapeRegex = builtins.replaceStrings
    [ "\\" "[" "{" "(" ")" "^" "$" "?" "*" "+" "|" "." ]
    [ "\\\\" "\\[" "\\{" "\\(" "\\)" "\\^" "\\$" "\\?" "\\*" "\\+" "\\|" "\\." ];
  splitString = separator: text:
    builtins.filter builtins.isString (builtins.split (escapeRegex separator) text);
  toInt = text: builtins.fromJSON text;
  boolToString = value: if value then "true" else "false";
  escapeShellArg = argument:
    let text = builtins.toString argument; in
    if builtins.match "[[:alnum:],._+:@%/-]+" text != null then
      text
    else
      "'${builtins.replaceStrings [ "'" ] [ "'\\''" ] text}'";
  escapeShellArgs = concatMapStringsSep " " escapeShellArg;
  makeSearchPath = folder: packages:
    concatMapStringsSep ":" (package: "${package}/${folder}") (builtins.filter (p: p != null) packages);
  makeBinPath = makeSearchPath "bin";
  getExe = package: "${package}/bin/${package.meta.mainProgram}";
  getExe' = package: program: "${package}/bin/${program}";
  getBin = package: package;
  getName = package: package.pname;

  # Lists
  inherit (builtins) all any concatLists concatMap elem elemAt filter head length listToAttrs map tail;
  foldl' = builtins.foldl';
  optional = condition: item: if condition then [ item ] else [ ];
  optionals = condition: items: if condition then items else [ ];
  unique = builtins.foldl' (seen: item: if builtins.elem item seen then seen else seen ++ [ item ]) [ ];
  flatten = value: if builtins.isList value then builtins.concatMap flatten value else [ value ];
  remove = item: builtins.filter (other: other != item);
  subtractLists = unwanted: builtins.filter (item: !(builtins.elem item unwanted));
  range = first: last: builtins.genList (index: first + index) (last - first + 1);
  last = list: builtins.elemAt list (builtins.length list - 1);

  # Attribute sets
  inherit (builtins) attrNames attrValues hasAttr intersectAttrs mapAttrs removeAttrs;
  nameValuePair = name: value: { inherit name value; };
  genAttrs = names: f: builtins.listToAttrs (map (name: nameValuePair name (f name)) names);
  optionalAttrs = condition: set: if condition then set else { };
  filterAttrs = keep: set:
    builtins.removeAttrs set (builtins.filter (name: !(keep name set.${name})) (builtins.attrNames set));
  mapAttrs' = f: set: builtins.listToAttrs (map (name: f name set.${name}) (builtins.attrNames set));
  mapAttrsToList = f: set: map (name: f name set.${name}) (builtins.attrNames set);
  concatMapAttrs = f: set: builtins.foldl' (all: name: all // f name set.${name}) { } (builtins.attrNames set);
  recursiveUpdate = left: right:
    left // builtins.mapAttrs
      (name: value:
        if builtins.isAttrs value && builtins.isAttrs (left.${name} or null) then
          recursiveUpdate left.${name} value
        else
          value)
      right;
  attrByPath = path: default: set:
    if path == [ ] then set
    else if set ? ${builtins.head path} then attrByPath (builtins.tail path) default set.${builtins.head path}
    else default;
  isDerivation = value: builtins.isAttrs value && value ? outPath;
  importJSON = path: builtins.fromJSON (builtins.readFile path);
  importTOML = path: builtins.fromTOML (builtins.readFile path);
  pipe = builtins.foldl' (value: f: f value);
  id = value: value;

  # Properties of module values
  mkIf = condition: content: { _type = "if"; inherit condition content; };
  mkMerge = contents: { _type = "merge"; inherit contents; };
  mkOverride = priority: content: { _type = "override"; inherit priority content; };
  mkOptionDefault = mkOverride 1500;
  mkDefault = mkOverride 1000;
  mkImageMediaOverride = mkOverride 60;
  mkForce = mkOverride 50;
  mkVMOverride = mkOverride 10;
  mkOrder = priority: content: { _type = "order"; inherit priority content; };
  mkBefore = mkOrder 500;
  mkAfter = mkOrder 1500;

  # Evaluates modules to one configuration: imports followed, every module given `config`, values
  # merged by the properties above. No option types: an attribute set merges by key, lists are
  # joined, lines and every other value must agree, as with most of NixOS' own types.
  evalModules = { modules, specialArgs ? { } }:
    let
      arguments = specialArgs // { inherit config; lib = specialArgs.lib; };
      load = module:
        let
          value = if builtins.isFunction module then module else import module;
          set =
            if builtins.isAttrs module then module
            else if builtins.isFunction value then value arguments
            else value;
        in
        builtins.concatMap load (set.imports or [ ])
        ++ [ (set.config or (builtins.removeAttrs set [ "imports" "options" "_file" "key" ])) ];
      config = merge [ "config" ] (builtins.concatMap load modules);
    in
    config;

  merge = path: values:
    let
      definitions = builtins.concatMap (discharge 100 1000) values;
      strongest = builtins.foldl' (least: one: if one.priority < least then one.priority else least) 9999 definitions;
      kept = builtins.sort (a: b: a.order < b.order) (builtins.filter (one: one.priority == strongest) definitions);
      contents = map (one: one.value) kept;
      first = builtins.head contents;
      plainSet = value: builtins.isAttrs value && !(value ? outPath);
    in
    if builtins.all plainSet contents then
      mergeSets path contents
    else if builtins.all builtins.isList contents then
      builtins.concatLists contents
    else if builtins.all (value: value == first) contents then
      first
    else
      throw "conflicting definitions of `${concatStringsSep "." path}`";

  mergeSets = path: sets:
    let
      names = unique (builtins.concatMap builtins.attrNames sets);
      of = name: builtins.concatMap (set: optional (set ? ${name}) set.${name}) sets;
      present = builtins.filter (name: builtins.concatMap (discharge 100 1000) (of name) != [ ]) names;
    in
    genAttrs present (name: merge (path ++ [ name ]) (of name));

  # A value with its properties taken off: no entry for a false `mkIf`, several for a `mkMerge`.
  discharge = priority: order: value:
    if !(builtins.isAttrs value && value ? _type) then [ { inherit priority order value; } ]
    else if value._type == "if" then optionals value.condition (discharge priority order value.content)
    else if value._type == "merge" then builtins.concatMap (discharge priority order) value.contents
    else if value._type == "override" then discharge value.priority order value.content
    else if value._type == "order" then discharge priority value.priority value.content
    else throw "a value of the unknown type `${value._type}`";
}
