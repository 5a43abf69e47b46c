# What disko makes of a layout: mounts, swap, and the disk of an EF02 partition for GRUB.
{ config, lib, ... }:
let
  devices = config.disko.devices;
  disks = lib.attrValues (devices.disk or { });
  partitions = disk: lib.attrValues (disk.content.partitions or { });
  mount =
    device: content:
    lib.optional (content ? mountpoint) {
      name = content.mountpoint;
      value = {
        inherit device;
        fsType = content.format or "btrfs";
      };
    };
  mounts =
    content:
    let
      type = content.type or "";
      volumes =
        lib.attrValues (content.subvolumes or { });
    in
    if type == "filesystem" then
      mount "disko" content
    else if type == "btrfs" then
      mount "disko" content ++ lib.concatMap (mount "disko") volumes
    else if type == "luks" then
      mounts content.content
    else
      [ ];
  inDisks = lib.concatMap (
    disk: lib.concatMap (partition: mounts (partition.content or { })) (partitions disk)
  ) disks;
  inGroups = lib.concatMap (
    group: lib.concatMap (volume: mounts (volume.content or { })) (lib.attrValues (group.lvs or { }))
  ) (lib.attrValues (devices.lvm_vg or { }));
  isBoot = partition: (partition.type or "") == "EF02";
  swaps = lib.filter (partition: (partition.content.type or "") == "swap") (
    lib.concatMap partitions disks
  );
in
{
  boot.loader.grub.devices = lib.concatMap (
    disk: lib.optional (lib.any isBoot (partitions disk)) disk.device
  ) disks;
  fileSystems = lib.listToAttrs (inDisks ++ inGroups);
  swapDevices = map (_: { device = "disko"; }) swaps;
}
