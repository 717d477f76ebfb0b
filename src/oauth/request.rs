//! An authorization request, checked before a person sees it.

use super::client::{Client, ClientError, RedirectUri, find_client};
use super::error::{ErrorCode, OAuthError};
use super::params::Params;
use super::pkce::Challenge;
use crate::wallet::{Host, Scope, Scopes};

/// Longer values of `state` and `nonce` are refused, in bytes.
const MAX_OPAQUE: usize = 2048;

/// What a client asks for. Everything in it was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AuthorizationRequest {
    /// Who asks.
    pub(crate) client: Client,
    /// Where the answer goes.
    pub(crate) redirect: RedirectUri,
    /// What it asks for; what we do not know was left out.
    pub(crate) scopes: Scopes,
    /// Comes back with the answer.
    pub(crate) state: Option<String>,
    /// Comes back in the ID token.
    pub(crate) nonce: Option<String>,
    /// What the client will prove when it redeems the code.
    pub(crate) challenge: Option<Challenge>,
    /// The identity that the client would like.
    pub(crate) identity_hint: Option<String>,
}

/// Why a request goes no further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Told on a page: nobody knows whom the URI belongs to.
    Page(ClientError),
    /// Sent back to the client.
    Redirect {
        /// Where to.
        redirect: RedirectUri,
        /// The client's own `state`.
        state: Option<String>,
        /// Why.
        error: OAuthError,
    },
}

impl AuthorizationRequest {
    /// The host whose key the client gets: its own or, where its id names none,
    /// the redirect URI's.
    #[must_use]
    pub(crate) fn host(&self) -> Host {
        self.client
            .host()
            .or_else(|| self.redirect.host())
            .unwrap_or_else(Host::localhost)
    }

    /// Reads a request. `find` looks up a client of the owner's by its name;
    /// `is_issuer` says whether a `resource` is this server.
    pub(crate) fn read<E>(
        params: &Params<'_>,
        find: impl FnOnce(&str) -> Result<Option<Client>, E>,
        is_issuer: impl Fn(&str) -> bool,
        is_unlocked: bool,
    ) -> Result<Result<Self, Refusal>, E> {
        let id = match params.get("client_id") {
            Ok(Some(id)) => id,
            _ => return Ok(Err(Refusal::Page(ClientError::NoClient))),
        };
        let client = match find_client(id, find)? {
            Ok(client) => client,
            Err(error) => return Ok(Err(Refusal::Page(error))),
        };
        let redirect = match params.get("redirect_uri") {
            Ok(Some(uri)) => client.redirect(uri),
            _ => Err(ClientError::NoRedirect),
        };
        let redirect = match redirect {
            Ok(redirect) => redirect,
            Err(error) => return Ok(Err(Refusal::Page(error))),
        };
        let state = opaque(params, "state");
        let read = Self::read_rest(
            params,
            client,
            redirect.clone(),
            state.clone(),
            is_issuer,
            is_unlocked,
        );
        Ok(read.map_err(|error| Refusal::Redirect {
            redirect,
            state: state.unwrap_or_default(),
            error,
        }))
    }

    /// Everything whose error the client is told.
    fn read_rest(
        params: &Params<'_>,
        client: Client,
        redirect: RedirectUri,
        state: Result<Option<String>, OAuthError>,
        is_issuer: impl Fn(&str) -> bool,
        is_unlocked: bool,
    ) -> Result<Self, OAuthError> {
        params.once_each()?;
        let state = state?;
        let nonce = opaque(params, "nonce")?;
        let refuse = |code, why: &str| Err(OAuthError::new(code, why));
        if params.get("request")?.is_some() {
            return refuse(ErrorCode::RequestNotSupported, "`request` is not supported");
        }
        if params.get("request_uri")?.is_some() {
            let why = "`request_uri` is not supported";
            return refuse(ErrorCode::RequestUriNotSupported, why);
        }
        if params.required("response_type")? != "code" {
            let why = "`response_type` must be `code`";
            return refuse(ErrorCode::UnsupportedResponseType, why);
        }
        if !matches!(params.get("response_mode")?, None | Some("query")) {
            let why = "`response_mode` must be `query`";
            return refuse(ErrorCode::InvalidRequest, why);
        }
        let method = params.get("code_challenge_method")?;
        let challenge = Challenge::read(params.get("code_challenge")?, method)?;
        if challenge.is_none() && client.needs_pkce() {
            return refuse(ErrorCode::InvalidRequest, "`code_challenge` is missing");
        }
        // Without PKCE only the nonce ties a code to the session that asked
        // for it (RFC 9700, 2.1.1).
        if challenge.is_none() && nonce.is_none() {
            return refuse(ErrorCode::InvalidRequest, "`nonce` is missing");
        }
        if !params.get("resource")?.is_none_or(is_issuer) {
            let why = "`resource` must be this server";
            return refuse(ErrorCode::InvalidTarget, why);
        }
        if let Some(age) = params.get("max_age")?
            && age.parse::<u64>().is_err()
        {
            return refuse(ErrorCode::InvalidRequest, "`max_age` is not a number");
        }
        check_prompt(params.get("prompt")?, is_unlocked)?;
        Ok(Self {
            client,
            redirect,
            scopes: known_scopes(params.get("scope")?.unwrap_or_default()),
            state,
            nonce,
            challenge,
            identity_hint: params.get("bapId")?.map(str::to_owned),
        })
    }
}

/// The scopes that we know, of a list with spaces between (RFC 6749, 3.3).
#[must_use]
pub(super) fn known_scopes(text: &str) -> Scopes {
    text.split(' ')
        .filter_map(|word| word.parse::<Scope>().ok())
        .collect()
}

/// `prompt=none` never succeeds: nobody would see that a code was given
/// (OpenID Connect Core, 3.1.2.1).
fn check_prompt(prompt: Option<&str>, is_unlocked: bool) -> Result<(), OAuthError> {
    let words: Vec<_> = prompt.unwrap_or_default().split(' ').collect();
    if !words.contains(&"none") {
        return Ok(());
    }
    let (code, why) = if words.len() > 1 {
        (ErrorCode::InvalidRequest, "`prompt=none` stands alone")
    } else if is_unlocked {
        (
            ErrorCode::InteractionRequired,
            "the owner must allow it on a page",
        )
    } else {
        (ErrorCode::LoginRequired, "the wallet is locked")
    };
    Err(OAuthError::new(code, why))
}

/// A value that is only handed back.
fn opaque(params: &Params<'_>, name: &str) -> Result<Option<String>, OAuthError> {
    match params.get(name)? {
        Some(value) if value.len() > MAX_OPAQUE => {
            let why = format!("`{name}` is longer than {MAX_OPAQUE} bytes");
            Err(OAuthError::new(ErrorCode::InvalidRequest, why))
        }
        value => Ok(value.map(str::to_owned)),
    }
}
