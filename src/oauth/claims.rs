//! What an app is told about the owner, by its scopes. The same in the ID
//! token and from the userinfo endpoint, since several clients read only one.

use serde::Serialize;

#[cfg(test)]
use schemars::JsonSchema;

use crate::identity::{BapId, Identity};
use crate::wallet::{Host, KeySelector, Scope, Scopes, UnlockedWallet, WalletError};

/// Label of the secret that subjects are made with.
const SUBJECT_LABEL: &str = "tokenpass oidc subject v1";

/// OpenID Connect Core, 5.1, and what Sigma's clients read beside it.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct Claims {
    /// Pairwise (Core, 8.1): each host meets another subject.
    pub(crate) sub: String,
    #[serde(flatten)]
    profile: Option<ProfileClaims>,
    #[serde(flatten)]
    email: Option<EmailClaims>,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
struct ProfileClaims {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "String"))]
    picture: Option<String>,
    bap_id: BapId,
    /// The host's key: what `/api/sign` signs with.
    pubkey: String,
    bap: Bap,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(JsonSchema), schemars(inline))]
struct Bap {
    id_key: BapId,
    identity: BapIdentity,
    root_address: String,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(JsonSchema), schemars(inline))]
struct BapIdentity {
    alternate_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "String"))]
    image: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
struct EmailClaims {
    email: String,
    email_verified: bool,
}

impl Claims {
    /// The claims that `scopes` allow, about one identity, for one host.
    pub(crate) fn of(
        wallet: &UnlockedWallet,
        identity: &Identity,
        host: &Host,
        scopes: Scopes,
    ) -> Result<Self, WalletError> {
        let sub = subject(wallet, identity.id(), host);
        let public = PublicFace::of(wallet, identity)?;
        let profile = if scopes.contains(Scope::Profile) {
            let key = wallet.public_key(&KeySelector::Host(host.clone()))?;
            Some(ProfileClaims {
                name: public.name.clone(),
                picture: public.picture.clone(),
                bap_id: identity.id().clone(),
                pubkey: key.public_key.to_string(),
                bap: Bap {
                    id_key: identity.id().clone(),
                    identity: BapIdentity {
                        alternate_name: public.name.clone(),
                        image: public.picture.clone(),
                    },
                    root_address: identity.root_address().to_string(),
                },
            })
        } else {
            None
        };
        let email = scopes.contains(Scope::Email).then(|| EmailClaims {
            // Some clients cannot do without an address (`.localhost`: RFC 6761).
            email: public
                .email
                .unwrap_or_else(|| format!("{sub}@tokenpass.localhost")),
            email_verified: false,
        });
        Ok(Self {
            sub,
            profile,
            email,
        })
    }
}

/// What an identity shows of itself: the primary one has the profile.
struct PublicFace {
    name: String,
    picture: Option<String>,
    email: Option<String>,
}

impl PublicFace {
    fn of(wallet: &UnlockedWallet, identity: &Identity) -> Result<Self, WalletError> {
        let is_primary = wallet.bap_id()? == *identity.id();
        let profile = if is_primary {
            wallet.wallet().profile()?
        } else {
            serde_json::Map::new()
        };
        let text = |name: &str| {
            let value = profile.get(name).and_then(|value| value.as_str());
            value.filter(|text| !text.is_empty()).map(str::to_owned)
        };
        Ok(Self {
            name: text("displayName").unwrap_or_else(|| identity.name().to_owned()),
            picture: text("logo").filter(|url| url.starts_with("http")),
            email: text("email"),
        })
    }
}

/// A name for one identity at one host. It survives a restore, and two hosts
/// cannot tell that theirs mean one person.
fn subject(wallet: &UnlockedWallet, identity: &BapId, host: &Host) -> String {
    let secret = wallet.derive_secret(SUBJECT_LABEL);
    let hash = crate::crypto::symmetric::hmac_of(
        &*secret,
        &[
            identity.as_str().as_bytes(),
            b"\0",
            host.as_str().as_bytes(),
        ],
    );
    hex::encode(&hash[..20])
}
