//! Reading Nix without evaluating it: parse errors, free names, duplicate keys, string values.
