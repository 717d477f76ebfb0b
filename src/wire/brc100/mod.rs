//! The BRC-100 wallet interface: arguments, and answers.
//!
//! Byte strings are arrays of numbers. An argument is read as it comes; what it
//! may be is said by the method that needs it, in the SDK's words.

mod answer;
mod args;
mod certificate;
mod check;
mod param;

pub(crate) use answer::{
    Authenticated, Ciphertext, Fault, FaultStatus, Hmac, LinkageOfKey, LinkageWith, Locked,
    Network, Plaintext, PublicKeyIs, Signature, Valid, Version,
};
pub(crate) use args::{KeyArgs, KeyName, OF_ITSELF};
pub(crate) use certificate::{
    CertificateArgs, CertificateIs, CertificateList, ProvenCertificate, Relinquished,
};
pub(crate) use param::{BadArgument, Param};

/// The port that the ecosystem's wallet clients look for.
pub(crate) const DEFAULT_PORT: u16 = 3321;
