//! What a handler is given. It is made only after every check that the
//! handler's route demands.

use std::sync::Arc;

use super::agent::Prover;
use super::body_key::BodyOpener;
use super::caller::Caller;
use super::lock::Lock;
use super::refusals::Refusals;
use crate::http::HttpRequest;
use crate::wallet::{Timestamp, TokenInfo, UnlockedWallet, Wallet};
use crate::wire::Body;

/// A call without an access token.
pub(super) struct Call<'a> {
    pub(super) request: &'a HttpRequest,
    pub(super) caller: &'a Caller,
    /// Empty where the route does not read one.
    pub(super) body: Body,
    pub(super) lock: &'a Lock,
    pub(super) body_key: &'a BodyOpener,
    pub(super) prover: &'a Prover,
    pub(super) refusals: &'a Refusals,
}

impl Call<'_> {
    /// The wallet, for what needs the password: who asks has a lane of their own.
    pub(super) fn wallet(&self) -> Wallet {
        self.lock.wallet().asked_by(self.caller.asker())
    }
}

/// A call with an access token, of a wallet that is unlocked.
pub(super) struct TokenCall<'a> {
    pub(super) request: &'a HttpRequest,
    pub(super) token: Arc<TokenInfo>,
    /// Empty except in a `POST`.
    pub(super) body: Body,
    pub(super) wallet: Arc<UnlockedWallet>,
}

impl TokenCall<'_> {
    /// The time, for answers that tell it.
    pub(super) fn now(&self) -> Timestamp {
        self.wallet.wallet().environment().now()
    }
}
