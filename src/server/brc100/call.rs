//! What a method is given: an app that is known, and what it sent.

use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::error::CallError;
use super::waiting::Waiting;
use crate::crypto::brc43::Protocol;
use crate::crypto::brc100::Counterparty;
use crate::http::HttpRequest;
use crate::server::lock::Lock;
use crate::text::marks::unmarked_bytes;
use crate::wallet::{Host, OriginStatus, Right, UnlockedWallet};

/// One call.
pub(super) struct Call<'a> {
    pub(super) request: &'a HttpRequest,
    /// Who asks.
    pub(super) originator: &'a Host,
    pub(super) lock: &'a Lock,
    pub(super) waiting: &'a Waiting,
}

impl Call<'_> {
    /// The arguments.
    pub(super) fn args<T: DeserializeOwned>(&self) -> Result<T, CallError> {
        let body = unmarked_bytes(&self.request.body);
        let told = |why: String| CallError::NoArguments(why);
        // A struct could be read from an array too.
        if body.trim_ascii_start().first() != Some(&b'{') {
            return Err(told("it is something else".to_owned()));
        }
        serde_json::from_slice(body).map_err(|error| told(error.to_string()))
    }

    /// The wallet, once its owner has permitted the app to use that protocol with
    /// that counterparty. While the owner is waited for, no key is held: the wallet
    /// may lock.
    pub(super) fn permitted(
        &self,
        protocol: &Protocol,
        with: Counterparty,
        seeks_permission: bool,
    ) -> Result<Arc<UnlockedWallet>, CallError> {
        let look = || {
            let wallet = self.lock.unlocked()?;
            let with = wallet.brc100_key()?.known_as(with);
            let Some(right) = Right::needed(protocol, with) else {
                return Ok(Some(wallet));
            };
            match wallet.permission(self.originator, &right)? {
                Some(OriginStatus::Approved) => Ok(Some(wallet)),
                Some(OriginStatus::Denied) => Err(CallError::Denied),
                None if seeks_permission => {
                    wallet.note_pending_permission(self.originator, &right)?;
                    Ok(None)
                }
                Some(OriginStatus::Pending) | None => Ok(None),
            }
        };
        let found = match look()? {
            None if seeks_permission => {
                let clock = self.lock.wallet().environment();
                self.waiting.until(clock, look)?
            }
            found => found,
        };
        let wallet = found.ok_or(CallError::Denied)?;
        self.lock.count_use();
        Ok(wallet)
    }
}
