# What disko makes of a layout: mounts, swap, and the disk of an EF02 partition for GRUB.
{ config, lib, ... }:
let
  devices = config.disko.devices;
  disks = lib.attrValues (devices.disk or { });
  partitions = disk: lib.attrValues (disk.content.partitions or { });
  mount =
    content:
    lib.optional (content ? mountpoint) {
      name = content.mountpoint;
      value = {
        device = "disko";
        fsType = content.format or content.fsType or "btrfs";
      };
    };
  # Everything within a partition, a volume or a container: mounts, or swap.
  mounts =
    content:
    let
      type = content.type or "";
    in
    if type == "filesystem" then
      mount content
    else if type == "btrfs" then
      mount content ++ lib.concatMap mount (lib.attrValues (content.subvolumes or { }))
    else if type == "luks" then
      mounts (content.content or { })
    else
      [ ];
  swaps =
    content:
    let
      type = content.type or "";
      volumes = [ content ] ++ lib.attrValues (content.subvolumes or { });
    in
    if type == "swap" then
      [ { device = "disko"; } ]
    else if type == "btrfs" then
      lib.concatMap (volume: map (_: { device = "disko"; }) (lib.attrNames (volume.swap or { }))) volumes
    else if type == "luks" then
      swaps (content.content or { })
    else
      [ ];
  contents =
    map (partition: partition.content or { }) (lib.concatMap partitions disks)
    ++ lib.concatMap (
      group: map (volume: volume.content or { }) (lib.attrValues (group.lvs or { }))
    ) (lib.attrValues (devices.lvm_vg or { }))
    ++ map (array: array.content or { }) (lib.attrValues (devices.mdadm or { }));
  datasets = lib.concatMap (
    pool:
    map (dataset: dataset // { format = "zfs"; }) (lib.attrValues (pool.datasets or { }) ++ [ pool ])
  ) (lib.attrValues (devices.zpool or { }));
  memory = lib.mapAttrsToList (mountpoint: content: {
    name = content.mountpoint or mountpoint;
    value = {
      device = "disko";
      fsType = content.fsType or "tmpfs";
    };
  }) (devices.nodev or { });
  isBoot =
    partition:
    lib.elem (partition.type or "") [
      "EF02"
      "21686148-6449-6E6F-744E-656564454649"
    ];
in
{
  boot.loader.grub.devices = lib.concatMap (
    disk: lib.optional (lib.any isBoot (partitions disk)) disk.device
  ) disks;
  fileSystems = lib.listToAttrs (
    lib.concatMap mounts contents ++ lib.concatMap mount datasets ++ memory
  );
  swapDevices = lib.concatMap swaps contents;
}
