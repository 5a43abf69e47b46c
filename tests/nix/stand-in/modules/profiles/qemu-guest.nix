# Stands for nixpkgs' module of the same name, which only adds virtio drivers to the initrd.
{ }
