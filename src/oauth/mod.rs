//! A small, strict OAuth 2.1 authorization server for one person, and an
//! OpenID provider: the protocol, without HTTP.
//!
//! ```text
//!  request ──read──▶ page ──allow──▶ grant ──▶ code ──redeem──▶ access token
//!     │                 │               ▲                  └──▶ refresh token ─┐
//!     └─▶ refusal       └─deny          └────────── each a hash on disk ◀──────┘
//! ```
//!
//! A *grant* is one yes of the owner's. Codes, refresh tokens and access tokens
//! hang on it and go with it. The access token is the one of `/api/auth`.
//!
//! RFC 6749 and 9700 (code flow only), 7636 (`S256` only), 8252, 8414, 9207,
//! 7009, 7662, 8628, 8707; OpenID Connect Core and Discovery. Clients need no
//! registration: an app's id is its own URL, and nothing is ever fetched.

mod claims;
mod client;
mod credentials;
mod device;
mod error;
mod grant_type;
mod id_token;
mod inspect;
mod metadata;
mod params;
mod pkce;
mod provider;
mod registry;
mod request;
mod secrets;
mod signed;
mod ticket;
mod token;

pub(crate) use client::{Client, ClientError, RedirectUri};
pub(crate) use credentials::{Credentials, SignedRequest};
pub(crate) use device::{UserCode, WaitingDevice};
pub(crate) use error::{ErrorCode, OAuthError};
pub(crate) use id_token::published;
pub(crate) use metadata::document as metadata;
pub(crate) use params::Params;
pub(crate) use provider::{Acquaintance, Choice, Provider, refusal};
pub(crate) use registry::{ClientInfo, NewClient, NewClientError};
pub(crate) use request::{AuthorizationRequest, Refusal};
pub(crate) use ticket::TicketError;
pub(crate) use token::TokenError;

/// The answers, for the contract.
#[cfg(test)]
pub(crate) mod answers {
    pub(crate) use super::claims::Claims;
    pub(crate) use super::device::DeviceAuthorization;
    pub(crate) use super::error::OAuthError;
    pub(crate) use super::inspect::Introspection;
    pub(crate) use super::token::TokenAnswer;
}
