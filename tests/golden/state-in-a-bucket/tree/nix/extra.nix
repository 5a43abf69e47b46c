# Yours: seance wrote it once and never touches it again. It is an ordinary NixOS module, imported
# by nixos-configuration.nix; override a generated value with `lib.mkForce`.
{
}
