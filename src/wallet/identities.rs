//! The wallet's identities: sealed at rest, since names and attributes are
//! private.

use crate::crypto::keys::PrivateKey;
use crate::crypto::seal::SealingKey;
use crate::identity::attributes::AttestationHash;
use crate::identity::op_return::{self, OpReturn};
use crate::identity::{BapId, Identity, IdentityBook, IdentityError};
use crate::store::{WalletId, WalletRow};

use super::{Event, UnlockedWallet, Wallet, WalletError};

/// Names the key that identities are sealed under; not for anything else.
const LABEL: &str = "tokenpass identities v1";

/// What an identity says on chain.
#[derive(Clone, Debug)]
pub enum Publication {
    /// Which address signs for it.
    Id,
    /// Its profile, a JSON object.
    Alias(String),
    /// That an attribute is true.
    Attest {
        /// Of the attribute.
        hash: AttestationHash,
        /// The highest counts.
        sequence: u64,
        /// Published with it.
        data: Option<String>,
    },
    /// That an attestation no longer holds.
    Revoke {
        /// Of the attribute.
        hash: AttestationHash,
        /// Higher than the attestation's.
        sequence: u64,
    },
}

impl Wallet {
    /// The primary identity, as whom the wallet signs where none is named.
    pub fn bap_id(&self) -> Result<BapId, WalletError> {
        self.primary_of(self.current()?)
    }

    pub(super) fn primary_of(&self, wallet: WalletId) -> Result<BapId, WalletError> {
        let row = self.store().state.wallet(wallet)?;
        let row = row.ok_or(WalletError::Record("it is missing"))?;
        row.bap_id
            .parse()
            .map_err(|_| WalletError::Record("its primary identity is not a BAP ID"))
    }

    pub(super) fn seal_identities(
        &self,
        root: &PrivateKey,
        book: &IdentityBook,
    ) -> Result<Vec<u8>, WalletError> {
        let iv = self.environment().random()?;
        Ok(sealing_key(root).seal(iv, b"", &book.to_json()))
    }
}

impl UnlockedWallet {
    /// The primary identity.
    pub fn bap_id(&self) -> Result<BapId, WalletError> {
        self.wallet().primary_of(self.id())
    }

    /// All identities of this wallet.
    pub fn identities(&self) -> Result<IdentityBook, WalletError> {
        let row = self.wallet().store().state.wallet(self.id())?;
        let row = row.ok_or(WalletError::Record("it is missing"))?;
        open_book(self.root(), &row)
    }

    /// Changes the identities; nothing is kept if `change` fails. Another
    /// process's change is waited for, never overwritten.
    pub fn change_identities<T>(
        &self,
        change: impl FnOnce(&mut IdentityBook, &PrivateKey) -> Result<T, IdentityError>,
    ) -> Result<T, WalletError> {
        let mut answer = None;
        let state = &self.wallet().store().state;
        let now = self.wallet().now().as_millis();
        let changed = state.change_wallet(self.id(), |mut row| {
            let before = open_book(self.root(), &row)?;
            let mut book = before.clone();
            answer = Some(change(&mut book, self.root())?);
            book.note_changes(&before, now);
            self.write_book(&book, &mut row)?;
            Ok::<_, WalletError>(row)
        })?;
        changed.ok_or(WalletError::Record("it is missing"))?;
        self.wallet().record(Event::IdentityChanged, "", "");
        Ok(answer.expect("the change was made, or its error returned"))
    }

    /// Sets attributes of an identity, each new one under a fresh nonce; an
    /// empty value removes. The identity as it is then.
    pub fn set_attributes(
        &self,
        id: &BapId,
        attributes: &[(String, String)],
    ) -> Result<Identity, WalletError> {
        let environment = self.wallet().environment();
        let nonces = attributes
            .iter()
            .map(|_| environment.random())
            .collect::<Result<Vec<_>, _>>()?;
        self.change_identities(|book, _| {
            for ((name, value), nonce) in attributes.iter().zip(nonces) {
                if value.is_empty() {
                    book.remove_attribute(id, name)?;
                } else {
                    book.set_attribute(id, name, value, nonce)?;
                }
            }
            book.get(id).cloned()
        })
    }

    /// A signed output for the chain. Nothing is sent.
    pub fn publish(&self, id: &BapId, what: &Publication) -> Result<OpReturn, WalletError> {
        let identity = self.identity(id)?;
        let root = self.root();
        Ok(match what {
            Publication::Id => op_return::id(root, &identity)?,
            Publication::Alias(profile) => op_return::alias(root, &identity, profile)?,
            Publication::Attest {
                hash,
                sequence,
                data,
            } => op_return::attest(root, &identity, hash, *sequence, data.as_deref())?,
            Publication::Revoke { hash, sequence } => {
                op_return::revoke(root, &identity, hash, *sequence)?
            }
        })
    }

    /// Puts the identities in the wallet's row.
    pub(super) fn write_book(
        &self,
        book: &IdentityBook,
        row: &mut WalletRow,
    ) -> Result<(), WalletError> {
        row.identities = self.wallet().seal_identities(self.root(), book)?;
        if let Some(primary) = book.primary() {
            row.bap_id = primary.id().to_string();
        }
        Ok(())
    }

    pub(super) fn identity(&self, id: &BapId) -> Result<Identity, WalletError> {
        Ok(self.identities()?.get(id)?.clone())
    }
}

/// The identities in a wallet's row.
pub(super) fn open_book(root: &PrivateKey, row: &WalletRow) -> Result<IdentityBook, WalletError> {
    let json = sealing_key(root)
        .open(b"", &row.identities)
        .map_err(|_| WalletError::Record("the identities do not open"))?;
    IdentityBook::from_json(&json)
        .map_err(|_| WalletError::Record("the identities are in no known form"))
}

fn sealing_key(root: &PrivateKey) -> SealingKey {
    SealingKey::derive(&root.expose_bytes(), LABEL)
}
