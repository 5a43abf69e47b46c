# Replaces the stock image by the system that was built and checked before anything cost money.
set -eu
echo "begun" >"$SEANCE_INSTALLATION"
case "$SEANCE_SSH_PORT" in
  22) name="$SEANCE_ADDRESS" ;;
  *) name="[$SEANCE_ADDRESS]:$SEANCE_SSH_PORT" ;;
esac
printf '%s %s\n' "$name" "$SEANCE_HOST_PUBLIC_KEY" >"$SEANCE_KNOWN_HOSTS"
set -- --target-host "root@$SEANCE_ADDRESS" --extra-files "$SEANCE_HOST_FILES"
if [ -n "${SEANCE_SYSTEM:-}" ]; then
  set -- "$@" --store-paths "$SEANCE_PARTITIONER" "$SEANCE_SYSTEM"
else
  set -- "$@" --flake "$SEANCE_FLAKE#$SEANCE_SERVER" --build-on remote --no-disko-deps
fi
if command -v nixos-anywhere >/dev/null 2>&1; then
  nixos-anywhere "$@"
else
  nix --extra-experimental-features 'nix-command flakes' \
    run "$SEANCE_INSTALLER" -- "$@"
fi
echo "done" >"$SEANCE_INSTALLATION"
