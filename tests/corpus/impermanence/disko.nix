{ ... }:
let
  opts = [ "compress=zstd" "noatime" ];
  sub = mountpoint: { inherit mountpoint; mountOptions = opts; };
in {
  disko.devices = {
    nodev."/" = { fsType = "tmpfs"; mountOptions = [ "size=512M" "mode=755" ]; };
    disk.main = {
      type = "disk"; device = "/dev/vda";
      content = {
        type = "gpt";
        partitions = {
          grub = { size = "1M"; type = "EF02"; };
          boot = { size = "1G"; content = { type = "filesystem"; format = "ext4"; mountpoint = "/boot"; }; };
          data = {
            size = "100%";
            content = {
              type = "btrfs"; extraArgs = [ "-L" "data" "-f" ];
              subvolumes = { nix = sub "/nix"; persist = sub "/persist"; };
            };
          };
        };
      };
    };
  };
}
