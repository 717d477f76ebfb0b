//! What an output on chain says of a BAP identity: [`op_return`](super::op_return)
//! the other way round. What is read may be anybody's.

use super::BapId;
use super::aip::{self, AipError, BAR, Signed};
use super::op_return::PREFIX;
use crate::crypto::keys::Address;

/// What an output says of a BAP identity, whoever signed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Statement {
    /// An identity's signing address.
    Id {
        /// The identity.
        id: BapId,
        /// Its signing address from now on.
        address: Address,
    },
    /// An identity's profile.
    Alias {
        /// The identity.
        id: BapId,
        /// JSON, as it stands there.
        profile: String,
    },
    /// What a hash stands for is attested.
    Attest {
        /// The attestation hash.
        hash: String,
        /// The highest counts.
        sequence: String,
    },
    /// An attestation is withdrawn.
    Revoke {
        /// The attestation hash.
        hash: String,
        /// The highest counts.
        sequence: String,
    },
    /// What an attestation was made over.
    Data {
        /// The attestation hash.
        hash: String,
        /// The data, as it stands there.
        data: String,
    },
}

/// What is wrong with an output that claims to be BAP's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PublishedError {
    /// Not one of BAP's statements, or one that is cut short.
    #[error("it begins as BAP does, but is none of its statements")]
    Statement,
    /// A text that is none.
    #[error("a part of it is not UTF-8")]
    Text,
    /// The signature.
    #[error(transparent)]
    Signature(#[from] AipError),
    /// A signing address that is none.
    #[error("its signing address is not an address")]
    Address,
    /// A BAP ID that is none.
    #[error("its BAP ID is not one")]
    BapId,
    /// A profile that is not a JSON object.
    #[error("its profile is not a JSON object")]
    Profile,
}

/// A signed output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// What it says.
    pub statements: Vec<Statement>,
    /// Who signed all of it.
    pub signed: Signed,
}

impl Published {
    /// Whether the signer's address is the root address of the identity that is
    /// spoken of: then it needs nothing else to be believed. Any other address
    /// must be linked to the identity by earlier outputs.
    #[must_use]
    pub fn is_by_root_of(&self, id: &BapId) -> bool {
        BapId::of_root_address(&self.signed.address) == *id
    }
}

/// Reads the pushes of an output; `None` if it is not BAP's.
#[must_use]
pub fn read(pushes: &[Vec<u8>]) -> Option<Result<Published, PublishedError>> {
    (pushes.first()? == PREFIX.as_bytes()).then(|| read_bap(pushes))
}

fn read_bap(pushes: &[Vec<u8>]) -> Result<Published, PublishedError> {
    let signed = aip::verify(pushes)?;
    // What the last signature covers; the `|` before it stands between protocols.
    let end = pushes
        .iter()
        .rposition(|push| push == aip::PREFIX.as_bytes());
    let covered = &pushes[..end.unwrap_or(pushes.len())];
    let parts = covered.split(|push| push == BAR);
    let statements = parts
        .filter(|part| part.first().is_some_and(|push| push == PREFIX.as_bytes()))
        .map(|part| statement(&part[1..]))
        .collect::<Result<_, _>>()?;
    Ok(Published { statements, signed })
}

fn statement(pushes: &[Vec<u8>]) -> Result<Statement, PublishedError> {
    let texts = pushes
        .iter()
        .map(|push| std::str::from_utf8(push).map_err(|_| PublishedError::Text))
        .collect::<Result<Vec<_>, _>>()?;
    let bap_id = |text: &str| text.parse().map_err(|_| PublishedError::BapId);
    Ok(match texts[..] {
        ["ID", id, address] => Statement::Id {
            id: bap_id(id)?,
            address: address.parse().map_err(|_| PublishedError::Address)?,
        },
        ["ALIAS", id, profile] => {
            serde_json::from_str::<serde_json::Map<_, _>>(profile)
                .map_err(|_| PublishedError::Profile)?;
            Statement::Alias {
                id: bap_id(id)?,
                profile: profile.to_owned(),
            }
        }
        ["ATTEST", hash, sequence] => Statement::Attest {
            hash: hash.to_owned(),
            sequence: sequence.to_owned(),
        },
        ["REVOKE", hash, sequence] => Statement::Revoke {
            hash: hash.to_owned(),
            sequence: sequence.to_owned(),
        },
        ["DATA", hash, data] => Statement::Data {
            hash: hash.to_owned(),
            data: data.to_owned(),
        },
        _ => return Err(PublishedError::Statement),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::IdentityBook;
    use super::super::attributes::AttestationHash;
    use super::super::op_return;
    use super::*;
    use crate::crypto::keys::PrivateKey;

    #[test]
    fn what_is_published_is_read_again_and_nothing_else() {
        let root = PrivateKey::from_bytes(&[7; 32]).unwrap();
        let mut book = IdentityBook::new();
        let ada = book.create(&root, "Ada").unwrap().clone();
        let key = ada.signing_key(&root).unwrap().public_key().address();
        let id = op_return::id(&root, &ada).unwrap();
        let published = read(id.pushes()).unwrap().unwrap();
        let expected = Statement::Id {
            id: ada.id().clone(),
            address: key,
        };
        assert_eq!(published.statements, [expected]);
        assert!(published.is_by_root_of(ada.id()));

        let alias = op_return::alias(&root, &ada, r#"{"a":1}"#).unwrap();
        let published = read(alias.pushes()).unwrap().unwrap();
        assert_eq!(published.signed.address, key);
        assert!(!published.is_by_root_of(ada.id()));

        let hash = AttestationHash::of("urn:bap:id:name:Ada:0", ada.id());
        let attested = op_return::attest(&root, &ada, &hash, 3, Some("text")).unwrap();
        let published = read(attested.pushes()).unwrap().unwrap();
        assert!(matches!(
            &published.statements[..],
            [Statement::Attest { sequence, .. }, Statement::Data { data, .. }]
                if sequence == "3" && data == "text"
        ));

        let mut forged = id.pushes().to_vec();
        forged[3] = b"1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH".to_vec();
        assert!(matches!(
            read(&forged),
            Some(Err(PublishedError::Signature(AipError::Mismatch(_))))
        ));
        assert_eq!(read(&id.pushes()[1..]), None);
        assert_eq!(read(&[]), None);
        assert!(read(&id.pushes()[..4]).unwrap().is_err());
    }
}
