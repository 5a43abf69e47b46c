# shellcheck shell=sh disable=SC2154
# Read by the other programs of this folder, which say in `program` who they are: writes down how
# the program was called, and does what a test has asked of it.
record="$STANDIN_RECORDS/$(date +%s%N)-$program-$$"
mkdir -p "$record.part"
printf '%s\0' "$@" >"$record.part/arguments"
pwd >"$record.part/folder"
env | sed -n 's/^\([A-Za-z_][A-Za-z0-9_]*\)=.*/\1/p' | sort >"$record.part/environment"

# Everybody on the machine can read what a program was called with.
: >"$record.part/processes"
ancestor=$$
while [ "$ancestor" -gt 1 ]; do
    tr '\0' ' ' <"/proc/$ancestor/cmdline" >>"$record.part/processes"
    echo >>"$record.part/processes"
    ancestor=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$ancestor/status")
done
mv "$record.part" "$record"

# Two minutes at most: a test that failed takes nothing back.
left=1200
while [ -e "$STANDIN_ORDERS/$program-hangs" ] && [ "$left" -gt 0 ]; do
    sleep 0.1
    left=$((left - 1))
done
if [ -e "$STANDIN_ORDERS/$program-dies" ]; then
    kill -KILL $$
fi
if [ -e "$STANDIN_ORDERS/$program-fails" ]; then
    echo "$program: fails, as asked" >&2
    exit 1
fi
