//! What is wrong with an encoded key, whichever encoding it is.

use super::kind::Kind;

/// What is wrong with an encoded key. Never says a value: it may be secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// A character outside the alphabet; its place, counted from 1.
    #[error("character {0} does not belong there")]
    Character(usize),
    /// Too long or too short.
    #[error("it is too long or too short")]
    Length,
    /// The checksum does not match the rest.
    #[error("its checksum is wrong, look for a typing error")]
    Checksum,
    /// Another network, or another kind of data.
    #[error("it is for another network or another purpose")]
    Version,
    /// A private key of zero, or not below the order of the curve.
    #[error("it is out of range")]
    Range,
    /// Coordinates of no point of the curve, or an encoding SEC 1 does not fix.
    #[error("it is not a point on the curve")]
    Point,
    /// An extended key that is not the master key.
    #[error("it is a derived key of depth {0}, not the master key")]
    Depth(u8),
    /// What it is instead.
    #[error("it is {0}")]
    Other(Kind),
}
