# seance:1 sha256:d8442e1c3898b837 · generated: edit seance.toml, run "seance gen"
# The application: its checkout, the unit that runs devenv in it, and the check that it answers.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  name = "orchestra";
  repository = "git@github.com:example/orchestra.git";
  branch = "main";
  checkout = "/opt/orchestra";
  home = "/var/lib/${name}";

  profile = "prod";
  devenv = "${pkgs.devenv}/bin/devenv --profile=${profile} --no-tui";

  # systemd sets none of these. They lie in the home folder, so that certificates, caches and
  # garbage collection roots survive a new checkout.
  environment = {
    HOME = home;
    DEVENV_HOME = "${home}/devenv";
    XDG_CACHE_HOME = "${home}/cache";
    XDG_CONFIG_HOME = "${home}/config";
    XDG_DATA_HOME = "${home}/data";
    XDG_STATE_HOME = "${home}/state";
    XDG_RUNTIME_DIR = "/run/${name}";
    NIX_SSL_CERT_FILE = "/etc/ssl/certs/ca-bundle.crt";
    GIT_TERMINAL_PROMPT = "0";
    GIT_SSH_COMMAND = "ssh -i ${home}/.ssh/id_ed25519 -o IdentitiesOnly=yes -o StrictHostKeyChecking=accept-new";
  };

  # A unit's PATH holds little more than coreutils; devenv also calls these.
  path = [
    pkgs.bash
    pkgs.git
    pkgs.openssh
    config.nix.package
    config.virtualisation.docker.package
  ];

  # Fills an empty checkout and leaves every other alone: only `seance update` moves it. A clone
  # that was cut off is taken up again; a repository that does not answer is asked again.
  source = pkgs.writeShellScript "${name}-source" ''
    if [ ! -e "$HOME/.ssh/id_ed25519" ]; then
      install -d -m 0700 "$HOME/.ssh"
      ssh-keygen -q -t ed25519 -N "" -C ${name} -f "$HOME/.ssh/id_ed25519"
    fi
    checkout() {
      if [ -n "$(ls -A .)" ] && [ ! -e .git/seance-unfinished ]; then
        return
      fi
      mkdir -p .git || return
      touch .git/seance-unfinished || return
      git init --quiet . || return
      git config remote.origin.url ${lib.escapeShellArg repository} || return
      git config remote.origin.fetch '+refs/heads/*:refs/remotes/origin/*' || return
      git fetch --quiet origin || return
      git checkout --quiet --force -B ${lib.escapeShellArg branch} ${lib.escapeShellArg "origin/${branch}"} || return
      git submodule --quiet update --init --recursive || return
      rm .git/seance-unfinished
    }
    until checkout; do
      echo "cloning the repository failed; trying again in 15 seconds" >&2
      sleep 15
    done
    touch "$RUNTIME_DIRECTORY/ready"
  '';

  # git refuses a checkout that belongs to somebody else, so what root left behind (a `git pull`
  # over ssh) is handed back before every start.
  repairOwnership = pkgs.writeShellScript "${name}-repair-ownership" ''
    ${pkgs.findutils}/bin/find ${lib.escapeShellArg checkout} ${home} -xdev \
      \( ! -user ${name} -o ! -group ${name} \) \
      -exec ${pkgs.coreutils}/bin/chown --no-dereference ${name}:${name} {} +
  '';

  docker = "${config.virtualisation.docker.package}/bin/docker";
  containers = [
    "orchestra-database"
    "orchestra-shop"
    "orchestra-voice"
  ];

  secrets = [
    "POSTGRES_PASSWORD"
    "SHOP_KEY"
  ];

  urls = [
    "http://127.0.0.1:4000/health"
    "http://127.0.0.1:4002/"
  ];

  # What the services want done before they start and whenever the checkout has moved.
  prepare = pkgs.writeShellScript "${name}-prepare" ''
    set -euo pipefail
    echo "preparing api"
    (
    export DATABASE=postgres://127.0.0.1:5432/orchestra
    export PORT=4000
    cargo build --release
    )
  '';

  # Runs the command it is given, after the slow part. That part happens once the unit counts as
  # started, because a first build takes minutes and must not fail or block a system switch.
  start = pkgs.writeShellScript "${name}-start" ''
    set -eu
    until [ -e /run/${name}-source/ready ]; do
      sleep 1
    done
    printf '%s\n' ${toString secrets} | while read -r secret; do
      if ! printenv "$secret" >/dev/null; then
        echo "the secret $secret is not set: run \`seance secret set $secret\`" >&2
      fi
    done
    revision=$(git rev-parse HEAD || true)
    if [ -z "$revision" ] || [ "$(cat "$HOME/prepared" 2>/dev/null || true)" != "$revision ${prepare}" ]; then
      ${devenv} shell -- ${prepare}
      echo "$revision ${prepare}" > "$HOME/prepared"
    fi
    touch "$XDG_RUNTIME_DIR/started"
    exec "$@"
  '';
in
{
  users.groups.${name} = { };
  users.users.${name} = {
    isSystemUser = true;
    group = name;
    inherit home;
    extraGroups = [ "docker" ];
  };

  virtualisation.docker.enable = true;
  virtualisation.docker.autoPrune.enable = true;

  # So that root may run git in the service's checkout.
  programs.git.enable = true;
  programs.git.config.safe.directory = [ checkout ];

  environment.systemPackages = [ pkgs.devenv ];
  systemd.tmpfiles.rules = [
    "d ${home} 0750 ${name} ${name} -"
    "d ${checkout} 0755 ${name} ${name} -"
  ];

  systemd.services."${name}-source" = {
    description = "First checkout of ${name}";
    after = [ "network-online.target" ];
    wants = [ "network-online.target" ];
    inherit environment path;
    serviceConfig = {
      # Not a oneshot: a repository that cannot be reached yet must not block a system switch.
      Type = "exec";
      RemainAfterExit = true;
      User = name;
      Group = name;
      RuntimeDirectory = "${name}-source";
      WorkingDirectory = checkout;
      ExecStartPre = "+${repairOwnership}";
      ExecStart = source;
    };
  };

  systemd.services.${name} = {
    description = "devenv processes of ${name}";
    wantedBy = [ "multi-user.target" ];
    after = [
      "network-online.target"
      "${name}-source.service"
      "docker.service"
    ];
    wants = [
      "network-online.target"
      "docker.service"
    ];
    requires = [ "${name}-source.service" ];
    startLimitIntervalSec = 0;
    inherit environment path;
    serviceConfig = {
      Type = "exec";
      User = name;
      Group = name;
      # Removed at every stop: a process id left there would keep devenv from starting again.
      RuntimeDirectory = name;
      WorkingDirectory = checkout;
      # Written by `seance secret set`; holds every secret, belongs to no store path.
      EnvironmentFile = "-${home}/environment";
      ExecStartPre = "+${repairOwnership}";
      ExecStart = "${start} ${devenv} up --strict-ports";
      # A container outlives the docker client that started it.
      ExecStopPost = "-${docker} rm --force ${toString containers}";
      Restart = "always";
      RestartSec = 10;
      TimeoutStopSec = 60;
      KillMode = "mixed";
      # The application may not take the memory that sshd needs.
      MemoryHigh = "75%";
      MemoryMax = "90%";
      # Caddy binds 80 and 443 as an ordinary user.
      AmbientCapabilities = [ "CAP_NET_BIND_SERVICE" ];
      CapabilityBoundingSet = [ "CAP_NET_BIND_SERVICE" ];
      NoNewPrivileges = true;
      PrivateDevices = true;
      PrivateTmp = true;
      ProtectControlGroups = true;
      ProtectHome = true;
      ProtectKernelLogs = true;
      ProtectKernelModules = true;
      ProtectKernelTunables = true;
      ProtectSystem = "full";
      RestrictSUIDSGID = true;
    };
  };

  # devenv stays up when its processes have given up, so "active" proves nothing: ask them.
  systemd.services."${name}-health" = {
    description = "Restarts ${name} when it stops answering";
    after = [ "${name}.service" ];
    path = [ pkgs.curl ];
    serviceConfig = {
      Type = "oneshot";
      RuntimeDirectory = "${name}-health";
      RuntimeDirectoryPreserve = true;
    };
    script = ''
      failures=0
      if [ -e /run/${name}/started ]; then
        for url in ${lib.escapeShellArgs urls}; do
          if ! curl --silent --show-error --fail --max-time 10 --output /dev/null "$url"; then
            failures=$(($(cat "$RUNTIME_DIRECTORY/failures" 2>/dev/null || echo 0) + 1))
            echo "$url does not answer (check $failures of 5)" >&2
            break
          fi
        done
      fi
      if [ "$failures" -ge 5 ]; then
        failures=0
        systemctl restart ${name}.service
      fi
      echo "$failures" > "$RUNTIME_DIRECTORY/failures"
    '';
  };
  systemd.timers."${name}-health" = {
    wantedBy = [ "timers.target" ];
    timerConfig = {
      OnBootSec = "2min";
      OnUnitInactiveSec = "1min";
    };
  };
}
