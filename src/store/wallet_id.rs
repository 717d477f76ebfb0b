//! Whose rows these are.

use std::fmt;

/// Names one wallet's rows: 16 random bytes, chosen when the wallet is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WalletId(pub [u8; 16]);

/// In hex.
impl fmt::Display for WalletId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}
