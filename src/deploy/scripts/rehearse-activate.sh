# Stands in for the switch of the installed system: says what would be run and fails on request.
set -eu
echo "rehearsal: $SEANCE_SERVER would switch to its new configuration"
if [ "${SEANCE_REHEARSAL_FAILS:-}" = system ]; then
  echo "rehearsal: the switch fails, as asked" >&2
  exit 1
fi
