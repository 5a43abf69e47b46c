//! What runs: commands, images, repositories and disk sizes.

use super::newtype::text_newtype;

text_newtype! {
    /// A bash command line or script; never empty, no NUL.
    ShellCommand
}
text_newtype! {
    /// An OCI image reference.
    ContainerImage
}
text_newtype! {
    /// A git URL, `https://` or ssh, without credentials.
    GitUrl
}
text_newtype! {
    /// A disko partition size: an integer with one of `M`, `G`, `T`.
    DiskSize
}
