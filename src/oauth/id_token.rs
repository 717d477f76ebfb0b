//! ID tokens: claims signed with ES256 (RFC 7519, RFC 7518 3.4), and the key
//! that checks them (RFC 7517).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::wallet::{UnlockedWallet, WalletError};

/// The label under which the key is derived from the root key.
const LABEL: &str = "tokenpass oidc es256 v1";

/// Signs ID tokens. The same wallet always has the same key.
pub(super) struct IdTokenKey(SigningKey);

impl IdTokenKey {
    /// Derives the key. Candidates that are no scalar of P-256 are passed
    /// over; that happens once in 2^32.
    #[must_use]
    pub(super) fn of(wallet: &UnlockedWallet) -> Self {
        let keys = (0..=u8::MAX).find_map(|number| {
            let bytes = wallet.derive_secret(&format!("{LABEL}/{number}"));
            SigningKey::from_slice(&*bytes).ok()
        });
        Self(keys.expect("one of 256 uniform values is a scalar of P-256"))
    }

    /// The public half.
    #[must_use]
    pub(super) fn public(&self) -> PublicJwk {
        let point = self.0.verifying_key().to_sec1_point(false);
        let bytes = point.as_bytes();
        PublicJwk {
            x: URL_SAFE_NO_PAD.encode(&bytes[1..33]),
            y: URL_SAFE_NO_PAD.encode(&bytes[33..65]),
        }
    }

    /// Signs claims: a compact JWS.
    #[must_use]
    pub(super) fn sign(&self, claims: &impl Serialize) -> String {
        let header = json!({"alg": "ES256", "typ": "JWT", "kid": self.public().thumbprint()});
        // Plain JSON values always serialise.
        let claims = serde_json::to_vec(claims).unwrap_or_default();
        let header = URL_SAFE_NO_PAD.encode(header.to_string());
        let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims));
        let signature: Signature = self.0.sign(signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }
}

/// A public key of P-256, by its coordinates as base64url.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct PublicJwk {
    x: String,
    y: String,
}

impl PublicJwk {
    /// The key's name: its SHA-256 thumbprint (RFC 7638).
    #[must_use]
    pub(crate) fn thumbprint(&self) -> String {
        let members = format!(
            r#"{{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}}"#,
            self.x, self.y
        );
        URL_SAFE_NO_PAD.encode(Sha256::digest(members))
    }

    /// The key set that `jwks_uri` gives.
    #[must_use]
    pub(crate) fn to_set(&self) -> serde_json::Value {
        json!({"keys": [{
            "kty": "EC",
            "crv": "P-256",
            "x": self.x,
            "y": self.y,
            "alg": "ES256",
            "use": "sig",
            "kid": self.thumbprint(),
        }]})
    }
}

/// Left half of the SHA-256 of an access token, for `at_hash` (OpenID Connect
/// Core, 3.1.3.6).
#[must_use]
pub(super) fn at_hash(access_token: &str) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(access_token)[..16])
}

/// The public key of the wallet, readable while it is locked; noted at the
/// first unlocking.
pub(crate) fn published(
    wallet: &crate::wallet::Wallet,
    unlocked: Option<&UnlockedWallet>,
) -> Result<Option<PublicJwk>, WalletError> {
    if let Some(text) = wallet.store().state.oidc_key(wallet.current()?)? {
        return Ok(serde_json::from_str(&text).ok());
    }
    let Some(unlocked) = unlocked else {
        return Ok(None);
    };
    let key = IdTokenKey::of(unlocked).public();
    // Two strings always serialise.
    let text = serde_json::to_string(&key).unwrap_or_default();
    wallet.store().state.set_oidc_key(unlocked.id(), &text)?;
    Ok(Some(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of RFC 7515, A.3; its name by Python's `hashlib`.
    #[test]
    fn a_key_is_named_by_its_thumbprint() {
        let key = PublicJwk {
            x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU".to_owned(),
            y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0".to_owned(),
        };
        let name = "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U";
        assert_eq!(key.thumbprint(), name);
        assert_eq!(key.to_set()["keys"][0]["kid"], name);
    }
}
