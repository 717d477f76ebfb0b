//! Why an operation on identities is refused.

use crate::crypto::keys::KeyError;

use super::BapId;
use super::attributes::AttributeError;
use super::limits::{MAX_RECORD_LEN, MAX_TEXT_LEN};

/// Why an operation on identities is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// A BAP ID that the wallet does not have.
    #[error("identity `{0}` is not one of this wallet")]
    Unknown(BapId),
    /// Two records of one identity.
    #[error("identity `{0}` is there already")]
    Duplicate(BapId),
    /// A record whose keys are not what the root key derives.
    #[error("identity `{id}` does not belong to this root key at `{path}`")]
    Foreign {
        /// The BAP ID the record claims.
        id: String,
        /// Where it claims to be derived.
        path: String,
    },
    /// A derivation that is not `bap:{n}` or `bap:{n}:{r}`.
    #[error("identity `{id}` is derived at `{path}`, which is not supported")]
    UnsupportedPath {
        /// The BAP ID the record claims.
        id: String,
        /// Where it is derived.
        path: String,
    },
    /// An identity that needs a secret which is not derived from the root key.
    #[error("identity `{0}` was made with a seed of its own, which is not supported")]
    OwnSeed(String),
    /// No counter or rotation is left, or there are too many identities.
    #[error("no further identity or rotation is possible")]
    Exhausted,
    /// A record over [`MAX_RECORD_LEN`].
    #[error("names and attributes of all identities take more than {MAX_RECORD_LEN} bytes")]
    TooLarge,
    /// A name or description over [`MAX_TEXT_LEN`] or, given here, with
    /// control characters, or an empty name.
    #[error("an identity's name has 1 to {MAX_TEXT_LEN} bytes and no control characters")]
    Name,
    /// An attribute that is refused.
    #[error(transparent)]
    Attribute(#[from] AttributeError),
    /// A record that is not what was sealed.
    #[error("the record of identities is damaged or from a newer version")]
    Record,
    /// A key could not be derived.
    #[error(transparent)]
    Key(#[from] KeyError),
}
