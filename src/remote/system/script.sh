# Prints what a machine is and how it is doing, one `key<TAB>values` per line between two marks.
# Runs on any Linux with a POSIX shell; what a machine does not have is left out. Starts as few
# programs as it can: small droplets are slow.
set -f
units=@UNITS@
checkout=@CHECKOUT@
LC_ALL=C
export LC_ALL

say() {
  key=$1
  shift
  printf '%s' "$key"
  printf '\t%s' "$@"
  printf '\n'
}

# The commit that a checkout is at, read without git: git run by root in a folder of another user
# would carry out what that user's configuration says.
revision() {
  cd "$1/.git" 2>/dev/null && [ -f HEAD ] && read -r head <HEAD || return
  case $head in
  *..*) return ;;
  'ref: refs/'*)
    name=${head#ref: }
    say branch "${name#refs/heads/}"
    head=
    if [ -f "$name" ]; then
      read -r head <"$name"
    elif [ -f packed-refs ]; then
      while read -r commit reference; do
        if [ "$reference" = "$name" ]; then head=$commit; fi
      done <packed-refs
    fi
    ;;
  esac
  say revision "$head"
}

listeners() {
  if command -v ss >/dev/null; then
    ss -Hltnup | while read -r line; do say listener "$line"; done
  else
    for table in tcp tcp6 udp udp6; do
      [ -r "/proc/net/$table" ] || continue
      while read -r _ local _ state _; do
        case $table$state in
        tcp*0A | udp*07) say socket "$table" "$local" ;;
        esac
      done <"/proc/net/$table"
    done
  fi
}

main() {
  say begin 1
  for file in /etc/os-release /usr/lib/os-release; do
    [ -r "$file" ] || continue
    while IFS= read -r line; do
      case $line in
      ID=* | VERSION_ID=* | VARIANT_ID=* | PRETTY_NAME=*) say os "$line" ;;
      esac
    done <"$file"
    break
  done
  say hostname "$(uname -n)"
  say kernel "$(uname -r)"
  say clock "$(date +%s)"
  if [ -e /run/systemd/timesync/synchronized ]; then say synchronized yes; fi
  while read -r key value _; do
    if [ "$key" = btime ]; then say boot_time "$value"; fi
  done </proc/stat
  if read -r load _ </proc/loadavg; then say load "$load"; fi
  while read -r key value _; do
    case $key in
    MemTotal: | MemAvailable: | SwapTotal: | SwapFree:) say memory "${key%:}" "$value" ;;
    esac
  done </proc/meminfo
  if [ -r /proc/vmstat ]; then
    while read -r key value; do
      if [ "$key" = oom_kill ]; then say oom_kills "$value"; fi
    done </proc/vmstat
  fi
  for name in current booted; do
    [ -e "/run/$name-system" ] || continue
    say "$name" "$(readlink -f "/run/$name-system")" "$(readlink -f "/run/$name-system/kernel")" \
      "$(readlink -f "/run/$name-system/initrd")" "$(readlink -f "/run/$name-system/kernel-modules")"
  done
  if [ -L /nix/var/nix/profiles/system ]; then
    say profile "$(readlink /nix/var/nix/profiles/system)" \
      "$(readlink -f /nix/var/nix/profiles/system)"
  fi
  df -Pk / /boot /nix 2>/dev/null | while read -r _ size used free _ mount; do
    case $mount in
    /*) say disk "$mount" "$size" "$used" "$free" ;;
    esac
  done
  df -Pi / 2>/dev/null | while read -r _ all _ free _ mount; do
    case $mount in
    /*) say inodes "$mount" "$all" "$free" ;;
    esac
  done
  if [ -n "$checkout" ]; then (revision "$checkout"); fi
  listeners 2>/dev/null
  if [ -d /run/systemd/system ]; then
    say state "$(systemctl is-system-running 2>/dev/null)"
    systemctl list-units --failed --all --plain --no-legend --no-pager 2>/dev/null |
      while read -r unit _; do say failed "$unit"; done
    if [ -n "$units" ]; then
      # shellcheck disable=SC2086 # names of units hold no spaces
      systemctl show --no-pager --timestamp=unix \
        --property=Id,LoadState,ActiveState,SubState,Result,NRestarts,ExecMainStatus,StateChangeTimestamp,MemoryCurrent \
        -- $units 2>/dev/null | while IFS= read -r line; do say unit "$line"; done
    fi
  fi
  say end 1
}

main </dev/null
