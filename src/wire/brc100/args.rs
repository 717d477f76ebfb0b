//! What the methods that use keys are given.

use serde::Deserialize;
use zeroize::Zeroizing;

use super::param::{BadArgument, Param, SentProtocol};
use crate::crypto::brc43::{Brc43Error, Invoice, Protocol, SecurityLevel, check_key_id};
use crate::crypto::brc100::{Counterparty, Half};
use crate::crypto::keys::PublicKey;

type Bytes = Zeroizing<Vec<u8>>;

/// Every argument that one of these methods knows; each takes what it needs.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct KeyArgs {
    #[serde(rename = "protocolID")]
    pub(crate) protocol_id: Param<SentProtocol>,
    #[serde(rename = "keyID")]
    pub(crate) key_id: Param<String>,
    pub(crate) counterparty: Param<String>,
    for_self: Param<bool>,
    identity_key: Param<bool>,
    pub(crate) verifier: Param<String>,
    pub(crate) data: Param<Bytes>,
    pub(crate) plaintext: Param<Bytes>,
    pub(crate) ciphertext: Param<Bytes>,
    pub(crate) hmac: Param<Bytes>,
    pub(crate) signature: Param<Bytes>,
    pub(crate) hash_to_directly_sign: Param<Bytes>,
    pub(crate) hash_to_directly_verify: Param<Bytes>,
    privileged: Param<bool>,
    seek_permission: Param<bool>,
}

/// Which key: of a protocol, shared with somebody.
pub(crate) struct KeyName {
    pub(crate) protocol: Protocol,
    pub(crate) invoice: Invoice,
    pub(crate) with: Counterparty,
}

impl KeyArgs {
    /// Whether the owner is to be asked for what is not permitted yet.
    ///
    /// # Errors
    /// It is neither true nor false, or the call is privileged.
    pub(crate) fn seeks_permission(&self) -> Result<bool, BadArgument> {
        self.privileged.refuse_privilege()?;
        let seeks = self.seek_permission.optional("seekPermission")?;
        Ok(*seeks.unwrap_or(&true))
    }

    /// The key that is meant; with whom, where nobody is named.
    ///
    /// # Errors
    /// What is no name of a key, as the SDK says it.
    pub(crate) fn key(&self, default: Counterparty) -> Result<KeyName, BadArgument> {
        let sent = self.protocol_id.needed("protocolID")?;
        let key_id = self.key_id.needed("keyID")?;
        // In the SDK's order.
        let level = sent.level.ok_or(Brc43Error::Level);
        let level = level
            .and_then(SecurityLevel::try_from)
            .map_err(of_protocol)?;
        check_key_id(key_id).map_err(of_key_id)?;
        let protocol = Protocol::new(level, &sent.name).map_err(of_protocol)?;
        if protocol.name().starts_with("admin") || protocol.name().starts_with("p ") {
            let text = "Protocol names that begin with \"admin\" or \"p \" are reserved";
            return Err(BadArgument::new("protocolID", text));
        }
        Ok(KeyName {
            invoice: protocol.invoice(key_id).map_err(of_key_id)?,
            protocol,
            with: someone("counterparty", &self.counterparty, Some(default))?,
        })
    }

    /// Whose half of the key is meant.
    ///
    /// # Errors
    /// It is neither true nor false.
    pub(crate) fn half(&self) -> Result<Half, BadArgument> {
        Ok(match self.for_self.is_set("forSelf")? {
            true => Half::Own,
            false => Half::Theirs,
        })
    }

    /// Whether the identity key is meant; else a key must be named.
    ///
    /// # Errors
    /// Neither is.
    pub(crate) fn is_identity_key(&self) -> Result<bool, BadArgument> {
        if self.identity_key.is_set("identityKey")? {
            return Ok(true);
        }
        let is_absent = match &self.key_id {
            Param::Absent => true,
            Param::Given(id) => id.is_empty(),
            Param::Wrong => false,
        };
        if is_absent || matches!(self.protocol_id, Param::Absent) {
            let text = "protocolID and keyID are required if identityKey is false or undefined.";
            let parameter = if is_absent { "keyID" } else { "protocolID" };
            return Err(BadArgument::new(parameter, text));
        }
        Ok(false)
    }

    /// Whose keys are to be told from others'. Those with oneself and with anyone
    /// are no secret between two.
    ///
    /// # Errors
    /// It is nobody's key.
    pub(crate) fn other_party(&self) -> Result<PublicKey, BadArgument> {
        let name = "counterparty";
        match someone(name, &self.counterparty, None)? {
            Counterparty::Key(key) => Ok(key),
            Counterparty::Own => Err(BadArgument::new(name, OF_ITSELF)),
            Counterparty::Anyone => Err(BadArgument::must_be(name, "a public key")),
        }
    }

    /// To whom something is revealed.
    ///
    /// # Errors
    /// It is nobody.
    pub(crate) fn verifier(&self) -> Result<Counterparty, BadArgument> {
        someone("verifier", &self.verifier, None)
    }
}

/// Why a wallet reveals no secret that it shares with itself, in the SDK's words.
pub(crate) const OF_ITSELF: &str = "Counterparty secrets cannot be revealed for counterparty=self.";

fn someone(
    name: &str,
    sent: &Param<String>,
    default: Option<Counterparty>,
) -> Result<Counterparty, BadArgument> {
    let wrong = || {
        BadArgument::new(
            name,
            format!("{name} must be self, anyone or a public key!"),
        )
    };
    match (sent, default) {
        (Param::Absent, Some(default)) => Ok(default),
        (Param::Given(text), _) => text.parse().map_err(|_| wrong()),
        _ => Err(wrong()),
    }
}

fn of_protocol(error: Brc43Error) -> BadArgument {
    BadArgument::new("protocolID", error.to_string())
}

fn of_key_id(error: Brc43Error) -> BadArgument {
    BadArgument::new("keyID", error.to_string())
}
