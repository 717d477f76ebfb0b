//! What a presented access token is.

use std::sync::Arc;

use super::known::Known;
use super::tokens::{TokenHash, TokenInfo};
use crate::store::WalletId;
use crate::wallet::{Wallet, WalletError};

/// By their hashes.
pub(in crate::wallet) type KnownTokens = Known<[u8; 32], Arc<TokenInfo>>;

impl Wallet {
    /// What a presented access token is; see `UnlockedWallet::authorize`.
    pub fn authorize(&self, presented: &str) -> Result<Arc<TokenInfo>, WalletError> {
        self.authorize_for(self.current()?, presented, &KnownTokens::default())
    }

    pub(in crate::wallet) fn authorize_for(
        &self,
        wallet: WalletId,
        presented: &str,
        known: &KnownTokens,
    ) -> Result<Arc<TokenInfo>, WalletError> {
        let state = &self.store().state;
        let hash = TokenHash::of(presented).0;
        let info = known.or_look_up(
            hash,
            state.version(),
            |_| true,
            || {
                match state.token(&hash)? {
                    Some((owner, row, version)) if owner == wallet => {
                        Ok((Arc::new(TokenInfo::from_row(row)), version))
                    }
                    // Another wallet's: left behind when it was replaced.
                    _ => Err(WalletError::TokenUnknown),
                }
            },
        )?;
        if info.expires.is_some_and(|expires| expires <= self.now()) {
            return Err(WalletError::TokenExpired);
        }
        Ok(info)
    }
}
