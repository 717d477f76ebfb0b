//! Identity certificates (BRC-52): a certifier's word on encrypted fields.
//!
//! The signature is over `type | serial number | subject 33 | certifier 33 |
//! txid 32 | varint output | varint count | (varint length, name, varint length,
//! value)…`, the fields in the order of their names' UTF-16 units, and everything
//! that is base64 or hex as its bytes, but for the values. It is made under
//! `[2, "certificate signature"]` and the key id `TYPE SERIAL`, for anyone.

use std::collections::BTreeMap;

use base64::alphabet;
use base64::engine::{DecodePaddingMode, Engine as _, GeneralPurpose, GeneralPurposeConfig};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::crypto::brc43::{Invoice, Protocol, SecurityLevel};
use crate::crypto::brc100::{self, Counterparty, Half, WalletKey};
use crate::crypto::bsm::varint;
use crate::crypto::keys::PublicKey;

/// Padded or not, as JavaScript takes it; written padded.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

type Secret = Zeroizing<Vec<u8>>;

/// Why a certificate is not taken, or a field not revealed; in the SDK's words
/// where it has some.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// By its certifier, over these fields, for this wallet.
    #[error("Signature is not valid")]
    Signature,
    /// The keyring does not open them.
    #[error("Failed to decrypt all master certificate fields.")]
    Fields,
    /// One that is not there.
    #[error(
        "Fields to reveal must be a subset of the certificate fields. Missing the \"{0}\" field."
    )]
    NoField(String),
    /// Beyond what is kept.
    #[error("there are too many certificates")]
    TooMany,
}

/// Which certificate: no two have all three in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CertificateId {
    /// Base64.
    #[serde(rename = "type")]
    pub kind: String,
    /// Base64.
    pub serial_number: String,
    /// Who issued it.
    pub certifier: PublicKey,
}

/// What this wallet has of a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Certificate {
    /// Whom it is about.
    pub subject: PublicKey,
    /// `txid.output`, in hex and decimal: it holds as long as that is unspent.
    pub revocation_outpoint: String,
    /// DER, hex.
    pub signature: String,
    /// Encrypted values, base64, by name.
    pub fields: BTreeMap<String, String>,
    /// The fields' keys, encrypted for the subject, base64, by name.
    pub keyring: BTreeMap<String, String>,
    /// Who encrypted the keyring.
    pub revealer: PublicKey,
}

impl Certificate {
    /// Whether the certifier signed it, and its keyring opens every field.
    ///
    /// # Errors
    /// [`CertificateError::Signature`], [`CertificateError::Fields`].
    pub fn check(&self, id: &CertificateId, keys: &WalletKey) -> Result<(), CertificateError> {
        if !self.is_signed(id).unwrap_or(false) {
            return Err(CertificateError::Signature);
        }
        let opens = |name: &String| self.open(keys, name).is_some();
        if self.fields.keys().all(opens) {
            Ok(())
        } else {
            Err(CertificateError::Fields)
        }
    }

    fn is_signed(&self, id: &CertificateId) -> Option<bool> {
        let invoice = invoice("certificate signature", &id.of_signature())?;
        let digest = Sha256::digest(self.signed_text(id)?).into();
        let signature = hex::decode(&self.signature).ok()?;
        let certifier = Counterparty::Key(id.certifier);
        WalletKey::anyones()
            .verify(&invoice, certifier, Half::Theirs, digest, &signature)
            .ok()
    }

    fn signed_text(&self, id: &CertificateId) -> Option<Vec<u8>> {
        let (txid, output) = self.revocation_outpoint.split_once('.')?;
        let mut text = BASE64.decode(&id.kind).ok()?;
        text.extend(BASE64.decode(&id.serial_number).ok()?);
        text.extend(self.subject.to_bytes());
        text.extend(id.certifier.to_bytes());
        text.extend(hex::decode(txid).ok()?);
        put_varint(&mut text, output.parse().ok()?);
        put_varint(&mut text, self.fields.len() as u64);
        let mut fields: Vec<_> = self.fields.iter().collect();
        fields.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
        for part in fields.into_iter().flat_map(|(name, value)| [name, value]) {
            put_varint(&mut text, part.len() as u64);
            text.extend(part.bytes());
        }
        Some(text)
    }

    /// A field's value; `None` if the keyring does not open it.
    #[must_use]
    pub fn value(&self, keys: &WalletKey, name: &str) -> Option<Zeroizing<String>> {
        let (_, value) = self.open(keys, name)?;
        Some(Zeroizing::new(String::from_utf8_lossy(&value).into_owned()))
    }

    /// The key of a field.
    ///
    /// # Errors
    /// There is no such field, or its keyring does not open it.
    pub fn key_of_field(
        &self,
        keys: &WalletKey,
        name: &str,
    ) -> Result<Zeroizing<Vec<u8>>, CertificateError> {
        if self.fields.get(name).is_none_or(String::is_empty) {
            return Err(CertificateError::NoField(name.to_owned()));
        }
        let opened = self.open(keys, name).ok_or(CertificateError::Fields)?;
        Ok(opened.0)
    }

    /// The key of a field, as the certifier wrote it, and its value.
    fn open(&self, keys: &WalletKey, name: &str) -> Option<(Secret, Secret)> {
        let sealed = BASE64.decode(self.keyring.get(name)?).ok()?;
        let with = Counterparty::Key(self.revealer);
        let key = keys.decrypt(&field_invoice(name)?, with, &sealed).ok()??;
        let value = BASE64.decode(self.fields.get(name)?).ok()?;
        let value = brc100::open(&key, &value)?;
        Some((key, value))
    }
}

impl CertificateId {
    /// The key id of its signature.
    fn of_signature(&self) -> String {
        format!("{} {}", self.kind, self.serial_number)
    }

    /// The key that a verifier opens a field's key with.
    #[must_use]
    pub fn field_invoice(&self, name: &str) -> Option<Invoice> {
        field_invoice(&format!("{} {name}", self.serial_number))
    }
}

/// How a keyring is written.
#[must_use]
pub fn base64(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

fn field_invoice(key_id: &str) -> Option<Invoice> {
    invoice("certificate field encryption", key_id)
}

fn invoice(name: &str, key_id: &str) -> Option<Invoice> {
    let protocol = Protocol::new(SecurityLevel::PerCounterparty, name).ok()?;
    protocol.invoice(key_id).ok()
}

fn put_varint(out: &mut Vec<u8>, number: u64) {
    let (bytes, length) = varint(number);
    out.extend(&bytes[..length]);
}
