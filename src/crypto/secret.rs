//! Secrets that are text: passwords and passphrases.

use zeroize::Zeroizing;

/// A password of the wallet or a passphrase of a backup.
///
/// Wipes itself; has no `Debug`, `Display`, `Clone` or `Serialize`.
pub struct Password(Zeroizing<String>);

impl Password {
    /// Takes the text over; it is wiped when the password is dropped.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The UTF-8 bytes, for a key derivation.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}
