//! The authorization endpoint without HTTP: requests in, pages to show or
//! addresses to go to out.

use std::time::Duration;

use super::client::{Client, ClientError, OwnedClient, RedirectUri, find_client};
use super::error::{ErrorCode, OAuthError};
use super::params::Params;
use super::pkce::Challenge;
use super::request::{AuthorizationRequest, Refusal};
use super::secrets::{hash, random_text};
use super::ticket::TicketOffice;
use crate::identity::BapId;
use crate::store::{AppRow, ClientRow, CodeRow, GrantRow, StateDb};
use crate::wallet::{
    Event, Expiry, Host, Satoshis, Scopes, Timestamp, UnlockedWallet, Wallet, WalletError,
};

/// How long a code can be redeemed (RFC 6749, 4.1.2 allows ten minutes).
pub(super) const CODE_LIFETIME: Duration = Duration::from_secs(60);

/// How long a page says that the app was denied before.
pub(super) const DENIAL_MEMORY: Duration = Duration::from_secs(24 * 60 * 60);

/// The provider of one wallet.
pub(crate) struct Provider {
    pub(super) wallet: Wallet,
    /// Ties forms to their pages.
    pub(crate) tickets: TicketOffice,
}

/// What the owner decided on the page.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    /// What of it is allowed.
    pub(crate) scopes: Scopes,
    /// As which identity.
    pub(crate) identity: BapId,
    /// How long each access token lives.
    pub(crate) expiry: Expiry,
    /// When the owner proved to be there.
    pub(crate) auth_time: Timestamp,
    /// What may be spent in a day; `None` is no limit.
    pub(crate) max_satoshis: Option<Satoshis>,
}

/// What is known of a client from before.
#[derive(Clone, Debug, Default)]
pub(crate) struct Acquaintance {
    /// What was allowed last, from any redirect URI.
    pub(crate) last: Option<AppRow>,
    /// Whether this redirect URI was allowed before.
    pub(crate) knows_redirect: bool,
    /// What is asked for beyond what was allowed last.
    pub(crate) new_scopes: Scopes,
    /// When it was denied, if that was lately.
    pub(crate) denied: Option<Timestamp>,
}

impl Provider {
    /// A provider whose tickets live as long as it does.
    pub(crate) fn new(wallet: Wallet) -> Result<Self, WalletError> {
        let tickets = TicketOffice::new(wallet.environment().random()?);
        Ok(Self { wallet, tickets })
    }

    /// Reads an authorization request.
    pub(crate) fn read(
        &self,
        params: &Params<'_>,
        issuer: &str,
        is_unlocked: bool,
    ) -> Result<Result<AuthorizationRequest, Refusal>, WalletError> {
        let is_issuer = |resource: &str| resource.trim_end_matches('/') == issuer;
        AuthorizationRequest::read(params, |name| self.owned(name), is_issuer, is_unlocked)
    }

    /// The client with this id: a URL, or a name that the owner added.
    pub(crate) fn client(&self, id: &str) -> Result<Result<Client, ClientError>, WalletError> {
        find_client(id, |name| self.owned(name))
    }

    fn owned(&self, name: &str) -> Result<Option<Client>, WalletError> {
        if !self.wallet.exists()? {
            return Ok(None);
        }
        let row = self.state().client(self.wallet.current()?, name)?;
        Ok(row.map(|row| Client::Owned(OwnedClient::from(row))))
    }

    /// What is known of the client and the redirect URI of a request.
    pub(crate) fn acquaintance(
        &self,
        request: &AuthorizationRequest,
    ) -> Result<Acquaintance, WalletError> {
        let apps = self
            .state()
            .apps_of(self.wallet.current()?, request.client.id())?;
        let knows_redirect = apps
            .iter()
            .any(|app| app.redirect_uri == request.redirect.as_str());
        let last = apps.into_iter().next();
        let before: Scopes = last
            .as_ref()
            .map(|app| Scopes::from_stored(&app.scopes))
            .unwrap_or_default();
        let now = self.now();
        let denied = self
            .state()
            .denial(self.wallet.current()?, request.client.id())?
            .map(Timestamp::from_millis);
        Ok(Acquaintance {
            knows_redirect,
            new_scopes: request.scopes.without(before),
            last,
            denied: denied.filter(|at| now.since(*at) < DENIAL_MEMORY),
        })
    }

    /// The owner said yes: where the browser goes with the code.
    pub(crate) fn allow(
        &self,
        wallet: &UnlockedWallet,
        request: &AuthorizationRequest,
        choice: &Choice,
        issuer: &str,
    ) -> Result<String, WalletError> {
        let host = request.host();
        let grant = self.grant(request.client.id(), &host, choice)?;
        let code = random_text(&self.wallet)?;
        let row = CodeRow {
            redirect_uri: request.redirect.as_str().to_owned(),
            challenge: request.challenge.as_ref().map(Challenge::to_text),
            nonce: request.nonce.clone(),
            expires: self.now().plus(CODE_LIFETIME).as_millis(),
        };
        let now = self.now();
        self.state().forget_ended_grants(now.as_millis())?;
        self.state()
            .put_grant(wallet.id(), &grant, (&hash(&code), &row), now.as_millis())?;
        self.audit(
            Event::Granted,
            &host,
            &format!("allowed on the consent page: {}", choice.scopes),
        );
        Ok(answer(
            &request.redirect,
            &[("code", &code)],
            request.state.as_deref(),
            issuer,
        ))
    }

    /// The owner said no: where the browser goes.
    pub(crate) fn deny(
        &self,
        request: &AuthorizationRequest,
        issuer: &str,
    ) -> Result<String, WalletError> {
        let now = self.now().as_millis();
        self.state()
            .put_denial(self.wallet.current()?, request.client.id(), now)?;
        let host = request.host();
        self.audit(Event::Refused, &host, "denied on the consent page");
        let error = OAuthError::new(ErrorCode::AccessDenied, "the owner said no");
        Ok(refusal(
            &request.redirect,
            &error,
            request.state.as_deref(),
            issuer,
        ))
    }

    /// Denials since then, the newest first: clients and when.
    pub(crate) fn denials(
        &self,
        since: Timestamp,
    ) -> Result<Vec<(String, Timestamp)>, WalletError> {
        let wallet = self.wallet.current()?;
        let rows = self.state().denials(wallet, since.as_millis())?;
        let timed = rows
            .into_iter()
            .map(|(client, at)| (client, Timestamp::from_millis(at)));
        Ok(timed.collect())
    }

    /// Forgets that a client was denied.
    pub(crate) fn forget_denial(&self, client: &str) -> Result<(), WalletError> {
        Ok(self.state().forget_denial(self.wallet.current()?, client)?)
    }

    /// What is written down for a yes.
    pub(super) fn grant(
        &self,
        client: &str,
        host: &Host,
        choice: &Choice,
    ) -> Result<GrantRow, WalletError> {
        Ok(GrantRow {
            id: self.wallet.environment().random()?,
            client: client.to_owned(),
            host: host.to_string(),
            scopes: choice.scopes.to_string(),
            identity: choice.identity.to_string(),
            expiry: choice.expiry.to_string(),
            auth_time: choice.auth_time.as_millis(),
            ends: None,
            max_satoshis: choice.max_satoshis.map(|most| most.0),
        })
    }

    /// Notes something in the audit trail.
    pub(super) fn audit(&self, event: Event, host: &Host, detail: &str) {
        self.wallet.record(event, host.as_str(), detail);
    }

    pub(super) fn state(&self) -> &StateDb {
        &self.wallet.store().state
    }

    pub(super) fn now(&self) -> Timestamp {
        self.wallet.environment().now()
    }
}

impl From<ClientRow> for OwnedClient {
    fn from(row: ClientRow) -> Self {
        Self {
            name: row.name,
            redirect_uris: row.redirect_uris.lines().map(str::to_owned).collect(),
            secret: row.secret,
            pkce: row.pkce,
            key: row.key,
        }
    }
}

/// Where an error goes that the client is told (RFC 6749, 4.1.2.1; RFC 9207).
#[must_use]
pub(crate) fn refusal(
    redirect: &RedirectUri,
    error: &OAuthError,
    state: Option<&str>,
    issuer: &str,
) -> String {
    let parts = [
        ("error", error.code.as_str()),
        ("error_description", error.description.as_str()),
    ];
    answer(redirect, &parts, state, issuer)
}

fn answer(
    redirect: &RedirectUri,
    parts: &[(&str, &str)],
    state: Option<&str>,
    issuer: &str,
) -> String {
    let mut parts = parts.to_vec();
    if let Some(state) = state {
        parts.push(("state", state));
    }
    parts.push(("iss", issuer));
    redirect.with(&parts)
}
