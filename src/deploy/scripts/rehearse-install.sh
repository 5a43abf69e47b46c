# Stands in for the installation of NixOS: says what would be run and fails on request.
set -eu
echo "begun" >"$SEANCE_INSTALLATION"
echo "rehearsal: nixos-anywhere would install $SEANCE_FLAKE#$SEANCE_SERVER on root@$SEANCE_ADDRESS"
if [ "${SEANCE_REHEARSAL_FAILS:-}" = install ]; then
  echo "rehearsal: the installation fails, as asked" >&2
  exit 1
fi
echo "done" >"$SEANCE_INSTALLATION"
