# seance:1 sha256:af2ef5aaa75ed1f8 · generated: edit seance.toml, run "seance gen"
# The names of the disk and its partitions become their labels, and the initial ramdisk waits for
# those labels: they never change on an installed machine. Nor does anything else here take effect
# there; a new layout means a new installation.
{
  disko.devices.disk.main = {
    type = "disk";
    device = "/dev/vda";
    content = {
      type = "gpt";
      partitions = {
        # Raw space for GRUB's core image: a droplet boots by BIOS, and GPT leaves no gap for it.
        boot = {
          size = "1M";
          type = "EF02";
        };
        ESP = {
          size = "1G";
          type = "EF00";
          content = {
            type = "filesystem";
            format = "vfat";
            mountpoint = "/boot";
            mountOptions = [ "umask=0077" ];
          };
        };
        swap = {
          size = "2G";
          content.type = "swap";
        };
        # Last and without LVM, so that it grows with the disk.
        root = {
          size = "100%";
          content = {
            type = "filesystem";
            format = "ext4";
            mountpoint = "/";
            mountOptions = [ "noatime" ];
          };
        };
      };
    };
  };
}
