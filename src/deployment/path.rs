//! Paths on the server.

use super::newtype::text_newtype;

text_newtype! {
    /// An absolute path without `.`, `..`, empty components or characters that shells treat
    /// specially.
    AbsolutePath
}
text_newtype! {
    /// A path inside the checkout, without `.`, `..` or a leading `/`.
    RelativePath
}
text_newtype! {
    /// A block device, such as `/dev/vda`.
    DevicePath
}
