{
  config,
  lib,
  pkgs,
  inputs,
  modulesPath,
  ...
}:
let
  cfg = config.my.app;
  inherit (lib)
    mkIf
    mkMerge
    mkDefault
    mkForce
    optionals
    ;
in
{
  imports = [
    (modulesPath + "/profiles/qemu-guest.nix")
    ./own.nix
  ];
  config = mkMerge [
    {
      boot.kernelPackages = pkgs.linuxPackages_latest;
      boot.kernelParams = [ "console=ttyS0" ] ++ optionals true [ "x" ];
      boot.initrd.availableKernelModules = [ "virtio_pci" ];
      boot.initrd.kernelModules = {
        kvm = true;
      };
      boot.supportedFilesystems.zfs = mkForce false;
      boot.loader.grub = {
        enable = true;
        device = "/dev/vda";
        devices = mkForce [ "/dev/vda" ];
        efiSupport = false;
        timeoutStyle = "menu";
        splashImage = null;
        users.x.hashedPasswordFile = "/x";
      };
      boot.loader.timeout = mkForce 5;
      boot.kernel.sysctl = {
        "vm.swappiness" = 10;
        "net.ipv4.ip_forward" = true;
        "kernel.x" = "y";
      };
      boot.tmp.cleanOnBoot = true;
      users.users.alice = {
        isNormalUser = true;
        uid = 1000;
        hashedPasswordFile = "/x";
        home = /home/alice;
        shell = "/bin/sh";
        packages = with pkgs; [ htop ];
        openssh.authorizedKeys.keyFiles = [ ./key.pub ];
        extraGroups = [ "docker" ] ++ [ "wheel" ];
        linger = true;
      };
      users.users.root.initialHashedPassword = "";
      users.groups.app.gid = 100;
      environment.etc."x".source = ./flake.nix;
      environment.etc.y = {
        text = "a";
        mode = "0400";
        user = "root";
      };
      environment.variables = {
        EDITOR = "vim";
        NUM = 3;
      };
      environment.sessionVariables.X = [
        "a"
        "b"
      ];
      environment.systemPackages = with pkgs; [
        git
        (python3.withPackages (p: [ p.requests ]))
      ];
      systemd.services.x = {
        serviceConfig = {
          ExecStartPre = [
            "a"
            "b"
          ];
          LimitNOFILE = 1000;
          PrivateTmp = true;
          Environment = "A=b";
        };
        environment.X = toString 3;
        environment.P = "${pkgs.hello}";
        path = [
          pkgs.git
          "/run/wrappers"
        ];
        restartTriggers = [
          ./flake.nix
          pkgs.hello
          "x"
        ];
        onFailure = [ "y.service" ];
        startAt = "daily";
        unitConfig.X = [
          1
          2
        ];
        requires = [ ];
        stopIfChanged = false;
        restartIfChanged = mkDefault true;
        reloadIfChanged = false;
        preStart = mkIf cfg.enable "x";
        script = lib.mkBefore "x";
      };
      systemd.timers.x = {
        timerConfig = {
          OnBootSec = "1m";
          Persistent = true;
        };
        wantedBy = [ "timers.target" ];
      };
      systemd.tmpfiles.settings."10-x"."/var/x".d = {
        mode = "0755";
        user = "x";
      };
      systemd.tmpfiles.rules = [ "d /x" ];
      systemd.network = {
        enable = true;
        wait-online.anyInterface = true;
        networks."10-x" = {
          matchConfig.Name = "eth0";
          address = [ "1.2.3.4/20" ];
          routes = [ { Gateway = "1.2.3.1"; } ];
          networkConfig.DHCP = "no";
          dns = [ "1.1.1.1" ];
          linkConfig.RequiredForOnline = "routable";
        };
      };
      systemd.settings.Manager.DefaultTimeoutStopSec = "10s";
      networking.interfaces.ens3 = {
        useDHCP = false;
        ipv4.addresses = [
          {
            address = "1.2.3.4";
            prefixLength = 20;
          }
        ];
      };
      networking.defaultGateway = "1.2.3.1";
      networking.defaultGateway6 = {
        address = "fe80::1";
        interface = "eth0";
      };
      networking.nameservers = [ "1.1.1.1" ];
      networking.hostName = "web";
      networking.hosts."127.0.0.1" = [ "x" ];
      networking.useDHCP = lib.mkForce false;
      networking.firewall = {
        enable = true;
        checkReversePath = "loose";
        interfaces.eth0.allowedTCPPorts = [ 22 ];
        allowedUDPPortRanges = [
          {
            from = 1;
            to = 2;
          }
        ];
        trustedInterfaces = [ "lo" ];
        extraCommands = "x";
        allowPing = true;
      };
      networking.nftables.tables.x = {
        family = "inet";
        content = "x";
      };
      services.openssh = {
        enable = true;
        ports = [ 22 ];
        listenAddresses = [
          {
            addr = "0.0.0.0";
            port = 22;
          }
        ];
        hostKeys = [
          {
            path = "/etc/ssh/x";
            type = "ed25519";
          }
        ];
        openFirewall = true;
        settings = {
          PermitRootLogin = "prohibit-password";
          AllowUsers = [ "alice" ];
          X11Forwarding = false;
          MaxAuthTries = 3;
          Ciphers = [ "x" ];
          UsePAM = true;
        };
        extraConfig = "x";
      };
      services.caddy = {
        enable = true;
        email = "a@b.c";
        package = pkgs.caddy.withPlugins {
          plugins = [ "x@v1" ];
          hash = "sha256-x";
        };
        globalConfig = "x";
        virtualHosts."a.b" = {
          extraConfig = "x";
          serverAliases = [ "c" ];
          logFormat = null;
          useACMEHost = null;
        };
        environmentFile = "/x";
        acmeCA = null;
        enableReload = false;
        dataDir = "/var/lib/caddy";
      };
      services.postgresql = {
        enable = true;
        package = pkgs.postgresql_16;
        ensureDatabases = [ "x" ];
        ensureUsers = [
          {
            name = "x";
            ensureDBOwnership = true;
            ensureClauses.login = true;
          }
        ];
        authentication = lib.mkOverride 10 "x";
        initialScript = pkgs.writeText "x" "y";
        settings = {
          max_connections = 10;
          shared_buffers = "1GB";
          log_statement = null;
        };
        extensions = ps: [ ps.postgis ];
        enableTCPIP = false;
        dataDir = "/x";
        initdbArgs = [ "-x" ];
        identMap = "x";
      };
      services.restic.backups.x = {
        paths = [ "/" ];
        timerConfig = {
          OnCalendar = "daily";
        };
        passwordFile = "/x";
        repository = "s3:x";
        pruneOpts = [ "--keep-daily 7" ];
        initialize = true;
        extraBackupArgs = [ "x" ];
        environmentFile = "/x";
        exclude = [ "x" ];
        backupPrepareCommand = "x";
      };
      services.tailscale = {
        enable = true;
        authKeyFile = "/x";
        useRoutingFeatures = "both";
        extraUpFlags = [ "--ssh" ];
        port = 0;
        permitCertUid = "caddy";
      };
      services.fail2ban = {
        enable = true;
        maxretry = 5;
        ignoreIP = [ "1.2.3.4" ];
        bantime = "1h";
        bantime-increment = {
          enable = true;
          multipliers = "1 2";
          overalljails = true;
        };
        jails = {
          sshd.settings = {
            enabled = true;
          };
          nginx = "enabled = true";
        };
      };
      services.journald.extraConfig = "SystemMaxUse=500M";
      services.resolved = {
        enable = true;
        settings.Resolve.DNSSEC = false;
      };
      services.timesyncd.servers = [ "x" ];
      services.cloud-init = {
        enable = true;
        network.enable = true;
        settings = {
          datasource_list = [ "ConfigDrive" ];
          preserve_hostname = true;
        };
      };
      services.qemuGuest.enable = true;
      security.acme = {
        acceptTerms = true;
        defaults = {
          email = "a@b.c";
          dnsProvider = "cloudflare";
          environmentFile = "/x";
        };
        certs."a.b" = {
          domain = "*.a.b";
          extraDomainNames = [ "c" ];
          group = "caddy";
          reloadServices = [ "x" ];
          webroot = null;
        };
      };
      security.sudo = {
        wheelNeedsPassword = false;
        execWheelOnly = true;
        extraRules = [
          {
            users = [ "x" ];
            commands = [
              "ALL"
              {
                command = "x";
                options = [ "NOPASSWD" ];
              }
            ];
          }
        ];
        extraConfig = "x";
      };
      nix = {
        package = pkgs.nixVersions.latest;
        registry.nixpkgs.flake = inputs.nixpkgs;
        nixPath = [ "nixpkgs=${inputs.nixpkgs}" ];
        gc = {
          automatic = true;
          dates = "weekly";
          options = "-d";
          persistent = true;
          randomizedDelaySec = "1h";
        };
        optimise = {
          automatic = true;
          dates = [ "weekly" ];
        };
        settings = {
          substituters = [ "x" ];
          max-jobs = "auto";
          cores = 0;
          sandbox = "relaxed";
          trusted-users = [ "root" ];
          auto-optimise-store = true;
          min-free = 512 * 1024 * 1024;
          flake-registry = "";
        };
        channel.enable = false;
        extraOptions = "x";
        daemonCPUSchedPolicy = "idle";
        buildMachines = [
          {
            hostName = "x";
            systems = [ "x86_64-linux" ];
            maxJobs = 2;
          }
        ];
      };
      nixpkgs.config.allowUnfree = true;
      nixpkgs.overlays = [ (self: super: { }) ];
      nixpkgs.hostPlatform = "x86_64-linux";
      system = {
        stateVersion = "26.05";
        autoUpgrade = {
          enable = false;
          flake = "x";
          dates = "02:00";
          flags = [ ];
          rebootWindow = {
            lower = "01:00";
            upper = "05:00";
          };
          operation = "boot";
        };
        nixos.tags = [ "x" ];
        configurationRevision = inputs.self.rev or null;
        activationScripts.x = "y";
        activationScripts.z = {
          text = "a";
          deps = [ "x" ];
        };
      };
      virtualisation = {
        docker = {
          enable = true;
          daemon.settings = {
            live-restore = false;
            log-opts.max-size = "10m";
          };
          autoPrune = {
            enable = true;
            dates = "weekly";
            flags = [ "-a" ];
          };
          enableOnBoot = true;
          storageDriver = "overlay2";
          liveRestore = false;
        };
        podman = {
          defaultNetwork.settings.dns_enabled = true;
          dockerCompat = true;
        };
        oci-containers = {
          backend = "docker";
          containers.x = {
            image = "a";
            ports = [ "127.0.0.1:80:80" ];
            environment.A = "b";
            volumes = [ "/x:/y" ];
            extraOptions = [ "--x" ];
            cmd = [ "x" ];
            autoStart = true;
            login.username = "x";
            environmentFiles = [
              /x
              ./y
            ];
          };
        };
      };
      fileSystems."/" = {
        device = "/dev/vda1";
        fsType = "ext4";
        options = [ "noatime" ];
        autoResize = true;
        neededForBoot = true;
      };
      fileSystems."/data" = {
        device = "tmpfs";
        fsType = "tmpfs";
        depends = [ "/" ];
      };
      swapDevices = [
        {
          device = "/swap";
          size = 2048;
          randomEncryption.enable = true;
        }
        {
          device = "/x";
          randomEncryption = true;
        }
      ];
      zramSwap = {
        enable = true;
        memoryPercent = 50;
        algorithm = "zstd";
        priority = 5;
      };
      time.timeZone = mkDefault "UTC";
      i18n.defaultLocale = "en_US.UTF-8";
      console = {
        keyMap = mkDefault "us";
        font = "x";
      };
      programs.git = {
        enable = true;
        config = {
          safe.directory = "/x";
          init.defaultBranch = "main";
        };
        lfs.enable = true;
      };
      programs.ssh = {
        startAgent = true;
        extraConfig = "x";
        knownHosts.x = {
          hostNames = [ "x" ];
          publicKey = "ssh-ed25519 x";
        };
        knownHostsFiles = [ ./x ];
      };
      programs.zsh = {
        enable = true;
      };
      sops.secrets.x = {
        owner = "x";
      };
      disko.devices.disk.main = {
        type = "disk";
        device = "/dev/vda";
        content = {
          type = "gpt";
          partitions = {
            boot = {
              size = "1M";
              type = "EF02";
            };
            root = {
              size = "100%";
              content = {
                type = "filesystem";
                format = "ext4";
                mountpoint = "/";
              };
            };
          };
        };
      };
      location.provider = "manual";
      location.latitude = 1.0;
      documentation.enable = false;
      specialisation.x.configuration = {
        services.openssh.enable = mkForce false;
      };
      assertions = [
        {
          assertion = true;
          message = "x";
        }
      ];
      warnings = [ "x" ];
      my.app.enable = true;
      lib.x = 3;
    }
    (mkIf cfg.enable { services.openssh.enable = true; })
  ];
}
