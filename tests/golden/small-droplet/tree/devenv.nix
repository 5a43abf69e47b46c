# Yours: seance wrote it once and never touches it again. Processes and environments that follow
# seance.toml are in nix/devenv-profiles.nix; add to them or override them here.
{
  imports = [ ./nix/devenv-profiles.nix ];
}
