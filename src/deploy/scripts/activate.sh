# Waits for the installed system and switches it to the one that was built. The switch runs in a
# unit of its own: a connection that breaks does not stop it half-way.
set -eu
reach() {
  ssh -p "$SEANCE_SSH_PORT" -o BatchMode=yes -o ConnectTimeout=5 \
    -o StrictHostKeyChecking="$SEANCE_HOST_KEY_CHECKING" \
    -o UserKnownHostsFile="$SEANCE_KNOWN_HOSTS" "root@$SEANCE_ADDRESS" "$@"
}
waited=0
until reach test -e /run/current-system/nixos-version; do
  waited=$((waited + 1))
  if [ "$waited" -ge "$SEANCE_BOOT_ATTEMPTS" ]; then
    echo "NixOS did not answer on port $SEANCE_SSH_PORT of $SEANCE_ADDRESS" >&2
    exit 1
  fi
  sleep 5
done
export NIX_SSHOPTS="-p $SEANCE_SSH_PORT -o BatchMode=yes -o StrictHostKeyChecking=$SEANCE_HOST_KEY_CHECKING -o UserKnownHostsFile=$SEANCE_KNOWN_HOSTS"
if [ -z "${SEANCE_SYSTEM:-}" ]; then
  exec nixos-rebuild switch --flake "$SEANCE_FLAKE#$SEANCE_SERVER" \
    --target-host "root@$SEANCE_ADDRESS" --build-host "root@$SEANCE_ADDRESS"
fi
if [ "$(reach readlink -f /run/current-system)" = "$SEANCE_SYSTEM" ]; then
  echo "the server runs $SEANCE_SYSTEM already"
  exit 0
fi
nix --extra-experimental-features 'nix-command flakes' copy \
  --substitute-on-destination --to "ssh://root@$SEANCE_ADDRESS" "$SEANCE_SYSTEM"
reach nix-env --profile /nix/var/nix/profiles/system --set "$SEANCE_SYSTEM"
reach systemd-run --unit seance-switch --collect --wait --pipe --quiet \
  --service-type exec --setenv NIXOS_INSTALL_BOOTLOADER=0 \
  "$SEANCE_SYSTEM/bin/switch-to-configuration" switch
