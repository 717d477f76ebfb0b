//! A message in its envelope, which says who signed it.

use super::signature_file;
use crate::cli::error::CliError;
use crate::crypto::bsm::{MessageDigest, Signature};
use crate::crypto::signer_address::SignerAddress;
use crate::text::envelope;

/// A message with what is claimed of it.
pub(super) struct Signed {
    message: Vec<u8>,
    signature: Signature,
    pub(super) address: SignerAddress,
}

impl Signed {
    /// Reads the envelope.
    pub(super) fn read(text: &str) -> Result<Self, CliError> {
        let wrong = |error: &dyn std::error::Error| CliError::input(error.to_string());
        let read = envelope::read(text).ok_or_else(|| {
            CliError::input_hint(
                "missing `--address <ADDRESS>`, `--signature <SIGNATURE>`",
                "`tokenpass verify --help` says more",
            )
        })?;
        let envelope = read.map_err(|error| wrong(&error))?;
        let address = envelope
            .address
            .ok_or_else(|| CliError::input("the signed message does not say who signed it"))?;
        let mut signed = Self {
            address: address.parse().map_err(|error| wrong(&error))?,
            signature: envelope.signature.parse().map_err(|error| wrong(&error))?,
            message: envelope.message.into_bytes(),
        };
        if !signed.check()? {
            // Whoever signed on Windows may have signed its line ends.
            let lines = signed.message.split(|byte| *byte == b'\n');
            signed.message = lines.collect::<Vec<_>>().join(&b"\r\n"[..]);
        }
        Ok(signed)
    }

    /// Whether the claim holds.
    pub(super) fn check(&self) -> Result<bool, CliError> {
        let digest = MessageDigest::of(&self.message);
        signature_file::check(digest, &self.signature, &self.address)
    }
}
