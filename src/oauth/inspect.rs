//! What else is asked about tokens: claims (OpenID Connect Core, 5.3),
//! revocation (RFC 7009), introspection (RFC 7662).

use serde::Serialize;

#[cfg(test)]
use schemars::JsonSchema;

use super::claims::Claims;
use super::client::Client;
use super::error::{ErrorCode, OAuthError};
use super::params::Params;
use super::provider::Provider;
use super::secrets::hash;
use super::token::{TokenError, spaced};
use crate::store::GrantRow;
use crate::wallet::{
    Event, Host, Scope, Scopes, Timestamp, TokenHash, TokenInfo, UnlockedWallet, WalletError,
};

/// What introspection tells (RFC 7662, 2.2).
#[derive(Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct Introspection {
    /// Whether it works, and is this client's; if not, nothing more is told.
    active: bool,
    #[serde(flatten)]
    known: Option<Known>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
struct Known {
    /// With spaces between.
    scope: String,
    client_id: String,
    #[cfg_attr(test, schemars(extend("const" = "Bearer")))]
    token_type: &'static str,
    /// Seconds since 1970; left out for a token that does not end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "u64"))]
    exp: Option<u64>,
    iat: u64,
    iss: String,
}

impl Provider {
    /// The claims of the userinfo endpoint (OpenID Connect Core, 5.3).
    pub(crate) fn claims(
        &self,
        wallet: &UnlockedWallet,
        token: &TokenInfo,
    ) -> Result<Claims, TokenError> {
        if !token.scopes.contains(Scope::OpenId) {
            let why = "the access token lacks the scope `openid`";
            return Err(OAuthError::new(ErrorCode::InsufficientScope, why).into());
        }
        let book = wallet.identities()?;
        let identity = match &token.identity {
            Some(id) => book.get(id).map_err(WalletError::from)?,
            None => book.primary().ok_or(WalletError::Record("it is missing"))?,
        };
        Ok(Claims::of(wallet, identity, &token.host, token.scopes)?)
    }

    /// Revokes a client's own token; anything else is as good as revoked
    /// (RFC 7009, 2.2).
    pub(crate) fn revoke(&self, client: &Client, params: &Params<'_>) -> Result<(), TokenError> {
        let presented = params.required("token")?;
        if let Some(grant) = self.grant_of(presented)?
            && grant.client == client.id()
        {
            self.state()
                .revoke_grant(self.wallet.current()?, &grant.id)?;
            if let Ok(host) = grant.host.parse::<Host>() {
                self.audit(Event::Revoked, &host, "by the app itself, through OAuth");
            }
        }
        Ok(())
    }

    /// Tells a client about its own token, and nothing about any other
    /// (RFC 7662, 4).
    pub(crate) fn introspect(
        &self,
        client: &Client,
        params: &Params<'_>,
        issuer: &str,
    ) -> Result<Introspection, TokenError> {
        let presented = params.required("token")?;
        let nothing = Introspection {
            active: false,
            known: None,
        };
        let Some(grant) = self
            .grant_of(presented)?
            .filter(|g| g.client == client.id())
        else {
            return Ok(nothing);
        };
        let (scopes, created, expires) = match self.wallet.authorize(presented) {
            Ok(info) => (info.scopes, info.created, info.expires),
            Err(WalletError::TokenUnknown) => {
                // A refresh token.
                let scopes = Scopes::from_stored(&grant.scopes);
                (scopes, Timestamp::from_millis(grant.auth_time), None)
            }
            Err(WalletError::TokenExpired | WalletError::NoWallet) => return Ok(nothing),
            Err(error) => return Err(error.into()),
        };
        Ok(Introspection {
            active: true,
            known: Some(Known {
                scope: spaced(scopes),
                client_id: grant.client,
                token_type: "Bearer",
                exp: expires.map(|at| at.as_millis() / 1000),
                iat: created.as_millis() / 1000,
                iss: issuer.to_owned(),
            }),
        })
    }

    /// The grant that a presented access or refresh token hangs on.
    fn grant_of(&self, presented: &str) -> Result<Option<GrantRow>, WalletError> {
        let now = self.now().as_millis();
        let wallet = self.wallet.current()?;
        if let Some(grant) = self
            .state()
            .grant_of_token(wallet, &TokenHash::of(presented).0)?
        {
            return Ok(Some(grant));
        }
        let found = self.state().grant_of_refresh(wallet, &hash(presented))?;
        Ok(found
            .filter(|(_, ends)| *ends > now)
            .map(|(grant, _)| grant))
    }
}
