//! PKCE (RFC 7636), with `S256` only: `plain` protects nobody who can read
//! the request.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::error::{ErrorCode, OAuthError};

/// What the client committed itself to: the SHA-256 of its verifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Challenge([u8; 32]);

impl Challenge {
    /// Reads a request's `code_challenge` and `code_challenge_method`;
    /// `Ok(None)` where there is neither.
    pub(crate) fn read(
        challenge: Option<&str>,
        method: Option<&str>,
    ) -> Result<Option<Self>, OAuthError> {
        let refused = |why| Err(OAuthError::new(ErrorCode::InvalidRequest, why));
        match (challenge, method) {
            (None, None) => Ok(None),
            (None, Some(_)) => refused("`code_challenge` is missing"),
            // A missing method means `plain` (RFC 7636, 4.3).
            (Some(_), None | Some("plain")) => refused("`code_challenge_method` must be `S256`"),
            (Some(text), Some("S256")) => match Self::from_text(text) {
                Some(challenge) => Ok(Some(challenge)),
                None => refused("`code_challenge` is not the base64url of a SHA-256"),
            },
            (Some(_), Some(_)) => refused("`code_challenge_method` must be `S256`"),
        }
    }

    /// Reads 43 characters of base64url.
    #[must_use]
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// The 43 characters.
    #[must_use]
    pub(crate) fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// Whether this is the verifier that the challenge was made from; false
    /// for what is no verifier at all: 43 to 128 characters of
    /// `A-Z a-z 0-9 - . _ ~` (RFC 7636, 4.1).
    #[must_use]
    pub(crate) fn is_met_by(&self, verifier: &str) -> bool {
        let letter = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
        let formed = (43..=128).contains(&verifier.len()) && verifier.bytes().all(letter);
        let hash: [u8; 32] = Sha256::digest(verifier).into();
        formed && bool::from(hash.ct_eq(&self.0))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    /// RFC 7636, appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_example_of_the_rfc() {
        let challenge = Challenge::read(Some(CHALLENGE), Some("S256"));
        let challenge = challenge.unwrap().unwrap();
        assert!(challenge.is_met_by(VERIFIER));
        assert_eq!(challenge.to_text(), CHALLENGE);
        assert!(!challenge.is_met_by(&VERIFIER.to_lowercase()));
    }

    #[test]
    fn plain_and_malformed_challenges_are_refused() {
        assert_eq!(Challenge::read(None, None), Ok(None));
        for (challenge, method) in [
            (Some(CHALLENGE), None),
            (Some(CHALLENGE), Some("plain")),
            (Some(CHALLENGE), Some("s256")),
            (None, Some("S256")),
            (Some(&CHALLENGE[1..]), Some("S256")),
            (
                Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM"),
                Some("S256"),
            ),
            (
                Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM="),
                Some("S256"),
            ),
        ] {
            assert!(
                Challenge::read(challenge, method).is_err(),
                "{challenge:?} {method:?}"
            );
        }
    }

    #[test]
    fn a_verifier_has_a_form() {
        for verifier in [
            "short",
            &"a".repeat(129),
            &"a b".repeat(20),
            &"é".repeat(50),
        ] {
            let hash = Challenge(Sha256::digest(verifier).into());
            assert!(!hash.is_met_by(verifier), "{verifier}");
        }
    }
}
