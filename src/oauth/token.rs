//! The token endpoint without HTTP: codes and refresh tokens against access
//! tokens (RFC 6749, 4.1.3, 6 and 5), and what else is asked about tokens
//! (RFC 7009, RFC 7662, OpenID Connect Core 5.3).

use std::time::Duration;

use serde::Serialize;
use thiserror::Error;
use zeroize::Zeroizing;

#[cfg(test)]
use schemars::JsonSchema;

use super::claims::Claims;
use super::client::Client;
use super::credentials::Credentials;
use super::error::{ErrorCode, OAuthError};
use super::grant_type::GrantType;
use super::id_token::{IdTokenKey, at_hash};
use super::params::Params;
use super::pkce::Challenge;
use super::provider::Provider;
use super::secrets::{hash, random_text};
use super::signed::check_signature;
use crate::store::{GrantRow, NewTokens, Redeemed};
use crate::wallet::{
    Event, Grant, Host, Satoshis, Scope, Scopes, Timestamp, TokenInfo, UnlockedWallet, WalletError,
};

/// A refresh token that nobody uses for this long ends.
pub(super) const REFRESH_LIFETIME: Duration = Duration::from_secs(180 * 24 * 60 * 60);

/// Why a token request failed.
#[derive(Debug, Error)]
pub(crate) enum TokenError {
    /// What the client is told.
    #[error(transparent)]
    OAuth(#[from] OAuthError),
    /// The wallet.
    #[error(transparent)]
    Wallet(#[from] WalletError),
}

impl From<crate::store::StoreError> for TokenError {
    fn from(error: crate::store::StoreError) -> Self {
        Self::Wallet(error.into())
    }
}

/// A successful answer (RFC 6749, 5.1; OpenID Connect Core, 3.1.3.3).
#[derive(Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct TokenAnswer {
    /// Works at `/api/sign` and the like, too.
    #[cfg_attr(test, schemars(with = "String"))]
    pub(crate) access_token: Zeroizing<String>,
    /// Always `Bearer`.
    #[cfg_attr(test, schemars(extend("const" = "Bearer")))]
    pub(crate) token_type: &'static str,
    /// Seconds; left out for a token that does not end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "u64"))]
    pub(crate) expires_in: Option<u64>,
    /// With the scope `offline_access`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub(crate) refresh_token: Option<Zeroizing<String>>,
    /// With the scope `openid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub(crate) id_token: Option<String>,
    /// What was granted.
    pub(crate) scope: String,
}

#[derive(Serialize)]
struct IdClaims<'a> {
    iss: &'a str,
    aud: &'a str,
    azp: &'a str,
    exp: u64,
    iat: u64,
    auth_time: u64,
    at_hash: String,
    amr: [&'static str; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
    #[serde(flatten)]
    claims: Claims,
}

/// Tokens before they are on disk.
pub(super) struct Minted {
    access: crate::wallet::AccessToken,
    info: TokenInfo,
    refresh: Option<Zeroizing<String>>,
}

impl Provider {
    /// Answers the token endpoint. Nothing is used up while the wallet is
    /// locked.
    pub(crate) fn token(
        &self,
        wallet: Option<&UnlockedWallet>,
        params: &Params<'_>,
        credentials: &Credentials<'_>,
        issuer: &str,
    ) -> Result<TokenAnswer, TokenError> {
        params.once_each()?;
        let Some(grant_type) = GrantType::read(params.required("grant_type")?) else {
            let why = "`grant_type` is not one of this server's";
            return Err(OAuthError::new(ErrorCode::UnsupportedGrantType, why).into());
        };
        let client = self.authenticate(params, credentials)?;
        check_signature(&client, credentials, self.now())?;
        let wallet = wallet.ok_or_else(locked)?;
        match grant_type {
            GrantType::AuthorizationCode => self.redeem_code(wallet, &client, params, issuer),
            GrantType::RefreshToken => self.redeem_refresh(wallet, &client, params, issuer),
            GrantType::DeviceCode => self.poll_device(wallet, &client, params, issuer),
        }
    }

    /// Who asks (RFC 6749, 2.3 and 3.2.1).
    pub(crate) fn authenticate(
        &self,
        params: &Params<'_>,
        credentials: &Credentials<'_>,
    ) -> Result<Client, TokenError> {
        let in_body = params.get("client_secret")?.map(str::to_owned);
        let named = params.get("client_id")?;
        let (id, secret) = match (&credentials.basic, named) {
            (Some(_), _) if in_body.is_some() => {
                let why = "the client authenticates in two ways at once";
                return Err(OAuthError::new(ErrorCode::InvalidRequest, why).into());
            }
            (Some((id, _)), Some(named)) if id != named => {
                return Err(unknown_client("`client_id` differs from `Authorization`"));
            }
            (Some((id, secret)), _) => (id.as_str(), Some(secret.to_string())),
            (None, Some(named)) => (named, in_body),
            (None, None) => {
                let why = "`client_id` is missing";
                return Err(OAuthError::new(ErrorCode::InvalidRequest, why).into());
            }
        };
        let secret = secret.map(Zeroizing::new);
        let client = self.client(id)?;
        let client = client.map_err(|error| unknown_client(&error.to_string()))?;
        if let Client::Owned(owned) = &client
            && owned.secret.is_some()
        {
            match secret {
                None => return Err(unknown_client("the client's secret is missing")),
                Some(secret) if !owned.has_secret(&secret) => {
                    return Err(unknown_client("the client's secret is wrong"));
                }
                Some(_) => {}
            }
        }
        // A secret that an app's own URL sends proves nothing, and some
        // libraries insist on one.
        Ok(client)
    }

    /// Who asks, where only those are answered who prove it by a secret. One
    /// that names nobody did not authenticate, either (RFC 6749, 5.2).
    pub(crate) fn authenticate_by_secret(
        &self,
        params: &Params<'_>,
        credentials: &Credentials<'_>,
    ) -> Result<Client, TokenError> {
        let is_named = credentials.basic.is_some() || params.get("client_id")?.is_some();
        if is_named {
            let client = self.authenticate(params, credentials)?;
            if matches!(&client, Client::Owned(owned) if owned.secret.is_some()) {
                return Ok(client);
            }
        }
        Err(unknown_client("it takes a client with a secret"))
    }

    fn redeem_code(
        &self,
        wallet: &UnlockedWallet,
        client: &Client,
        params: &Params<'_>,
        issuer: &str,
    ) -> Result<TokenAnswer, TokenError> {
        let code = params.required("code")?;
        let redirect_uri = params.required("redirect_uri")?;
        let verifier = params.get("code_verifier")?;
        let now = self.now();
        let redeemed = self
            .state()
            .redeem_code(wallet.id(), &hash(code), |code, grant| {
                let refuse = |why: &str| Err(invalid_grant(why));
                if grant.client != client.id() {
                    return refuse("the code was given to another client");
                }
                if code.redirect_uri != redirect_uri {
                    return refuse("`redirect_uri` is not the one of the authorization request");
                }
                if code.expires <= now.as_millis() {
                    return refuse("the code has expired");
                }
                let challenge = code.challenge.as_deref().and_then(Challenge::from_text);
                match (challenge, verifier) {
                    (Some(challenge), Some(verifier)) if challenge.is_met_by(verifier) => {}
                    (Some(_), Some(_)) => return refuse("`code_verifier` is wrong"),
                    (Some(_), None) => return refuse("`code_verifier` is missing"),
                    // RFC 9700, 4.8.2: else a challenge could be left out by an attacker.
                    (None, Some(_)) => return refuse("there was no `code_challenge`"),
                    (None, None) => {}
                }
                let minted = self.mint(wallet, grant, Scopes::from_stored(&grant.scopes), now)?;
                let nonce = code.nonce.clone();
                Ok((minted.0, (minted.1, grant.clone(), nonce)))
            })?;
        let (minted, grant, nonce) = self.won(redeemed, "code")?;
        self.answer(wallet, minted, &grant, nonce.as_deref(), issuer)
    }

    fn redeem_refresh(
        &self,
        wallet: &UnlockedWallet,
        client: &Client,
        params: &Params<'_>,
        issuer: &str,
    ) -> Result<TokenAnswer, TokenError> {
        let presented = params.required("refresh_token")?;
        let wanted = params.get("scope")?.map(super::request::known_scopes);
        let now = self.now();
        let redeemed =
            self.state()
                .redeem_refresh(wallet.id(), &hash(presented), |expires, grant| {
                    if grant.client != client.id() {
                        return Err(invalid_grant(
                            "the refresh token was given to another client",
                        ));
                    }
                    if expires <= now.as_millis() {
                        return Err(invalid_grant("the refresh token has expired"));
                    }
                    let granted = Scopes::from_stored(&grant.scopes);
                    let scopes = match wanted {
                        // It may narrow, never widen (RFC 6749, 6).
                        Some(wanted) if !wanted.without(granted).is_empty() => {
                            let why = "a refresh token gives no more scopes than were granted";
                            return Err(OAuthError::new(ErrorCode::InvalidScope, why).into());
                        }
                        Some(wanted) => wanted,
                        None => granted,
                    };
                    let minted = self.mint(wallet, grant, scopes, now)?;
                    Ok((minted.0, (minted.1, grant.clone())))
                })?;
        let (minted, grant) = self.won(redeemed, "refresh token")?;
        self.answer(wallet, minted, &grant, None, issuer)
    }

    /// What was redeemed, if it was the first time.
    fn won<T>(&self, redeemed: Redeemed<T>, what: &str) -> Result<T, TokenError> {
        match redeemed {
            Redeemed::Now(value) => Ok(value),
            Redeemed::Again(grant) => {
                if let Ok(host) = grant.host.parse::<Host>() {
                    let detail = format!("a {what} came twice: all that it gave is revoked");
                    self.audit(Event::Revoked, &host, &detail);
                }
                Err(invalid_grant(&format!("the {what} was used before")))
            }
            Redeemed::Unknown => Err(invalid_grant(&format!("unknown or revoked {what}"))),
        }
    }

    /// Fresh tokens for a grant; the caller writes them.
    pub(super) fn mint(
        &self,
        wallet: &UnlockedWallet,
        grant: &GrantRow,
        scopes: Scopes,
        now: Timestamp,
    ) -> Result<(NewTokens, Minted), TokenError> {
        let damaged = || WalletError::Record("a grant cannot be read");
        let minted = wallet.mint(&Grant {
            host: grant.host.parse().map_err(|_| damaged())?,
            scopes,
            expiry: grant.expiry.parse().map_err(|_| damaged())?,
            icon: None,
            identity: Some(grant.identity.parse().map_err(|_| damaged())?),
            max_satoshis: grant.max_satoshis.map(Satoshis),
        })?;
        let granted = Scopes::from_stored(&grant.scopes);
        let refresh = if granted.contains(Scope::OfflineAccess) {
            Some(random_text(&self.wallet)?)
        } else {
            None
        };
        let ends = now.plus(REFRESH_LIFETIME).as_millis();
        let tokens = NewTokens {
            access: (minted.hash, minted.row.clone()),
            refresh: refresh.as_ref().map(|text| (hash(text), ends)),
        };
        let minted = Minted {
            access: minted.token,
            info: TokenInfo::from_row(minted.row),
            refresh,
        };
        Ok((tokens, minted))
    }

    /// The answer for tokens that are on disk.
    pub(super) fn answer(
        &self,
        wallet: &UnlockedWallet,
        minted: Minted,
        grant: &GrantRow,
        nonce: Option<&str>,
        issuer: &str,
    ) -> Result<TokenAnswer, TokenError> {
        let info = &minted.info;
        self.audit(
            Event::Granted,
            &info.host,
            &format!("access token through OAuth: {}", info.scopes),
        );
        let now = self.now();
        let lifetime = info.expires.map(|expires| expires.since(now).as_secs());
        let id_token = if info.scopes.contains(Scope::OpenId) {
            let claims = self.claims(wallet, info)?;
            let issued = now.as_millis() / 1000;
            Some(IdTokenKey::of(wallet).sign(&IdClaims {
                iss: issuer,
                aud: &grant.client,
                azp: &grant.client,
                exp: issued + lifetime.unwrap_or(3600).clamp(300, 3600),
                iat: issued,
                auth_time: grant.auth_time / 1000,
                at_hash: at_hash(minted.access.expose()),
                amr: ["pwd"],
                nonce,
                claims,
            }))
        } else {
            None
        };
        Ok(TokenAnswer {
            access_token: Zeroizing::new(minted.access.expose().to_owned()),
            token_type: "Bearer",
            expires_in: lifetime,
            refresh_token: minted.refresh,
            id_token,
            scope: spaced(info.scopes),
        })
    }
}

/// The scopes as OAuth writes them.
pub(super) fn spaced(scopes: Scopes) -> String {
    let words: Vec<_> = scopes.iter().map(Scope::as_str).collect();
    words.join(" ")
}

fn invalid_grant(why: &str) -> TokenError {
    OAuthError::new(ErrorCode::InvalidGrant, why).into()
}

fn unknown_client(why: &str) -> TokenError {
    OAuthError::new(ErrorCode::InvalidClient, why).into()
}

fn locked() -> TokenError {
    let why = "the wallet is locked: its owner must unlock it";
    OAuthError::new(ErrorCode::TemporarilyUnavailable, why).into()
}
