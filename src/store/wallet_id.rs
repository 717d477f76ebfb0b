//! Whose rows these are.

/// Names one wallet's rows: 16 random bytes, chosen when the wallet is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WalletId(pub [u8; 16]);
