//! What a presented access token is, and the tokens that were looked up since
//! `state.db` was last written.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::tokens::{TokenHash, TokenInfo};
use crate::store::{Version, WalletId};
use crate::wallet::{Wallet, WalletError};

/// More than an owner's apps use at once.
const MOST: usize = 256;

/// A look-up in SQLite costs five system calls, a look at the file's version
/// one. Whatever any process writes to the file empties this.
#[derive(Default)]
pub(in crate::wallet) struct KnownTokens(Mutex<Known>);

#[derive(Default)]
struct Known {
    /// What all of `tokens` were read from.
    version: Option<Version>,
    tokens: HashMap<[u8; 32], TokenInfo>,
}

impl KnownTokens {
    /// The token, if it is known from what the file holds now.
    pub(in crate::wallet) fn get(&self, hash: &TokenHash, now: Version) -> Option<TokenInfo> {
        let known = self.known();
        if known.version == Some(now) {
            known.tokens.get(&hash.0).cloned()
        } else {
            None
        }
    }

    /// Notes a token that was read from that version.
    pub(in crate::wallet) fn note(&self, hash: TokenHash, token: &TokenInfo, version: Version) {
        let mut known = self.known();
        if known.version != Some(version) || known.tokens.len() >= MOST {
            known.tokens.clear();
            known.version = Some(version);
        }
        known.tokens.insert(hash.0, token.clone());
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wallet {
    /// What a presented access token is; see `UnlockedWallet::authorize`.
    pub fn authorize(&self, presented: &str) -> Result<TokenInfo, WalletError> {
        self.authorize_for(self.current()?, presented, &KnownTokens::default())
    }

    pub(in crate::wallet) fn authorize_for(
        &self,
        wallet: WalletId,
        presented: &str,
        known: &KnownTokens,
    ) -> Result<TokenInfo, WalletError> {
        let hash = TokenHash::of(presented);
        let version = self.store().state.version();
        let info = match version.and_then(|version| known.get(&hash, version)) {
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
    ) -> Result<TokenInfo, WalletError> {
        match self.store().state.token(&hash.0)? {
            Some((owner, row, version)) if owner == wallet => {
                let info = TokenInfo::from_row(row);
                if let Some(version) = version {
                    known.note(hash, &info, version);
                }
                Ok(info)
            }
            // Another wallet's: left behind when it was replaced.
            _ => Err(WalletError::TokenUnknown),
        }
    }
}
