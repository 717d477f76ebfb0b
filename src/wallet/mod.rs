//! The shared core. Everything that the command line and the server can ask
//! for is a method here; nothing here prints, prompts, reads the environment
//! or exits.
//!
//! A [`Wallet`] is a handle to a home folder. It can tell what is public and
//! manage what needs no key; it cannot sign. [`Wallet::unlock`] and
//! [`Wallet::resume`] give an [`UnlockedWallet`], which can; dropping it
//! wipes its keys.

pub mod access;
mod contents;
mod create;
mod doctor;
mod environment;
mod error;
mod host;
mod identities;
pub mod moving;
pub mod profile;
mod unlocked;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use access::audit::{AuditEntry, Event};
pub use access::origins::{Origin, OriginError, OriginInfo};
pub use access::sessions::{Session, SessionKey, SessionKeyError};
pub use access::tokens::{
    AccessError, AccessToken, Expiry, Grant, Granted, Revoke, Scope, Scopes, TokenId, TokenInfo,
};
pub use create::{ImportSource, Imported, Registered, Registration, Replace, WordCount};
pub use doctor::{Finding, Level};
pub use environment::{Environment, KdfPolicy, Timestamp};
pub use error::WalletError;
pub use host::{Host, HostError};
pub use identities::Publication;
pub use profile::{Merge, Object};
pub use unlocked::{
    KeySelector, PublicKeyInfo, Recipient, Sender, SignedMessage, Signer, UnlockedWallet,
};

pub use crate::store::Page;

use self::access::attempts::{self, Turnstile};
use self::contents::Contents;
use crate::crypto::keys::PrivateKey;
use crate::crypto::mnemonic::{Mnemonic, Seed};
use crate::crypto::secret::Password;
use crate::crypto::vault::Vault;
use crate::identity::BapId;
use crate::store::{HostKeyRow, Store, VaultRow, WalletId};

/// Characters that a new password has at least.
pub const MIN_PASSWORD_CHARS: usize = 8;

/// Expired tokens are remembered this long, so that their holder is told
/// "expired", not "unknown": 30 days.
const REMEMBER_EXPIRED: std::time::Duration = std::time::Duration::from_secs(30 * 24 * 60 * 60);

/// A handle to a home folder; see the module. Cheap to clone.
#[derive(Clone)]
pub struct Wallet(Arc<Inner>);

struct Inner {
    store: Store,
    environment: Environment,
    turnstile: Turnstile,
}

/// What `tokenpass status` and `GET /api/status` tell.
#[derive(Clone, Debug, Default)]
pub struct Status {
    /// Whether there is a wallet.
    pub exists: bool,
    /// Its primary identity.
    pub bap_id: Option<BapId>,
    /// A page of the hosts that have a key.
    pub hosts: Vec<HostKeyInfo>,
    /// How many there are in all.
    pub host_count: u64,
    /// A page of the tokens that have not expired.
    pub tokens: Vec<TokenInfo>,
    /// How many there are in all.
    pub token_count: u64,
}

/// What is public of a host's key.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct HostKeyInfo {
    /// The host.
    pub host: String,
    /// P2PKH.
    pub address: String,
    /// Compressed, hex.
    #[serde(rename = "pub")]
    pub public_key: String,
    /// The BRC-42 invoice.
    pub path: String,
}

/// The secrets that restore a wallet.
pub struct Export {
    /// The BIP-39 seed; a wallet that came from a bare root key has none.
    pub seed: Option<Seed>,
    /// The words; likewise.
    pub mnemonic: Option<Mnemonic>,
    /// Whether the words need a BIP-39 passphrase to give this seed.
    pub has_passphrase: bool,
    /// The root key, which everything else derives from.
    pub root: PrivateKey,
}

impl Wallet {
    /// A handle to the home folder, which need not exist. Touches nothing.
    #[must_use]
    pub fn open(home: impl Into<PathBuf>, environment: Environment) -> Self {
        Self(Arc::new(Inner {
            store: Store::new(home.into()),
            environment,
            turnstile: Turnstile::default(),
        }))
    }

    /// The home folder.
    #[must_use]
    pub fn home(&self) -> &Path {
        self.0.store.home()
    }

    /// The clock and the like.
    #[must_use]
    pub fn environment(&self) -> &Environment {
        &self.0.environment
    }

    /// Whether there is a wallet.
    pub fn exists(&self) -> Result<bool, WalletError> {
        Ok(self.store().seed.wallet()?.is_some())
    }

    /// Unlocks with the password: one key derivation. A vault that was
    /// sealed at a lower cost than today's is sealed anew.
    pub fn unlock(&self, password: &Password) -> Result<UnlockedWallet, WalletError> {
        let (row, contents) = self.open_vault(password)?;
        self.record(Event::Unlocked, "", "")?;
        let today = self.environment().kdf.cost;
        if row.vault.iterations < today.iterations() {
            self.reseal(row.wallet, row.vault.checksum, password, &contents)?;
        }
        Ok(self.unlocked(row.wallet, contents.root))
    }

    /// Seals the vault under a new password; sessions end.
    pub fn change_password(&self, old: &Password, new: &Password) -> Result<(), WalletError> {
        check_new(new)?;
        let (row, contents) = self.open_vault(old)?;
        self.reseal(row.wallet, row.vault.checksum, new, &contents)?;
        self.end_all_sessions()?;
        self.record(Event::PasswordChanged, "", "")
    }

    /// The secrets that restore the wallet. Always needs the password.
    pub fn export(&self, password: &Password) -> Result<Export, WalletError> {
        let (_, contents) = self.open_vault(password)?;
        self.record(Event::Exported, "", "seed")?;
        Ok(Export {
            seed: contents.seed,
            mnemonic: contents.mnemonic,
            has_passphrase: contents.has_passphrase,
            root: contents.root,
        })
    }

    /// The tokens that have not expired, by host and age.
    pub fn tokens(&self, host: Option<&Host>, page: Page) -> Result<Vec<TokenInfo>, WalletError> {
        let now = self.now().as_millis();
        let host = host.map(Host::as_str);
        let rows = self
            .store()
            .state
            .tokens(self.current()?, host, now, page)?;
        Ok(rows.into_iter().map(TokenInfo::from_row).collect())
    }

    /// Revokes tokens at once, for every process; returns how many.
    pub fn revoke(&self, which: &Revoke) -> Result<usize, WalletError> {
        let wallet = self.current()?;
        let state = &self.store().state;
        let (host, count) = match which {
            Revoke::Id(id) => match state.revoke_id(wallet, id.as_str())? {
                Some(host) => (host, 1),
                None => return Ok(0),
            },
            Revoke::Host(host) => (
                host.to_string(),
                state.revoke_tokens(wallet, Some(host.as_str()))?,
            ),
            Revoke::All => (String::new(), state.revoke_tokens(wallet, None)?),
        };
        if count > 0 {
            self.record(Event::Revoked, &host, &count.to_string())?;
        }
        Ok(count)
    }

    /// What a presented access token is; see [`UnlockedWallet::authorize`].
    pub fn authorize(&self, presented: &str) -> Result<TokenInfo, WalletError> {
        self.authorize_for(self.current()?, presented)
    }

    fn authorize_for(&self, wallet: WalletId, presented: &str) -> Result<TokenInfo, WalletError> {
        let hash = access::tokens::TokenHash::of(presented);
        let row = match self.store().state.token(&hash.0)? {
            // Another wallet's: left behind when it was replaced.
            Some((owner, row)) if owner == wallet => row,
            _ => return Err(WalletError::TokenUnknown),
        };
        let info = TokenInfo::from_row(row);
        if info.expires.is_some_and(|expires| expires <= self.now()) {
            return Err(WalletError::TokenExpired);
        }
        Ok(info)
    }

    /// A page of the hosts that have a key.
    pub fn host_keys(&self, page: Page) -> Result<Vec<HostKeyInfo>, WalletError> {
        let rows = self.store().keys.list(self.current()?, page)?;
        Ok(rows.into_iter().map(HostKeyInfo::from).collect())
    }

    /// What is public of the wallet, in pages.
    pub fn status(&self, page: Page) -> Result<Status, WalletError> {
        let Some(wallet) = self.store().seed.wallet()? else {
            return Ok(Status::default());
        };
        let record = self.store().state.wallet(wallet)?;
        Ok(Status {
            exists: true,
            bap_id: record.and_then(|row| row.bap_id.parse().ok()),
            hosts: self.host_keys(page)?,
            host_count: self.store().keys.count(wallet)?,
            tokens: self.tokens(None, page)?,
            token_count: self
                .store()
                .state
                .token_count(wallet, self.now().as_millis())?,
        })
    }

    fn store(&self) -> &Store {
        &self.0.store
    }

    fn now(&self) -> Timestamp {
        self.environment().now()
    }

    fn current(&self) -> Result<WalletId, WalletError> {
        self.store().seed.wallet()?.ok_or(WalletError::NoWallet)
    }

    fn unlocked(&self, id: WalletId, root: PrivateKey) -> UnlockedWallet {
        UnlockedWallet::new(self.clone(), id, root)
    }

    /// Opens the vault with a password, under the limiter.
    fn open_vault(&self, password: &Password) -> Result<(VaultRow, Contents), WalletError> {
        let row = self.store().seed.vault()?.ok_or(WalletError::NoWallet)?;
        // Both under one turn, or parallel guesses would all pass the check.
        let turn = self.0.turnstile.enter()?;
        let state = &self.store().state;
        let attempts = state.attempts()?;
        attempts::check(attempts, self.now())?;
        let accepted = self.environment().kdf.accepted.clone();
        let json = match row
            .vault
            .open(password, accepted)
            .map_err(WalletError::from)
        {
            Ok(json) => json,
            Err(error) => {
                if matches!(error, WalletError::WrongPassword) {
                    state.count_failure(self.now().as_millis())?;
                    self.record(Event::UnlockFailed, "", "")?;
                }
                return Err(error);
            }
        };
        if attempts.failures > 0 {
            state.clear_attempts()?;
        }
        drop(turn);
        let contents = Contents::from_json(&json, row.wallet)?;
        Ok((row, contents))
    }

    /// Writes the vault anew, unless another process changed it since.
    fn reseal(
        &self,
        wallet: WalletId,
        checksum: [u8; 32],
        password: &Password,
        contents: &Contents,
    ) -> Result<(), WalletError> {
        let vault = self.seal_vault(wallet, password, contents)?;
        self.store().seed.replace(|row| match row {
            Some(row) if row.wallet == wallet && row.vault.checksum == checksum => {
                Ok((VaultRow { wallet, vault }, ()))
            }
            // The password was changed, or the wallet replaced, meanwhile.
            Some(_) => Err(WalletError::WrongPassword),
            None => Err(WalletError::NoWallet),
        })
    }

    fn seal_vault(
        &self,
        wallet: WalletId,
        password: &Password,
        contents: &Contents,
    ) -> Result<Vault, WalletError> {
        let environment = self.environment();
        Ok(Vault::seal(
            password,
            environment.kdf.cost,
            environment.random()?,
            environment.random()?,
            &contents.to_json(wallet),
        ))
    }
}

fn check_new(password: &Password) -> Result<(), WalletError> {
    let text = std::str::from_utf8(password.as_bytes()).unwrap_or_default();
    if text.chars().count() < MIN_PASSWORD_CHARS {
        return Err(WalletError::PasswordTooShort);
    }
    Ok(())
}

impl From<HostKeyRow> for HostKeyInfo {
    fn from(row: HostKeyRow) -> Self {
        Self {
            host: row.host,
            address: row.address,
            public_key: row.public_key,
            path: row.invoice,
        }
    }
}
