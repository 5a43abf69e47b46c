//! Who may log in.

use super::newtype::text_newtype;

text_newtype! {
    /// One OpenSSH public key line: type word, base64 blob, optional comment.
    SshPublicKey
}
text_newtype! {
    /// The MD5 fingerprint of a key on the account: sixteen hex pairs joined by colons.
    SshFingerprint
}
