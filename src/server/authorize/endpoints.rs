//! What OAuth clients ask directly: metadata, keys, tokens, claims. JSON out,
//! forms in.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::json;
use zeroize::Zeroizing;

use super::Visit;
use super::form::{is_form, text_of};
use crate::http::{HttpRequest, HttpResponse};
use crate::identity::identicon::identicon;
use crate::oauth::{
    Client, Credentials, ErrorCode, OAuthError, Params, SignedRequest, TokenError, metadata,
    published,
};
use crate::server::caller::is_of_a_page;
use crate::server::caller::page::{self, readable_by};
use crate::server::error::ApiError;
use crate::server::reply::{harden, json_response};
use crate::text::marks::unmarked_bytes;
use crate::wallet::{Origin, WalletError};

impl Visit<'_> {
    /// `/.well-known/oauth-authorization-server`, `/.well-known/openid-configuration`.
    pub(super) fn metadata(&self) -> HttpResponse {
        self.readable_by_asker(json_response(200, &metadata(&self.issuer)))
    }

    /// `/oauth2/jwks`; empty until the wallet was unlocked once.
    pub(super) fn jwks(&self) -> HttpResponse {
        let unlocked = match self.unlocked() {
            Ok(unlocked) => unlocked,
            Err(error) => return self.failed(error),
        };
        match published(self.lock.wallet(), unlocked.as_deref()) {
            Ok(Some(key)) => self.readable_by_asker(json_response(200, &key.to_set())),
            Ok(None) | Err(WalletError::NoWallet) => {
                self.readable_by_asker(json_response(200, &json!({"keys": []})))
            }
            Err(error) => self.failed(error.into()),
        }
    }

    /// `/oauth2/token`
    pub(super) fn token(&self) -> HttpResponse {
        self.with_client_form(|credentials, params| {
            let provider = &self.web.provider;
            let unlocked = self.unlocked().map_err(Failure::Api)?;
            let answer = provider.token(unlocked.as_deref(), params, credentials, &self.issuer)?;
            if unlocked.is_some() {
                self.lock.count_use();
            }
            Ok(secret_json(&answer))
        })
    }

    /// `/oauth2/revoke`
    pub(super) fn revoke(&self) -> HttpResponse {
        self.with_client_form(|credentials, params| {
            let provider = &self.web.provider;
            let client = provider.authenticate(params, credentials)?;
            provider.revoke(&client, params)?;
            Ok(json_response(200, &json!({})))
        })
    }

    /// `/oauth2/introspect`: only for clients that can prove who they are.
    pub(super) fn introspect(&self) -> HttpResponse {
        self.with_client_form(|credentials, params| {
            let provider = &self.web.provider;
            let client = provider.authenticate_by_secret(params, credentials)?;
            let told = provider.introspect(&client, params, &self.issuer)?;
            Ok(secret_json(&told))
        })
    }

    /// `/oauth2/device_authorization`
    pub(super) fn device_authorization(&self) -> HttpResponse {
        self.with_client_form(|credentials, params| {
            let provider = &self.web.provider;
            let client = provider.authenticate(params, credentials)?;
            self.start_device(&client, params)
        })
    }

    fn start_device(&self, client: &Client, params: &Params<'_>) -> Result<HttpResponse, Failure> {
        if !self.is_owners || is_of_a_page(self.request) {
            let counted = self.web.starts.count(self.is_owners, self.since_boot());
            counted.map_err(Failure::Api)?;
        }
        let provider = &self.web.provider;
        let started = provider.start_device(client, params, &self.issuer)?;
        Ok(secret_json(&started))
    }

    /// `/api/auth/device/code` and `/api/auth/device/token`: the device flow as
    /// better-auth's client speaks it, in JSON. Any page may ask, since nothing
    /// comes out but a code that the owner has to confirm.
    pub(super) fn device_json(&self) -> HttpResponse {
        let fields: serde_json::Map<String, serde_json::Value> =
            serde_json::from_slice(unmarked_bytes(&self.request.body)).unwrap_or_default();
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in &fields {
            if let Some(text) = value.as_str() {
                form.append_pair(name, text);
            }
        }
        let body = Zeroizing::new(form.finish());
        let answered = Params::parse(&body)
            .map_err(|error| Failure::from(TokenError::from(error)))
            .and_then(|params| self.device_step(&params));
        let response = answered.unwrap_or_else(|failure| self.told(failure));
        self.readable_by_asker(response)
    }

    fn device_step(&self, params: &Params<'_>) -> Result<HttpResponse, Failure> {
        let provider = &self.web.provider;
        let credentials = Credentials {
            basic: None,
            signed: self.signed(),
        };
        if self.request.path.ends_with("/code") {
            let client = provider.authenticate(params, &credentials)?;
            return self.start_device(&client, params);
        }
        let unlocked = self.unlocked().map_err(Failure::Api)?;
        let answer = provider.token(unlocked.as_deref(), params, &credentials, &self.issuer)?;
        Ok(secret_json(&answer))
    }

    /// `/api/auth/icon`: the wallet's identicon, which pages may show.
    pub(super) fn icon(&self) -> HttpResponse {
        let profile = self.lock.wallet().profile().unwrap_or_default();
        let id = profile.get("bapID").and_then(|id| id.as_str());
        let svg = identicon(id.unwrap_or("tokenpass"));
        harden(HttpResponse::new(200, "image/svg+xml", svg))
            .with_header("Cross-Origin-Resource-Policy", "cross-origin")
    }

    /// `/oauth2/userinfo`, by `GET` or `POST` (OpenID Connect Core, 5.3.1).
    pub(super) fn userinfo(&self) -> HttpResponse {
        let answered = self.bearer().and_then(|token| {
            let Some(wallet) = self.unlocked().map_err(Failure::Api)? else {
                return Err(Failure::Api(ApiError::Locked));
            };
            let info = wallet.authorize(&token).map_err(|error| match error {
                WalletError::TokenUnknown | WalletError::TokenExpired => {
                    let why = error.to_string();
                    TokenError::from(OAuthError::new(ErrorCode::InvalidToken, why))
                }
                other => other.into(),
            })?;
            self.lock.count_use();
            Ok((self.web.provider.claims(&wallet, &info)?, info.host.clone()))
        });
        match answered {
            Ok((claims, host)) => {
                let response = secret_json(&claims);
                match self.origin() {
                    Some(origin) if origin.host() == host => readable_by(response, Some(&origin)),
                    _ => response,
                }
            }
            Err(failure) => self.told(failure),
        }
    }

    /// The access token of a userinfo request: a header, or a form's field
    /// (RFC 6750, 2.1 and 2.2); never the query (2.3).
    fn bearer(&self) -> Result<Zeroizing<String>, Failure> {
        let refuse = |why: &str| Err(OAuthError::new(ErrorCode::InvalidRequest, why).into());
        let query = Params::parse(&self.request.query).map_err(TokenError::from)?;
        if query
            .get("access_token")
            .map_err(TokenError::from)?
            .is_some()
        {
            return refuse("an access token never goes into the address");
        }
        let mut headers = self.request.header_values("Authorization");
        if let Some(value) = headers.next() {
            let token = value
                .split_once(' ')
                .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Bearer"));
            return match (token, headers.next()) {
                (Some((_, token)), None) => Ok(Zeroizing::new(token.trim().to_owned())),
                _ => refuse("`Authorization` must be one `Bearer` token"),
            };
        }
        if self.request.method == "POST" && is_form(self.request) {
            let body = text_of(self.request).unwrap_or_default();
            let params = Params::parse(&body).map_err(TokenError::from)?;
            if let Some(token) = params.get("access_token").map_err(TokenError::from)? {
                return Ok(Zeroizing::new(token.to_owned()));
            }
        }
        Err(OAuthError::new(ErrorCode::InvalidToken, "the access token is missing").into())
    }

    /// Runs an endpoint that clients post forms to.
    fn with_client_form(
        &self,
        answer: impl FnOnce(&Credentials<'_>, &Params<'_>) -> Result<HttpResponse, Failure>,
    ) -> HttpResponse {
        let body = text_of(self.request).unwrap_or_default();
        let params = match self.client_form(&body) {
            Ok(params) => params,
            Err(failure) => return self.told(failure),
        };
        let client = params.get("client_id").ok().flatten();
        let origin = self.origin();
        let readable = match self.reader(client, origin.as_ref()) {
            Ok(readable) => readable,
            Err(failure) => return self.told(failure),
        };
        let credentials = Credentials {
            basic: basic(self.request),
            signed: self.signed(),
        };
        let response = answer(&credentials, &params).unwrap_or_else(|failure| self.told(failure));
        match (readable, origin) {
            (true, Some(origin)) => readable_by(response, Some(&origin)),
            _ => response,
        }
    }

    fn signed(&self) -> SignedRequest<'_> {
        let mut tokens = self.request.header_values("X-Auth-Token");
        SignedRequest {
            token: tokens.next().filter(|_| tokens.next().is_none()),
            path: &self.request.path,
            body: &self.request.body,
        }
    }

    fn client_form<'a>(&self, body: &'a str) -> Result<Params<'a>, Failure> {
        let refuse = |why: &str| Err(OAuthError::new(ErrorCode::InvalidRequest, why).into());
        if !is_form(self.request) {
            return refuse("the body must be `application/x-www-form-urlencoded`");
        }
        if !self.request.query.is_empty() {
            return refuse("parameters belong into the body, not into the address");
        }
        Ok(Params::parse(body).map_err(TokenError::from)?)
    }

    /// A page may use these endpoints only for its own client.
    fn reader(&self, client: Option<&str>, origin: Option<&Origin>) -> Result<bool, Failure> {
        if self.request.header("Origin").is_none() {
            return Ok(false);
        }
        let known = match client {
            Some(id) => self.web.provider.client(id).map_err(TokenError::from)?.ok(),
            None => None,
        };
        match (known, origin) {
            (Some(client), Some(origin)) if client.is_of_origin(origin) => Ok(true),
            _ => {
                let why = "a page may only ask for its own client";
                Err(OAuthError::new(ErrorCode::InvalidRequest, why).into())
            }
        }
    }

    /// What any page may read. Never `*`: each is answered by its name.
    fn readable_by_asker(&self, response: HttpResponse) -> HttpResponse {
        readable_by(response, self.origin().as_ref())
    }

    fn origin(&self) -> Option<Origin> {
        let mut origins = self.request.header_values("Origin");
        let origin = origins.next()?.parse().ok()?;
        origins.next().is_none().then_some(origin)
    }

    /// A preflight (Fetch, "CORS protocol"): what may be asked is judged when
    /// it is asked.
    pub(super) fn preflight(&self, methods: String, for_scripts: bool) -> HttpResponse {
        if for_scripts {
            self.readable_by_asker(page::preflight(self.request, methods, false))
        } else {
            HttpResponse::empty(204).with_header("Allow", methods)
        }
    }

    /// An error as OAuth clients read it (RFC 6749, 5.2; RFC 6750, 3).
    fn told(&self, failure: Failure) -> HttpResponse {
        match failure {
            Failure::Token(TokenError::OAuth(error)) => oauth_error(&error),
            Failure::Token(TokenError::Wallet(error)) => self.failed(error.into()),
            Failure::Api(error) => self.failed(error),
        }
    }

    fn failed(&self, error: ApiError) -> HttpResponse {
        let (code, why) = match &error {
            ApiError::Locked => (ErrorCode::TemporarilyUnavailable, "the wallet is locked"),
            ApiError::NoWallet => (ErrorCode::TemporarilyUnavailable, "there is no wallet yet"),
            ApiError::TooManyAttempts(_) => {
                (ErrorCode::TemporarilyUnavailable, "too many requests")
            }
            _ => (
                ErrorCode::ServerError,
                "the wallet cannot be read or written now",
            ),
        };
        if let ApiError::Internal(cause) = &error {
            self.log.warn(&cause.to_string());
        }
        oauth_error(&OAuthError::new(code, why))
    }
}

/// Why an endpoint gives no answer.
enum Failure {
    Token(TokenError),
    Api(ApiError),
}

impl<E: Into<TokenError>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Token(error.into())
    }
}

fn oauth_error(error: &OAuthError) -> HttpResponse {
    let response = json_response(error.code.status(), error);
    match error.code {
        ErrorCode::InvalidClient => {
            response.with_header("WWW-Authenticate", "Basic realm=\"tokenpass\"")
        }
        ErrorCode::InvalidToken | ErrorCode::InsufficientScope => {
            let code = error.code.as_str();
            let challenge = format!("Bearer error=\"{code}\"");
            response.with_header("WWW-Authenticate", challenge)
        }
        _ => response,
    }
}

/// A client's id and secret from `Authorization: Basic`, which are form-encoded
/// inside (RFC 6749, 2.3.1).
fn basic(request: &HttpRequest) -> Option<(String, Zeroizing<String>)> {
    let value = request.header("Authorization")?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("Basic") {
        return None;
    }
    let bytes = Zeroizing::new(STANDARD.decode(encoded.trim()).ok()?);
    let (id, secret) = std::str::from_utf8(&bytes).ok()?.split_once(':')?;
    Some((decoded(id), Zeroizing::new(decoded(secret))))
}

fn decoded(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_encoding::percent_decode_str(&spaced)
        .decode_utf8_lossy()
        .into_owned()
}

fn secret_json(answer: &impl Serialize) -> HttpResponse {
    // Structs of plain fields always serialise.
    let text = Zeroizing::new(serde_json::to_string(answer).unwrap_or_default());
    harden(HttpResponse::json(200, text.as_str().to_owned())).with_header("Pragma", "no-cache")
}
