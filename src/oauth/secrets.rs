//! Codes, tokens and client secrets: random texts, stored as hashes.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::wallet::{Wallet, WalletError};

/// A secret of 256 random bits, as base64url.
pub(super) fn random_text(wallet: &Wallet) -> Result<Zeroizing<String>, WalletError> {
    let bytes: Zeroizing<[u8; 32]> = Zeroizing::new(wallet.environment().random()?);
    Ok(Zeroizing::new(URL_SAFE_NO_PAD.encode(*bytes)))
}

/// The form in which secrets are stored. They are random, so neither salt nor
/// slowness is needed.
pub(super) fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret).into()
}

/// Foreign text in an error or on a page.
pub(super) fn shown(text: &str) -> String {
    crate::text::excerpt(text, 200)
}
