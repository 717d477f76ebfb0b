//! How a client says who it is.

use zeroize::Zeroizing;

/// How a client said who it is (RFC 6749, 2.3).
#[derive(Clone, Debug, Default)]
pub(crate) struct Credentials<'a> {
    /// From `Authorization: Basic`, decoded.
    pub(crate) basic: Option<(String, Zeroizing<String>)>,
    /// What it signed with a key of its own.
    pub(crate) signed: SignedRequest<'a>,
}

/// What a client signed, or may have.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SignedRequest<'a> {
    /// `X-Auth-Token`, where there is exactly one.
    pub(crate) token: Option<&'a str>,
    /// The request's path.
    pub(crate) path: &'a str,
    /// The request's body, as it was sent.
    pub(crate) body: &'a [u8],
}
