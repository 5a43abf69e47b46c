//! Who may log in.

use ssh_key::public::KeyData;
use ssh_key::{Algorithm, HashAlg, PublicKey};

use super::newtype::{Refusal, shown, shown_character, text_newtype};

text_newtype! {
    /// One OpenSSH public key line: type word, base64 blob, optional comment.
    SshPublicKey
}
text_newtype! {
    /// The MD5 fingerprint of a key on the account: sixteen hex pairs joined by colons.
    SshFingerprint
}

const PASTE: &str = "paste the whole line that `cat ~/.ssh/id_ed25519.pub` prints";

/// Type words that sshd and the parser both know.
const TYPES: &[&str] = &[
    "ssh-ed25519",
    "ssh-rsa",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
    "ssh-dss",
];

impl SshPublicKey {
    fn check(text: &str) -> Result<String, Refusal> {
        refuse_other_things(text)?;
        let mut words = text.splitn(3, ' ');
        let word = words.next().unwrap_or_default();
        let blob = words.next().unwrap_or_default();
        check_type_word(word, text)?;
        if blob.is_empty() {
            return Err(Refusal::new(
                format!("the key is only the type word `{word}` without the base64 part"),
                PASTE,
            ));
        }
        if !blob
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='))
        {
            return Err(Refusal::new(
                format!(
                    "the part after `{word}` is not base64, it looks shortened or like a placeholder"
                ),
                PASTE,
            ));
        }
        let key = PublicKey::from_openssh(text).map_err(|_| refuse_blob(word, blob))?;
        check_strength(&key)?;
        Ok(text.to_owned())
    }

    /// The type word, such as `ssh-ed25519`.
    pub fn algorithm(&self) -> &str {
        self.0.split(' ').next().unwrap_or_default()
    }

    /// What is written after the key, usually who and where; may be empty.
    pub fn comment(&self) -> &str {
        self.0.splitn(3, ' ').nth(2).unwrap_or_default()
    }

    /// Type word and base64 blob: equal for equal keys, whatever the comment.
    pub fn key_body(&self) -> &str {
        let end = self.algorithm().len() + 1;
        let blob = self.0.get(end..).and_then(|rest| rest.split(' ').next());
        &self.0[..end + blob.map_or(0, str::len)]
    }

    /// The fingerprint as `ssh-keygen -lf` prints it, `SHA256:…`.
    pub fn fingerprint_sha256(&self) -> String {
        PublicKey::from_openssh(&self.0)
            .map(|key| key.fingerprint(HashAlg::Sha256).to_string())
            .unwrap_or_default()
    }

    /// Whether the private half lives on a FIDO token, so that every login wants a touch.
    pub fn is_security_key(&self) -> bool {
        self.0.starts_with("sk-")
    }
}

/// Refuses private keys, paths, placeholders and several lines before anything is parsed.
fn refuse_other_things(text: &str) -> Result<(), Refusal> {
    if text.to_ascii_uppercase().contains("PRIVATE KEY") {
        return Err(Refusal::new(
            "this is a private key (hidden), the public one is needed",
            "make a new key pair if the file was shared, and paste the line of the file that ends in `.pub`",
        ));
    }
    if text.is_empty() {
        return Err(Refusal::new("the key is empty", PASTE));
    }
    if text.starts_with(['/', '~', '.', '$'])
        || text
            .strip_suffix(".pub")
            .is_some_and(|file| !file.contains(' '))
    {
        return Err(Refusal::new(
            format!("{} is a path, the key itself is needed", shown(text)),
            "paste the one line that the file holds; a path means nothing on the server",
        ));
    }
    if text.contains(['<', '…']) || text.contains("...") {
        return Err(Refusal::new(
            format!("{} is a placeholder or a shortened key", shown(text)),
            PASTE,
        ));
    }
    if text.trim_end().contains(['\n', '\r']) {
        return Err(Refusal::new(
            "the key spans several lines",
            "write one key per string of the list, each on one line",
        ));
    }
    if let Some(character) = text.chars().find(|character| character.is_control()) {
        return Err(Refusal::new(
            format!("the key line holds {}", shown_character(character)),
            PASTE,
        ));
    }
    Ok(())
}

fn check_type_word(word: &str, text: &str) -> Result<(), Refusal> {
    if TYPES.contains(&word) {
        return Ok(());
    }
    if let Some(start) = TYPES
        .iter()
        .filter_map(|known| text.find(&format!(" {known} ")))
        .min()
    {
        return Err(Refusal::new(
            "the key has login options in front of its type, which would restrict root",
            "write the key alone, from its type word on",
        )
        .suggesting(&text[start + 1..]));
    }
    if word.contains("-cert-v01@") {
        return Err(Refusal::new(
            format!("{} is a certificate, which expires", shown(word)),
            "write the public key that it certifies",
        ));
    }
    if word.starts_with("AAAA") {
        return Err(Refusal::new(
            "the key has no type word in front of its base64 part",
            PASTE,
        ));
    }
    if word == "----" || word == "-----BEGIN" {
        return Err(Refusal::new(
            "the key is in PEM or RFC 4716 form, one OpenSSH line is needed",
            "convert it with `ssh-keygen -i -f FILE` and paste the line",
        ));
    }
    Err(Refusal::new(
        format!("{} is no SSH key type", shown(word)),
        PASTE,
    ))
}

/// Why the blob does not parse, as far as it can be told.
fn refuse_blob(word: &str, blob: &str) -> Refusal {
    if let Some(inner) = inner_type(blob)
        && inner != word
    {
        return Refusal::new(
            format!(
                "the key says `{word}` but its base64 part is of type {}",
                shown(&inner)
            ),
            PASTE,
        );
    }
    Refusal::new(
        format!("the base64 part of the `{word}` key is damaged, cut off or too long"),
        PASTE,
    )
}

/// The type name inside a key blob: a 32-bit length, then the name.
fn inner_type(blob: &str) -> Option<String> {
    let mut bytes = decode_base64(blob);
    let length: Vec<u8> = bytes.by_ref().take(4).collect();
    let length = usize::try_from(u32::from_be_bytes(length.try_into().ok()?)).ok()?;
    let name: Vec<u8> = bytes.take(length.min(64)).collect();
    String::from_utf8(name)
        .ok()
        .filter(|name| name.len() == length)
}

/// The bytes of a base64 text, as far as it is one; enough to read the head of a damaged key.
fn decode_base64(text: &str) -> impl Iterator<Item = u8> {
    let mut bits = 0_u32;
    let mut held = 0_u32;
    text.bytes()
        .map_while(|digit| match digit {
            b'A'..=b'Z' => Some(digit - b'A'),
            b'a'..=b'z' => Some(digit - b'a' + 26),
            b'0'..=b'9' => Some(digit - b'0' + 52),
            b'+' => Some(62),
            b'/' => Some(63),
            _ => None,
        })
        .filter_map(move |value| {
            held = (held << 6 | u32::from(value)) & 0xffff;
            bits += 6;
            (bits >= 8).then(|| {
                bits -= 8;
                (held >> bits).to_le_bytes()[0]
            })
        })
}

fn check_strength(key: &PublicKey) -> Result<(), Refusal> {
    const NEW_KEY: &str = "make a new key with `ssh-keygen -t ed25519` and paste its public line";
    if key.algorithm() == Algorithm::Dsa {
        return Err(Refusal::new(
            "this is a DSA key, which OpenSSH no longer accepts: nobody could log in",
            NEW_KEY,
        ));
    }
    if let KeyData::Rsa(rsa) = key.key_data() {
        let bits = rsa.n.as_positive_bytes().map_or(0, bit_length);
        if bits < 2048 {
            return Err(Refusal::new(
                format!("this RSA key has {bits} bits, fewer than the 2048 that are still safe"),
                NEW_KEY,
            ));
        }
    }
    Ok(())
}

/// Bits of a big-endian number without leading zero bytes.
fn bit_length(bytes: &[u8]) -> usize {
    let zeros = bytes
        .first()
        .map_or(0, |byte| byte.leading_zeros() as usize);
    (bytes.len() * 8).saturating_sub(zeros)
}

impl SshFingerprint {
    fn check(text: &str) -> Result<String, Refusal> {
        const MD5: &str =
            "write what `ssh-keygen -E md5 -lf ~/.ssh/id_ed25519.pub` prints after `MD5:`";
        if text.starts_with("SHA256:") {
            return Err(Refusal::new(
                "this is the SHA256 fingerprint, the DigitalOcean API knows keys by their MD5 one",
                MD5,
            ));
        }
        if let Some(bare) = text.strip_prefix("MD5:") {
            return Err(Refusal::new(
                "the fingerprint starts with `MD5:`",
                "write only the hex pairs",
            )
            .suggesting(bare));
        }
        let pairs: Vec<&str> = text.split(':').collect();
        let hex =
            |pair: &&str| pair.len() == 2 && pair.bytes().all(|byte| byte.is_ascii_hexdigit());
        if pairs.len() != 16 || !pairs.iter().all(hex) {
            return Err(Refusal::new(
                format!(
                    "{} is no MD5 fingerprint: sixteen hex pairs joined by colons",
                    shown(text)
                ),
                MD5,
            ));
        }
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(Refusal::new(
                "the fingerprint has upper-case letters",
                "write it in lower case",
            )
            .suggesting(text.to_ascii_lowercase()));
        }
        Ok(text.to_owned())
    }
}

#[cfg(test)]
mod tests;
