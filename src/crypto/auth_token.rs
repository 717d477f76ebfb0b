//! bitcoin-auth tokens: a header that says who makes an HTTP request.
//!
//! `public key | scheme | timestamp | path | signature`, joined by bars. Signed
//! is `path|timestamp|hex(sha256(body))`, with nothing after the last bar when
//! the body is empty. The timestamp is RFC 3339 in UTC, ending in `Z`.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::time::{Duration, UNIX_EPOCH};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde::{Deserialize, Serialize};

use super::hash::sha256;
use super::keys::{PrivateKey, PublicKey};
use super::{brc77, bsm};
use crate::text::excerpt;
use crate::text::marks::{compact, unmarked};

pub mod explain;

/// Characters of a foreign name or path that a message shows.
const SHOWN: usize = 64;

/// How the token is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// BRC-77, for anyone to verify; base64.
    #[default]
    Brc77,
    /// Bitcoin Signed Message.
    Bsm,
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Brc77 => "brc77",
            Self::Bsm => "bsm",
        })
    }
}

impl FromStr for Scheme {
    type Err = AuthTokenError;

    fn from_str(name: &str) -> Result<Self, AuthTokenError> {
        match name {
            "brc77" => Ok(Self::Brc77),
            "bsm" => Ok(Self::Bsm),
            _ => Err(AuthTokenError::Scheme(excerpt(name, SHOWN))),
        }
    }
}

/// Why a token was not made or not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthTokenError {
    /// Not five fields with a public key in front.
    #[error("not an auth token: it is `public key|scheme|timestamp|path|signature`")]
    Malformed,
    /// A scheme other than `brc77` and `bsm`.
    #[error("unknown scheme `{0}`: it is `brc77` or `bsm`")]
    Scheme(String),
    /// A path that cannot stand in a token: it holds a bar or a control character.
    #[error("the path `{0}` holds a `|` or a control character, which a token cannot carry")]
    Path(String),
    /// Not RFC 3339.
    #[error("the timestamp `{0}` is not like `2026-01-02T03:04:05.678Z`")]
    Timestamp(String),
    /// Signed for another path.
    #[error("the token is for the path `{0}`")]
    OtherPath(String),
    /// Older than allowed.
    #[error("the token of `{0}` has expired")]
    Expired(String),
    /// Further in the future than allowed.
    #[error("the token of `{0}` is from the future: check the clocks")]
    Future(String),
    /// Not the signature of the token's key over this path, time and body.
    #[error("the signature does not fit the key, path, time and body")]
    Signature,
}

/// A token, read but not verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthToken {
    /// Who claims to have signed.
    pub public_key: PublicKey,
    /// How it is signed.
    pub scheme: Scheme,
    /// When it was signed, RFC 3339 with `Z`.
    pub timestamp: String,
    /// Path and query of the request.
    pub path: String,
    /// Base64.
    pub signature: String,
}

impl fmt::Display for AuthToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}|{}|{}|{}|{}",
            self.public_key, self.scheme, self.timestamp, self.path, self.signature
        )
    }
}

impl FromStr for AuthToken {
    type Err = AuthTokenError;

    /// Reads a token with any white space around it.
    fn from_str(text: &str) -> Result<Self, AuthTokenError> {
        let text = unmarked(text).trim_ascii();
        let mut fields = text.split('|');
        let mut next = || fields.next().ok_or(AuthTokenError::Malformed);
        let (key, scheme, timestamp, path, signature) =
            (next()?, next()?, next()?, next()?, next()?);
        if fields.next().is_some() {
            return Err(AuthTokenError::Malformed);
        }
        let token = Self {
            public_key: key.parse().map_err(|_| AuthTokenError::Malformed)?,
            scheme: scheme.parse()?,
            timestamp: timestamp.to_owned(),
            path: path.to_owned(),
            signature: compact(signature).into_owned(),
        };
        // One key has one spelling, lest one token has two.
        if token.public_key.to_string() != key {
            return Err(AuthTokenError::Malformed);
        }
        Ok(token)
    }
}

/// Makes a token. `timestamp` is now, in RFC 3339; the token carries it in UTC,
/// with `Z`, which all verifiers take. `key_id` is used by
/// [`Scheme::Brc77`] and must be fresh and random.
///
/// # Errors
/// [`AuthTokenError::Path`] or [`AuthTokenError::Timestamp`].
pub fn sign(
    key: &PrivateKey,
    scheme: Scheme,
    path: &str,
    body: &[u8],
    timestamp: &str,
    key_id: [u8; 32],
) -> Result<AuthToken, AuthTokenError> {
    if path.contains(|c: char| c == '|' || c.is_control()) {
        return Err(AuthTokenError::Path(excerpt(path, SHOWN)));
    }
    let timestamp = &*in_utc(timestamp)?;
    let message = signed_text(path, timestamp, body);
    Ok(AuthToken {
        public_key: key.public_key(),
        scheme,
        timestamp: timestamp.to_owned(),
        path: path.to_owned(),
        signature: match scheme {
            Scheme::Brc77 => BASE64_STANDARD.encode(brc77::sign(
                message.as_bytes(),
                key,
                brc77::Verifier::Anyone,
                key_id,
            )),
            Scheme::Bsm => bsm::sign(message.as_bytes(), key).to_string(),
        },
    })
}

/// Verifies that the owner of `token.public_key` signed this path and body at
/// most `max_age_ms` milliseconds before or after `now_ms` (since 1970).
///
/// # Errors
/// [`AuthTokenError`], one variant a reason.
pub fn verify(
    token: &AuthToken,
    path: &str,
    body: &[u8],
    now_ms: u64,
    max_age_ms: u64,
) -> Result<(), AuthTokenError> {
    if token.path != path {
        return Err(AuthTokenError::OtherPath(excerpt(&token.path, SHOWN)));
    }
    let signed_ms = milliseconds(&token.timestamp)?;
    if now_ms.saturating_sub(signed_ms) > max_age_ms {
        return Err(AuthTokenError::Expired(token.timestamp.clone()));
    }
    if signed_ms.saturating_sub(now_ms) > max_age_ms {
        return Err(AuthTokenError::Future(token.timestamp.clone()));
    }
    let message = signed_text(path, &token.timestamp, body);
    if is_signed(token, message.as_bytes()) {
        Ok(())
    } else {
        Err(AuthTokenError::Signature)
    }
}

/// Whether the token's own key signed: BRC-77 names its signer in the
/// signature, who need not be the one the token names.
fn is_signed(token: &AuthToken, message: &[u8]) -> bool {
    match token.scheme {
        Scheme::Brc77 => BASE64_STANDARD
            .decode(&token.signature)
            .is_ok_and(|signature| {
                brc77::verify(message, &signature, None) == Ok(token.public_key)
            }),
        Scheme::Bsm => token
            .signature
            .parse()
            .is_ok_and(|signature| bsm::verify(message, &signature, &token.public_key.address())),
    }
}

fn signed_text(path: &str, timestamp: &str, body: &[u8]) -> String {
    let body_hash = if body.is_empty() {
        String::new()
    } else {
        hex::encode(sha256(body))
    };
    format!("{path}|{timestamp}|{body_hash}")
}

/// A time with an offset as the same time in UTC; one with `Z` as it is.
fn in_utc(timestamp: &str) -> Result<Cow<'_, str>, AuthTokenError> {
    let wrong = || AuthTokenError::Timestamp(excerpt(timestamp, SHOWN));
    let text = unmarked(timestamp).trim_ascii();
    if milliseconds(text).is_ok() {
        return Ok(Cow::Borrowed(text));
    }
    let (local, offset) = split_offset(text).ok_or_else(wrong)?;
    let local = local.replacen(['t', ' '], "T", 1);
    // As if it were UTC, which the offset then puts right.
    let local = milliseconds(&format!("{local}Z")).map_err(|_| wrong())?;
    let utc = local
        .checked_add_signed(-offset * 60_000)
        .ok_or_else(wrong)?;
    let time = UNIX_EPOCH + Duration::from_millis(utc);
    Ok(Cow::Owned(
        humantime::format_rfc3339_millis(time).to_string(),
    ))
}

/// Splits `+01:00`, `+0100`, `+01` or `z` off a time: what is before it, and the
/// minutes east of UTC.
fn split_offset(text: &str) -> Option<(&str, i64)> {
    if let Some(local) = text.strip_suffix(['z', 'Z']) {
        return Some((local, 0));
    }
    // Not the dashes of the date.
    let sign = text
        .rfind(['+', '-'])
        .filter(|at| *at > "2026-01-02".len())?;
    let (local, offset) = text.split_at(sign);
    let digits = offset[1..].replacen(':', "", 1);
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes) = match (digits.len(), offset.len()) {
        (2, 3) => (&digits[..], "0"),
        (4, 5) => digits.split_at(2),
        (4, 6) if offset.as_bytes()[3] == b':' => digits.split_at(2),
        _ => return None,
    };
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    let east = hours * 60 + minutes;
    (hours < 24 && minutes < 60)
        .then_some((local, if offset.starts_with('-') { -east } else { east }))
}

/// Milliseconds since 1970 of an RFC 3339 time that ends in `Z`.
fn milliseconds(timestamp: &str) -> Result<u64, AuthTokenError> {
    Some(timestamp)
        .filter(|timestamp| has_fraction_and_z(timestamp))
        .and_then(|timestamp| humantime::parse_rfc3339(timestamp).ok())
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
        .and_then(|elapsed| u64::try_from(elapsed.as_millis()).ok())
        .ok_or_else(|| AuthTokenError::Timestamp(excerpt(timestamp, SHOWN)))
}

/// Whether the seconds are followed by an optional fraction, `Z`, and the end.
/// The parser takes `+00:00` for `Z`, and anything at all between two `Z`.
fn has_fraction_and_z(timestamp: &str) -> bool {
    let after_seconds = timestamp.get("2026-01-02T03:04:05".len()..);
    let fraction = after_seconds.and_then(|rest| rest.strip_suffix('Z'));
    fraction.is_some_and(|fraction| {
        fraction.is_empty()
            || fraction.strip_prefix('.').is_some_and(|digits| {
                !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit())
            })
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const TIMESTAMP: &str = "2026-01-02T03:04:05.678Z";
    const NOW: u64 = 1_767_323_045_678;

    fn key(byte: u8) -> PrivateKey {
        PrivateKey::from_bytes(&[byte; 32]).unwrap()
    }

    fn token(scheme: Scheme, timestamp: &str) -> Result<AuthToken, AuthTokenError> {
        sign(&key(1), scheme, "/api", b"body", timestamp, [2; 32])
    }

    #[test]
    fn the_allowed_age_counts_both_ways() {
        let token = token(Scheme::Bsm, TIMESTAMP).unwrap();
        let verify = |now| verify(&token, "/api", b"body", now, 1000);
        let time = || TIMESTAMP.to_owned();
        assert_eq!(verify(NOW), Ok(()));
        assert_eq!(verify(NOW + 1000), Ok(()));
        assert_eq!(verify(NOW - 1000), Ok(()));
        assert_eq!(verify(NOW + 1001), Err(AuthTokenError::Expired(time())));
        assert_eq!(verify(NOW - 1001), Err(AuthTokenError::Future(time())));
        assert_eq!(verify(u64::MAX), Err(AuthTokenError::Expired(time())));
        assert_eq!(verify(0), Err(AuthTokenError::Future(time())));
    }

    /// The TypeScript verifier accepts this forgery.
    #[test]
    fn another_signer_cannot_use_the_name() {
        for scheme in [Scheme::Brc77, Scheme::Bsm] {
            let mut forged = token(scheme, TIMESTAMP).unwrap();
            forged.public_key = key(3).public_key();
            let verified = verify(&forged, "/api", b"body", NOW, 0);
            assert_eq!(verified, Err(AuthTokenError::Signature));
        }
    }

    #[test]
    fn a_signature_of_the_other_scheme_is_none() {
        for (scheme, other) in [(Scheme::Brc77, Scheme::Bsm), (Scheme::Bsm, Scheme::Brc77)] {
            let mut token = token(scheme, TIMESTAMP).unwrap();
            token.scheme = other;
            let verified = verify(&token, "/api", b"body", NOW, 0);
            assert_eq!(verified, Err(AuthTokenError::Signature));
        }
    }

    #[test]
    fn the_path_is_the_exact_path() {
        let token = token(Scheme::Bsm, TIMESTAMP).unwrap();
        for path in ["/api/", "/API", "/api?", ""] {
            let verified = verify(&token, path, b"body", NOW, 0);
            assert_eq!(verified, Err(AuthTokenError::OtherPath("/api".to_owned())));
        }
        for path in ["/a|b", "/a\r\nb"] {
            let signed = sign(&key(1), Scheme::Bsm, path, b"", TIMESTAMP, [2; 32]);
            assert!(matches!(signed, Err(AuthTokenError::Path(_))));
        }
    }

    #[test]
    fn a_time_with_an_offset_is_taken_as_what_it_is() {
        for timestamp in [
            "2026-01-02T03:04:05.678+00:00",
            "2026-01-02T04:04:05.678+01:00",
            "2026-01-01T21:34:05.678-05:30",
            "2026-01-02T04:04:05.678+0100",
            "2026-01-02T04:04:05.678+01",
            "2026-01-02t03:04:05.678z",
            "2026-01-02 03:04:05.678Z",
            "2026-01-02T03:04:05.678Z\r\n",
        ] {
            let token = token(Scheme::Bsm, timestamp).unwrap();
            assert_eq!(token.timestamp, TIMESTAMP, "{timestamp}");
            assert_eq!(verify(&token, "/api", b"body", NOW, 0), Ok(()));
        }
        let whole = token(Scheme::Bsm, "2026-11-25T10:00:00+00:00").unwrap();
        assert_eq!(whole.timestamp, "2026-11-25T10:00:00.000Z");
    }

    #[test]
    fn only_a_whole_time_is_a_timestamp() {
        for timestamp in [
            TIMESTAMP,
            "2026-01-02T03:04:05Z",
            "2024-02-29T23:59:59.999999999Z",
        ] {
            assert!(token(Scheme::Bsm, timestamp).is_ok(), "{timestamp}");
        }
        for timestamp in [
            "",
            "Z",
            "now",
            "1767323045678",
            "2026-01-02T03:04:05.678",
            "2026-01-02T03:04:05.678+24:00",
            "2026-01-02T03:04:05.678+01:60",
            "2026-01-02T03:04:05.678+0:100",
            "2026-01-02T03:04:05.678+010:0",
            "2026-01-02+01:00",
            "1970-01-01T00:30:00+01:00",
            "2026-02-30T03:04:05Z",
            "1969-12-31T23:59:59Z",
            "2026-01-02T03:04:05Z|Z",
            "2026-01-02T03:04:05ZZ",
            "2026-01-02T03:04:05.Z",
            "2026-01-02T03:04:05.6|8Z",
            "2026-01-02T03:04:0５Z",
        ] {
            let error = token(Scheme::Bsm, timestamp).unwrap_err();
            assert_eq!(error, AuthTokenError::Timestamp(timestamp.to_owned()));
        }
    }

    #[test]
    fn a_token_has_five_fields_and_one_spelling() {
        let text = token(Scheme::Brc77, TIMESTAMP).unwrap().to_string();
        assert!(text.parse::<AuthToken>().is_ok());
        let (key, rest) = text.split_once('|').unwrap();
        for other in [
            String::new(),
            key.to_owned(),
            format!("{text}|"),
            format!("{}|{rest}", key.to_uppercase()),
        ] {
            let error = other.parse::<AuthToken>().unwrap_err();
            assert_eq!(error, AuthTokenError::Malformed);
        }
        for around in [
            format!("{text}\r"),
            format!("\u{feff}{text}\n"),
            format!(" {text}"),
        ] {
            assert_eq!(around.parse::<AuthToken>().unwrap().to_string(), text);
        }
        let error = text.replace("brc77", "BRC77").parse::<AuthToken>();
        assert_eq!(error, Err(AuthTokenError::Scheme("BRC77".to_owned())));
    }
}
