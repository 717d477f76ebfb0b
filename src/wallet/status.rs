//! What is public of a wallet, for whoever asks how it is.

use super::{Host, TokenInfo, UnlockedWallet, Wallet, WalletError};
use crate::identity::BapId;
use crate::store::{HostKeyRow, Page};

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
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct HostKeyInfo {
    /// The host.
    pub host: String,
    /// P2PKH.
    pub address: String,
    /// Compressed, hex.
    #[serde(rename = "publicKey")]
    pub public_key: String,
    /// The BRC-42 invoice.
    pub path: String,
}

impl Wallet {
    /// A page of the hosts that have a key.
    pub fn host_keys(&self, page: Page) -> Result<Vec<HostKeyInfo>, WalletError> {
        let rows = self.store().keys.list(self.current()?, page)?;
        Ok(rows.into_iter().map(HostKeyInfo::from).collect())
    }

    /// The same from after a host, or from the start, at most `limit`.
    pub fn host_keys_after(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<HostKeyInfo>, WalletError> {
        let after = after.unwrap_or_default();
        let rows = self
            .store()
            .keys
            .list_after(self.current()?, after, limit)?;
        Ok(rows.into_iter().map(HostKeyInfo::from).collect())
    }

    /// The key of a host that has one.
    pub fn key_of_host(&self, host: &Host) -> Result<Option<HostKeyInfo>, WalletError> {
        let row = self.store().keys.get(self.current()?, host.as_str())?;
        Ok(row.map(HostKeyInfo::from))
    }

    /// The primary identity, as it is known while the wallet is locked too.
    pub fn primary_bap_id(&self) -> Result<Option<BapId>, WalletError> {
        let record = self.store().state.wallet(self.current()?)?;
        Ok(record.and_then(|row| row.bap_id.parse().ok()))
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
}

impl UnlockedWallet {
    /// How many hosts have a key, and how many tokens there are that have not expired;
    /// `None` is more than `most`. It takes no longer where there are many more.
    pub fn counts_up_to(&self, most: u64) -> Result<(Option<u64>, Option<u64>), WalletError> {
        let (store, known) = (self.wallet().store(), &self.known_counts);
        let now = self.wallet().now().as_millis();
        let hosts = known.hosts.or_look_up(
            most,
            store.keys.version(),
            |_| true,
            || store.keys.count_up_to(self.id(), most),
        )?;
        let tokens = known.tokens.or_look_up(
            most,
            store.state.version(),
            |counted| counted.until.is_none_or(|until| now < until),
            || store.state.token_count_up_to(self.id(), now, most),
        )?;
        Ok((hosts, tokens.count))
    }
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
