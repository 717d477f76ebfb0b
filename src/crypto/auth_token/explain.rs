//! What is right and wrong with a token, part by part: the way to find out why
//! a server says no.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde::Serialize;

use super::{AuthToken, SHOWN, Scheme, is_signed, milliseconds, signed_text};
use crate::crypto::hash::sha256;
use crate::crypto::keys::PublicKey;
use crate::crypto::{brc77, bsm};
use crate::text::excerpt;

/// One part of a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Part {
    /// Its name.
    pub part: &'static str,
    /// Whether it is as it should be.
    pub ok: bool,
    /// What was expected.
    pub expected: String,
    /// What it is.
    pub found: String,
}

impl Part {
    fn new(part: &'static str, ok: bool, expected: String, found: String) -> Self {
        Self {
            part,
            ok,
            expected,
            found,
        }
    }
}

/// Looks at each part of a token by itself, where
/// [`verify`](super::verify) stops at the first that is wrong. The token is
/// accepted if all are right.
#[must_use]
pub fn explain(
    token: &AuthToken,
    path: &str,
    body: &[u8],
    now_ms: u64,
    max_age_ms: u64,
) -> Vec<Part> {
    let claimed = claimed_signer(token);
    // Whose signature it is and what it is over are told apart.
    let by_signer = AuthToken {
        public_key: claimed.unwrap_or(token.public_key),
        ..token.clone()
    };
    vec![
        key(token, claimed),
        Part::new(
            "scheme",
            true,
            "brc77 or bsm".to_owned(),
            token.scheme.to_string(),
        ),
        time(token, now_ms, max_age_ms),
        Part::new(
            "path",
            token.path == path,
            excerpt(path, SHOWN),
            excerpt(&token.path, SHOWN),
        ),
        self::body(&by_signer, body),
        signature(token),
    ]
}

/// A BRC-77 signature names its signer.
fn claimed_signer(token: &AuthToken) -> Option<PublicKey> {
    match token.scheme {
        Scheme::Brc77 => {
            let signature = BASE64_STANDARD.decode(&token.signature).ok()?;
            brc77::claimed_signer(&signature).ok()
        }
        Scheme::Bsm => None,
    }
}

/// The signer must be the one that the token names.
fn key(token: &AuthToken, claimed: Option<PublicKey>) -> Part {
    Part::new(
        "key",
        claimed.is_none_or(|signer| signer == token.public_key),
        claimed.map_or("the signer's".to_owned(), |signer| signer.to_string()),
        token.public_key.to_string(),
    )
}

fn time(token: &AuthToken, now_ms: u64, max_age_ms: u64) -> Part {
    let length = |ms| {
        let whole = std::time::Duration::from_secs(ms / 1000);
        humantime::format_duration(whole).to_string()
    };
    let expected = format!("within {} of now", length(max_age_ms));
    let time = excerpt(&token.timestamp, SHOWN);
    match milliseconds(&token.timestamp) {
        Ok(signed_ms) => {
            let found = match now_ms.checked_sub(signed_ms) {
                Some(age) => format!("{time}, {} ago", length(age)),
                None => format!("{time}, {} from now", length(signed_ms - now_ms)),
            };
            let ok = now_ms.abs_diff(signed_ms) <= max_age_ms;
            Part::new("time", ok, expected, found)
        }
        Err(error) => Part::new("time", false, expected, error.to_string()),
    }
}

/// The token has no body in it, only a signature over the hash of one. What
/// often goes wrong on the way is tried.
fn body(token: &AuthToken, body: &[u8]) -> Part {
    let signed = |body: &[u8]| {
        let text = signed_text(&token.path, &token.timestamp, body);
        is_signed(token, text.as_bytes())
    };
    let with_line_feed = [body, b"\n"].concat();
    let tries: [(Option<&[u8]>, &str); 4] = [
        (Some(body), "this body"),
        (Some(b""), "no body"),
        (
            body.strip_suffix(b"\n"),
            "this body without its final line feed",
        ),
        (Some(&with_line_feed), "this body with a line feed after it"),
    ];
    let found = tries
        .into_iter()
        .find(|(body, _)| body.is_some_and(signed))
        .map_or("signed for another body, or altered since", |(_, what)| {
            what
        });
    let expected = match body.len() {
        0 => "no body".to_owned(),
        length => format!("{length} bytes, SHA-256 {}", hex::encode(sha256(body))),
    };
    Part::new("body", signed(body), expected, found.to_owned())
}

/// Whether there is any signature at all: of which text, the other parts say.
fn signature(token: &AuthToken) -> Part {
    let (ok, expected) = match token.scheme {
        Scheme::Brc77 => (
            claimed_signer(token).is_some(),
            "a BRC-77 signature in base64",
        ),
        Scheme::Bsm => (
            token.signature.parse::<bsm::Signature>().is_ok(),
            "a BSM signature in base64",
        ),
    };
    let found = match ok {
        true => expected.to_owned(),
        false => format!("`{}`", excerpt(&token.signature, SHOWN)),
    };
    Part::new("signature", ok, expected.to_owned(), found)
}
