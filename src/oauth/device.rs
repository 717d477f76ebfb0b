//! The device flow (RFC 8628): a program without a browser shows a short
//! code, and the owner confirms it on a page here.

use std::time::Duration;

use serde::Serialize;
use zeroize::Zeroizing;

#[cfg(test)]
use schemars::JsonSchema;

use super::client::Client;
use super::error::{ErrorCode, OAuthError};
use super::params::Params;
use super::provider::{Choice, Provider};
use super::secrets::{hash, random_text};
use super::token::{TokenAnswer, TokenError};
use crate::store::{DeviceAnswer, DeviceRow};
use crate::wallet::{Event, Host, Scopes, UnlockedWallet, WalletError};

/// How long a code can be confirmed.
pub(super) const LIFETIME: Duration = Duration::from_secs(10 * 60);

/// Between two polls, at first; five more each time that is not kept
/// (RFC 8628, 3.5).
const INTERVAL: Duration = Duration::from_secs(5);

/// Letters of a user code: no vowels, so that it spells nothing, and no two
/// that look alike (RFC 8628, 6.1).
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";

/// Letters in a user code: 34 bits, for ten minutes, with limited guesses.
const LENGTH: usize = 8;

/// What a program shows and polls with (RFC 8628, 3.2).
#[derive(Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct DeviceAuthorization {
    /// What the program polls with.
    #[cfg_attr(test, schemars(with = "String"))]
    device_code: Zeroizing<String>,
    /// What the program shows.
    #[cfg_attr(test, schemars(extend("pattern" = "^[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}$")))]
    user_code: String,
    /// Where to enter it.
    verification_uri: String,
    /// The same with the code in it, which is still compared there.
    verification_uri_complete: String,
    /// Seconds.
    expires_in: u64,
    /// Seconds between two polls.
    interval: u64,
}

/// A code as a person types it, made uniform: upper case, letters only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UserCode(String);

impl UserCode {
    /// Reads what was typed: case, hyphens and spaces do not matter.
    #[must_use]
    pub(crate) fn read(typed: &str) -> Option<Self> {
        let letters: String = typed
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .take(LENGTH + 1)
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let formed = letters.len() == LENGTH && letters.bytes().all(|b| LETTERS.contains(&b));
        formed.then_some(Self(letters))
    }

    /// In two groups, as it is shown.
    #[must_use]
    pub(crate) fn shown(&self) -> String {
        let (left, right) = self.0.split_at(LENGTH / 2);
        format!("{left}-{right}")
    }

    /// Uniform letters from uniform bytes: those that would favour some
    /// letters are passed over.
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let most = 256 - 256 % LETTERS.len();
        let letters: String = bytes
            .iter()
            .map(|byte| usize::from(*byte))
            .filter(|byte| *byte < most)
            .take(LENGTH)
            .map(|byte| char::from(LETTERS[byte % LETTERS.len()]))
            .collect();
        (letters.len() == LENGTH).then_some(Self(letters))
    }

    fn hash(&self) -> [u8; 32] {
        hash(&self.0)
    }
}

/// A request that waits for its owner.
pub(crate) struct WaitingDevice {
    /// Who asks.
    pub(crate) client: Client,
    /// For what.
    pub(crate) scopes: Scopes,
    /// Whose key it will use.
    pub(crate) host: Host,
}

impl Provider {
    /// A program asks for a code.
    pub(crate) fn start_device(
        &self,
        client: &Client,
        params: &Params<'_>,
        issuer: &str,
    ) -> Result<DeviceAuthorization, TokenError> {
        params.once_each()?;
        let scopes = super::request::known_scopes(params.get("scope")?.unwrap_or_default());
        let now = self.now();
        let row = DeviceRow {
            client: client.id().to_owned(),
            scopes: scopes.to_string(),
            created: now.as_millis(),
            expires: now.plus(LIFETIME).as_millis(),
            interval: INTERVAL.as_millis() as u64,
            polled: 0,
            answer: DeviceAnswer::Pending,
            grant: None,
        };
        let device_code = random_text(&self.wallet)?;
        let user_code = loop {
            let bytes: [u8; 32] = self.wallet.environment().random()?;
            let Some(code) = UserCode::from_bytes(&bytes) else {
                continue;
            };
            let wallet = self.wallet.current()?;
            let hashes = (&hash(&device_code), &code.hash());
            if self.state().put_device(wallet, hashes.0, hashes.1, &row)? {
                break code;
            }
        };
        let verification_uri = format!("{issuer}/device");
        Ok(DeviceAuthorization {
            device_code,
            user_code: user_code.shown(),
            verification_uri_complete: format!(
                "{verification_uri}?user_code={}",
                user_code.shown()
            ),
            verification_uri,
            expires_in: LIFETIME.as_secs(),
            interval: INTERVAL.as_secs(),
        })
    }

    /// The program that waits for this code.
    pub(crate) fn waiting(&self, code: &UserCode) -> Result<Option<WaitingDevice>, WalletError> {
        let now = self.now().as_millis();
        let Some(row) = self
            .state()
            .device_of_user(self.wallet.current()?, &code.hash())?
        else {
            return Ok(None);
        };
        if row.expires <= now || row.answer != DeviceAnswer::Pending {
            return Ok(None);
        }
        let Ok(client) = self.client(&row.client)? else {
            return Ok(None);
        };
        Ok(Some(WaitingDevice {
            host: client.host().unwrap_or_else(Host::localhost),
            scopes: Scopes::from_stored(&row.scopes),
            client,
        }))
    }

    /// The owner's answer; false where the code has ended meanwhile.
    pub(crate) fn answer_device(
        &self,
        code: &UserCode,
        waiting: &WaitingDevice,
        choice: Option<&Choice>,
    ) -> Result<bool, WalletError> {
        let grant = choice
            .map(|choice| self.grant(waiting.client.id(), &waiting.host, choice))
            .transpose()?;
        let now = self.now().as_millis();
        let wallet = self.wallet.current()?;
        let answered = self
            .state()
            .answer_device(wallet, &code.hash(), grant.as_ref(), now)?;
        if answered {
            match choice {
                Some(choice) => {
                    let detail = format!("allowed on the device page: {}", choice.scopes);
                    self.audit(Event::Granted, &waiting.host, &detail);
                }
                None => self.audit(Event::Refused, &waiting.host, "denied on the device page"),
            }
        }
        Ok(answered)
    }

    /// A program asks whether its code was confirmed (RFC 8628, 3.4 and 3.5).
    pub(super) fn poll_device(
        &self,
        wallet: &UnlockedWallet,
        client: &Client,
        params: &Params<'_>,
        issuer: &str,
    ) -> Result<TokenAnswer, TokenError> {
        let presented = params.required("device_code")?;
        let now = self.now();
        let polled = self
            .state()
            .poll_device(wallet.id(), &hash(presented), |row, grant| {
                let told =
                    |code, why: &str| Ok::<_, TokenError>((None, Err(OAuthError::new(code, why))));
                if row.client != client.id() {
                    return told(
                        ErrorCode::InvalidGrant,
                        "the code was given to another client",
                    );
                }
                if row.expires <= now.as_millis() {
                    return told(ErrorCode::ExpiredToken, "the code has expired");
                }
                let quiet = now.as_millis().saturating_sub(row.polled);
                let hasty = row.polled != 0 && quiet < row.interval;
                row.polled = now.as_millis();
                if hasty {
                    row.interval += INTERVAL.as_millis() as u64;
                    return told(ErrorCode::SlowDown, "ask less often");
                }
                match (row.answer, grant) {
                    (DeviceAnswer::Denied, _) => told(ErrorCode::AccessDenied, "the owner said no"),
                    (DeviceAnswer::Allowed, Some(grant)) => {
                        let scopes = Scopes::from_stored(&grant.scopes);
                        let (tokens, minted) = self.mint(wallet, grant, scopes, now)?;
                        Ok((Some(tokens), Ok((minted, grant.clone()))))
                    }
                    (DeviceAnswer::Allowed, None) => {
                        told(ErrorCode::InvalidGrant, "what was allowed is revoked")
                    }
                    (DeviceAnswer::Pending, _) => told(
                        ErrorCode::AuthorizationPending,
                        "the owner has not answered yet",
                    ),
                }
            })?;
        let unknown = || OAuthError::new(ErrorCode::InvalidGrant, "unknown device code");
        let (minted, grant) = polled.ok_or_else(unknown)??;
        self.answer(wallet, minted, &grant, None, issuer)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_user_code_is_read_as_people_type_it() {
        let code = UserCode::read("BCDF-GHJK").unwrap();
        for typed in ["bcdfghjk", " bcdf ghjk ", "BcDf-gHjK"] {
            assert_eq!(UserCode::read(typed).as_ref(), Some(&code), "{typed}");
        }
        for typed in [
            "",
            "BCDF-GHJ",
            "BCDF-GHJKL",
            "ACDF-GHJK",
            "BCDF GHJ1",
            "ÄCDFGHJK",
        ] {
            assert_eq!(UserCode::read(typed), None, "{typed}");
        }
        assert_eq!(code.shown(), "BCDF-GHJK");
    }

    #[test]
    fn every_letter_is_as_likely() {
        let all: Vec<u8> = (0..=255).collect();
        let usable = all.iter().filter(|byte| **byte < 240).count();
        assert_eq!(usable % LETTERS.len(), 0);
        assert_eq!(UserCode::from_bytes(&[255; 32]), None);
        assert_eq!(UserCode::from_bytes(&[0; 8]).unwrap().shown(), "BBBB-BBBB");
        let mixed = [240, 1, 243, 21, 239, 0, 19, 20, 60, 2];
        assert_eq!(UserCode::from_bytes(&mixed).unwrap().shown(), "CCZB-ZBBD");
    }
}
