//! Why an unlocked wallet should be locked.

use std::fmt;
use std::sync::PoisonError;

use super::{UnlockedWallet, WalletError};

/// Why an unlocked wallet should be locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Another wallet is in the home now.
    WalletReplaced,
    /// The vault is under another password now.
    PasswordChanged,
    /// The home folder was moved, replaced or removed.
    HomeMoved,
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WalletReplaced => "the wallet was replaced",
            Self::PasswordChanged => "the password was changed",
            Self::HomeMoved => "its folder was moved, replaced or removed",
        })
    }
}

impl UnlockedWallet {
    /// Why this wallet should be locked now, if it should: another process may
    /// have changed the password or replaced the wallet, or the home may be gone.
    ///
    /// Costs a look at one file; that is read only after it was written.
    pub fn ending(&self) -> Result<Option<Ending>, WalletError> {
        let seed = &self.wallet().store().seed;
        let Some(stamp) = seed.stamp()? else {
            return Ok(Some(Ending::HomeMoved));
        };
        let seen = || self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if *seen() == Some(stamp) {
            return Ok(None);
        }
        if seed.has_moved()? {
            return Ok(Some(Ending::HomeMoved));
        }
        Ok(match seed.vault_id()? {
            Some(vault) if vault == self.vault => {
                *seen() = Some(stamp);
                None
            }
            Some(vault) if vault.wallet == self.vault.wallet => Some(Ending::PasswordChanged),
            _ => Some(Ending::WalletReplaced),
        })
    }
}
