//! Refusals: one document, and one enum of its codes.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[cfg(test)]
use schemars::JsonSchema;

/// What kind of refusal it is, for a program to act on; a number on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum ErrorCode {
    /// Everything that has no code of its own.
    #[default]
    Other = 0,
    /// The wallet is locked.
    Locked = 1,
    /// No `Authorization`.
    TokenMissing = 2,
    /// The token is unknown or was revoked.
    TokenUnknown = 3,
    /// The token has expired.
    TokenExpired = 5,
    /// The token lacks the scope, or may not spend as much.
    ScopeMissing = 6,
    /// The origin is not approved, or not for what it asks.
    OriginRefused = 7,
    /// The password is wrong.
    WrongPassword = 8,
    /// A password is needed.
    PasswordNeeded = 9,
    /// There is no wallet yet.
    NoWallet = 10,
    /// There is a wallet already.
    WalletExists = 11,
    /// Too many attempts, or too many requests.
    TooManyAttempts = 12,
}

impl ErrorCode {
    /// All codes.
    pub(crate) const ALL: [Self; 12] = [
        Self::Other,
        Self::Locked,
        Self::TokenMissing,
        Self::TokenUnknown,
        Self::TokenExpired,
        Self::ScopeMissing,
        Self::OriginRefused,
        Self::WrongPassword,
        Self::PasswordNeeded,
        Self::NoWallet,
        Self::WalletExists,
        Self::TooManyAttempts,
    ];

    /// The number that is sent.
    #[must_use]
    pub(crate) fn number(self) -> u8 {
        self as u8
    }
}

impl Serialize for ErrorCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.number())
    }
}

/// A number that is not known, of a later server, is as good as none.
impl<'de> Deserialize<'de> for ErrorCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = u64::deserialize(deserializer)?;
        let known = Self::ALL
            .into_iter()
            .find(|code| u64::from(code.number()) == number);
        Ok(known.unwrap_or(Self::Other))
    }
}

/// Every answer that is not 200 or 204.
#[derive(Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(JsonSchema), schemars(rename = "Error"))]
pub(crate) struct ErrorAnswer {
    /// 1 wallet locked; 2 no `Authorization`; 3 unknown or revoked token; 5
    /// token expired; 6 token lacks the scope or may not spend as much; 7 origin not approved; 8 wrong
    /// password; 9 password needed; 10 no wallet yet; 11 a wallet exists; 12
    /// too many attempts; 0 everything else.
    #[serde(default)]
    pub(crate) code: ErrorCode,
    /// What is wrong and why, for a person to read. Never a secret.
    pub(crate) error: String,
    /// Where a person can mend it.
    #[serde(rename = "errorURL", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "String", extend("format" = "uri")))]
    pub(crate) error_url: Option<String>,
    /// Always false.
    #[serde(default)]
    #[cfg_attr(test, schemars(extend("const" = false)))]
    success: bool,
}

impl ErrorAnswer {
    /// A refusal that no person can mend.
    #[must_use]
    pub(crate) fn new(code: ErrorCode, error: String) -> Self {
        Self {
            error,
            code,
            success: false,
            error_url: None,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_it_is_written() {
        for code in ErrorCode::ALL {
            let number = serde_json::to_string(&code).unwrap();
            assert_eq!(number, code.number().to_string());
            assert_eq!(serde_json::from_str::<ErrorCode>(&number).unwrap(), code);
        }
        let later: ErrorCode = serde_json::from_str("999").unwrap();
        assert_eq!(later, ErrorCode::Other);
    }
}
