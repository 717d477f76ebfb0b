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
        let hash = TokenHash::of(presented);
        let version = self.store().state.version();
        let info = match version.and_then(|version| known.get(&hash.0, version)) {
            Some(info) => info,
            None => self.look_up(wallet, hash, known)?,
        };
        if info.expires.is_some_and(|expires| expires <= self.now()) {
            return Err(WalletError::TokenExpired);
        }
        Ok(info)
    }

    fn look_up(
        &self,
        wallet: WalletId,
        hash: TokenHash,
        known: &KnownTokens,
    ) -> Result<Arc<TokenInfo>, WalletError> {
        match self.store().state.token(&hash.0)? {
            Some((owner, row, version)) if owner == wallet => {
                let info = Arc::new(TokenInfo::from_row(row));
                if let Some(version) = version {
                    known.note(hash.0, &info, version);
                }
                Ok(info)
            }
            // Another wallet's: left behind when it was replaced.
            _ => Err(WalletError::TokenUnknown),
        }
    }
}
