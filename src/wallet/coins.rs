//! Coins at the wallet's own addresses: whose they are, and signing for them.
//!
//! Nothing is looked up and nothing is sent: who asks brings the outputs that
//! can be spent, and takes the signed transaction away.

use std::collections::HashMap;
use std::sync::Arc;

use super::unlocked::HostKey;
use super::{Event, Host, Page, Satoshis, Signer, TokenInfo, UnlockedWallet, WalletError};
use crate::crypto::keys::Address;
use crate::identity::{BapId, Identity, member};
use crate::store::Spending;
use crate::transaction::{
    Amount, Brought, DEFAULT_FEE_RATE, Draft, Funds, Output, Signed, Transaction, TransactionError,
    Unspent, script,
};

/// Receivers that the audit trail names of one transaction.
const MAX_TOLD: usize = 4;

/// Keys that an identity had before it was rotated, which are looked at.
const MAX_EARLIER: u32 = 16;

/// Whose coins are spent.
#[derive(Clone, Debug)]
pub enum Payer {
    /// A host's.
    Host(Host),
    /// Those of an identity's signing key.
    Identity(BapId),
    /// Those of the root key itself.
    Root,
    /// Those of all keys of the wallet: the root key, every host, and every
    /// identity with its last keys. The rest of what is spent goes back to the
    /// address of the first unspent output.
    All,
}

/// What a transaction may cost.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// Satoshis for 1,000 bytes.
    pub fee_rate: Satoshis,
    /// The highest fee; `None` is 1 % of what is spent, or 1,000 satoshis if that
    /// is more.
    pub max_fee: Option<Satoshis>,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            fee_rate: DEFAULT_FEE_RATE,
            max_fee: None,
        }
    }
}

/// Keys whose coins can be spent. Dropping it lets go of them.
pub struct Purse<'a> {
    wallet: &'a UnlockedWallet,
    /// What the audit trail says it was about.
    subject: String,
    /// The address of the first of the keys.
    address: Address,
    keys: HashMap<Address, Owned>,
}

struct Owned {
    key: Arc<HostKey>,
    owner: Owner,
}

/// Whose an address is.
enum Owner {
    Host(Host),
    Identity(BapId),
    Root,
}

impl Owner {
    fn describe(&self) -> String {
        match self {
            Self::Host(host) => format!("host {host}"),
            Self::Identity(id) => format!("identity {id}"),
            Self::Root => "root key".to_owned(),
        }
    }
}

impl UnlockedWallet {
    /// The keys whose coins are to be spent.
    pub fn purse(&self, payer: &Payer) -> Result<Purse<'_>, WalletError> {
        let (key, owner, subject) = match payer {
            Payer::Host(host) => (
                self.host_key(host)?,
                Owner::Host(host.clone()),
                host.to_string(),
            ),
            Payer::Identity(id) => (
                self.signing_key(&Signer::Identity(id.clone()))?,
                Owner::Identity(id.clone()),
                id.to_string(),
            ),
            Payer::Root | Payer::All => (
                Arc::new(HostKey::from(self.root().duplicate())),
                Owner::Root,
                String::new(),
            ),
        };
        let mut purse = Purse {
            wallet: self,
            subject,
            address: *key.address,
            keys: HashMap::new(),
        };
        purse.put(key, owner);
        if matches!(payer, Payer::All) {
            purse.put_hosts()?;
            purse.put_identities()?;
        }
        Ok(purse)
    }
}

impl Purse<'_> {
    /// Whose an address is, in words; `None` if it is none of these keys'.
    #[must_use]
    pub fn owner(&self, address: &Address) -> Option<String> {
        let owned = self.keys.get(address)?;
        Some(owned.owner.describe())
    }

    /// A transaction to be signed as it is.
    pub fn complete(
        &self,
        brought: Brought,
        unspent: &[Unspent],
        terms: Terms,
    ) -> Result<Draft, WalletError> {
        self.checked(Draft::of(brought, unspent)?, terms)
    }

    /// A transaction, with inputs of these keys that pay for it.
    pub fn fund(
        &self,
        brought: Brought,
        unspent: &[Unspent],
        terms: Terms,
    ) -> Result<Draft, WalletError> {
        let draft = self.with_funds(unspent, terms, |funds| {
            funds.fund(brought, &self.change(unspent))
        })?;
        self.checked(draft, terms)
    }

    /// A transaction that pays an address; `data` goes into an output of its
    /// own.
    pub fn transfer(
        &self,
        to: &Address,
        amount: Amount,
        data: &[Vec<u8>],
        unspent: &[Unspent],
        terms: Terms,
    ) -> Result<Draft, WalletError> {
        let draft = self.with_funds(unspent, terms, |funds| {
            funds.transfer(to, amount, data, &self.change(unspent))
        })?;
        self.checked(draft, terms)
    }

    /// A transaction with one output that holds data.
    pub fn publish(
        &self,
        script: Vec<u8>,
        unspent: &[Unspent],
        terms: Terms,
    ) -> Result<Draft, WalletError> {
        let output = Output {
            satoshis: Satoshis(0),
            script,
        };
        let draft = self.with_funds(unspent, terms, |funds| {
            funds.pay(vec![output], &self.change(unspent))
        })?;
        self.checked(draft, terms)
    }

    /// Signs the inputs that spend coins of these keys. What leaves them is
    /// booked on the access token first, if one asks, and the audit trail says
    /// what for.
    pub fn sign(
        &self,
        draft: Draft,
        what: &str,
        token: Option<&TokenInfo>,
    ) -> Result<Signed, WalletError> {
        let is_ours = |address: &Address| self.keys.contains_key(address);
        let mut paid = draft.spent().iter();
        if !paid.any(|output| script::paid_address(&output.script).is_some_and(|to| is_ours(&to))) {
            return Err(TransactionError::NothingToSign(self.whose()).into());
        }
        let leaving = draft.leaving(is_ours);
        if let Some(token) = token {
            self.book(token, leaving)?;
        }
        let signed = draft.sign(|address| self.keys.get(address).map(|own| &own.key.private));
        let detail = format!(
            "{what}: {leaving} satoshis, {} of them for the fee, {}; {}",
            signed.draft().fee(),
            self.receivers(signed.draft().transaction()),
            signed.txid(),
        );
        let trail = self.wallet.wallet();
        trail.record(Event::TransactionSigned, &self.subject, &detail);
        Ok(signed)
    }

    fn book(&self, token: &TokenInfo, leaving: Satoshis) -> Result<(), WalletError> {
        let wallet = self.wallet.wallet();
        let now = wallet.now().as_millis();
        let state = &wallet.store().state;
        match state.spend(self.wallet.id(), token.id.as_str(), leaving.0, now)? {
            Spending::Allowed => Ok(()),
            Spending::OverLimit { limit, left } => Err(WalletError::LimitReached {
                limit: Satoshis(limit),
                left: Satoshis(left),
            }),
            Spending::NoToken => Err(WalletError::TokenUnknown),
        }
    }

    /// Who receives what, apart from these keys.
    fn receivers(&self, transaction: &Transaction) -> String {
        let to_others = transaction.outputs.iter().filter_map(|output| {
            let address = script::paid_address(&output.script);
            match address {
                Some(address) if self.keys.contains_key(&address) => None,
                Some(address) => Some(format!("{} to {address}", output.satoshis)),
                None if output.satoshis.0 == 0 => None,
                None => Some(format!("{} to another script", output.satoshis)),
            }
        });
        let mut told: Vec<_> = to_others.collect();
        let more = told.len().saturating_sub(MAX_TOLD);
        told.truncate(MAX_TOLD);
        match (told.is_empty(), more) {
            (true, _) => "nothing to others".to_owned(),
            (false, 0) => told.join(", "),
            (false, more) => format!("{} and {more} more", told.join(", ")),
        }
    }

    /// Where the rest of what is spent goes: back to where the coins are.
    fn change(&self, unspent: &[Unspent]) -> Address {
        unspent
            .iter()
            .filter_map(|one| script::paid_address(&one.output.script))
            .find(|address| self.keys.contains_key(address))
            .unwrap_or(self.address)
    }

    fn with_funds<T>(
        &self,
        unspent: &[Unspent],
        terms: Terms,
        build: impl FnOnce(&Funds<'_>) -> Result<T, TransactionError>,
    ) -> Result<T, WalletError> {
        let is_ours = |address: &Address| self.keys.contains_key(address);
        let whose = self.whose();
        Ok(build(&Funds {
            unspent,
            is_ours: &is_ours,
            whose: &whose,
            fee_rate: terms.fee_rate,
        })?)
    }

    fn checked(&self, draft: Draft, terms: Terms) -> Result<Draft, WalletError> {
        draft.check_fee(terms.max_fee)?;
        Ok(draft)
    }

    fn whose(&self) -> String {
        match self.keys.len() {
            1 => format!("`{}`", self.address),
            _ => "any key of this wallet".to_owned(),
        }
    }

    fn put(&mut self, key: Arc<HostKey>, owner: Owner) {
        let address = *key.address;
        self.keys.entry(address).or_insert(Owned { key, owner });
    }

    fn put_hosts(&mut self) -> Result<(), WalletError> {
        let keys = &self.wallet.wallet().store().keys;
        for row in keys.list(self.wallet.id(), Page::all())? {
            let host = Host::stored(row.host);
            // From the root key: a row in a file may say anything.
            let key = Arc::new(HostKey::derive(self.wallet.root(), &host)?);
            self.put(key, Owner::Host(host));
        }
        Ok(())
    }

    fn put_identities(&mut self) -> Result<(), WalletError> {
        for identity in self.wallet.identities()?.iter() {
            for key in self.keys_of(identity)? {
                self.put(Arc::new(key), Owner::Identity(identity.id().clone()));
            }
        }
        Ok(())
    }

    /// The signing key, those before it as far as they are known, and the one
    /// whose address is the identity's root address.
    fn keys_of(&self, identity: &Identity) -> Result<Vec<HostKey>, WalletError> {
        let root = self.wallet.root();
        let mut keys = vec![
            identity.signing_key(root)?,
            member::member_key(root, identity.counter(), 0)?,
        ];
        keys.extend(identity.earlier_signing_keys(root, MAX_EARLIER)?);
        Ok(keys.into_iter().map(HostKey::from).collect())
    }
}
