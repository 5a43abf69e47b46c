# NixOS answers on the server already: an earlier installation came to its end unseen.
set -eu
echo "NixOS is on $SEANCE_ADDRESS already: not installed again"
echo "done" >"$SEANCE_INSTALLATION"
