//! A file's signature in a file of its own: who signed what, and when.
//!
//! ```json
//! {"address":"1…","bapID":"…","file":"release.tar.gz","format":"tokenpass-file-1",
//!  "publicKey":"02…","sha256":"…","signature":"H…","size":1234,
//!  "statementSignature":"QkIz…","time":"2026-01-02T03:04:05.678Z"}
//! ```
//!
//! It has two signatures of one key:
//!
//! - `signature` is the BSM of the file's bytes, so that every program that
//!   verifies such signatures agrees, given the file and the address.
//! - `statementSignature` binds all else: BRC-77, for anyone, over the statement.
//!   That is the document without its two signatures, as JSON in the order of the
//!   fields' names and without white space (RFC 8785).
//!
//! The statement is not signed as a BSM, because a file that somebody else wrote
//! may be a statement itself: who signs that file has not signed what it says.
//! BRC-77 signs with another key, derived for the purpose, and is used here and
//! for requests only, whose text is no JSON.
//!
//! The BAP ID is what the signer says: on its own, no key shows which it is of.

use std::str::FromStr;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde::Serialize;
use serde_json::{Map, Value};
use thiserror::Error;

use super::{Hashed, Signer, Timestamp, UnlockedWallet, WalletError};
use crate::crypto::brc77::{self, Verifier};
use crate::crypto::bsm::{self, Signature};
use crate::crypto::keys::{Address, PublicKey};
use crate::identity::{self, BapId};

/// Names this format, in the statement.
const FORMAT: &str = "tokenpass-file-1";

/// What is signed besides the file's bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Statement {
    /// The signer's address.
    pub address: Address,
    /// The signer's BAP ID, as the signer says.
    #[serde(rename = "bapID", skip_serializing_if = "Option::is_none")]
    pub bap_id: Option<BapId>,
    /// The file's name, without its folder.
    pub file: String,
    /// The signer's public key.
    pub public_key: PublicKey,
    /// The file's SHA-256, hex.
    pub sha256: String,
    /// The file's length in bytes.
    pub size: u64,
    /// When it was signed, RFC 3339.
    #[serde(serialize_with = "as_text")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub time: Timestamp,
}

/// A statement with its signatures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct FileSignature {
    /// Who, what and when.
    #[serde(flatten)]
    pub statement: Statement,
    format: &'static str,
    #[serde(serialize_with = "as_text")]
    #[cfg_attr(test, schemars(with = "Signature"))]
    signature: Signature,
    statement_signature: String,
}

/// Why a document is no signature of a file.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FileSignatureError {
    /// Not a JSON object.
    #[error("it is not a signature as `sign --detach` writes it")]
    NotOne,
    /// Of another version, or something else.
    #[error("its `format` is not `{FORMAT}`")]
    Format,
    /// A field is missing, or not what it should be.
    #[error("its `{0}` is missing or malformed")]
    Field(&'static str),
    /// A field of which nothing is known, and so not what was signed.
    #[error("it has a field that no such signature has")]
    Unknown,
}

/// Why a signature does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Mismatch {
    /// The statement, or its signature, was altered.
    #[error("what it says of signer, file and time was not signed by its key")]
    Statement,
    /// Another length.
    #[error("the file has {is} bytes, and one of {signed} was signed")]
    Size {
        /// The file's length.
        is: u64,
        /// The length that was signed.
        signed: u64,
    },
    /// Another content.
    #[error("the file is not the one that was signed: its SHA-256 is another")]
    Content,
    /// The BSM of the file does not fit.
    #[error("the signature does not fit the file and the address")]
    Signature,
}

impl UnlockedWallet {
    /// Signs a file of which this was read. `bap_id` is what the signer says of
    /// itself.
    pub fn sign_file(
        &self,
        signer: &Signer,
        file: &str,
        hashed: &Hashed,
        bap_id: Option<BapId>,
    ) -> Result<FileSignature, WalletError> {
        let signed = self.sign_digest(signer, hashed.digest)?;
        let statement = Statement {
            address: *signed.address,
            bap_id,
            file: file.to_owned(),
            public_key: signed.public_key,
            sha256: hex::encode(hashed.sha256),
            size: hashed.size,
            time: self.wallet().now(),
        };
        let key_id = self.wallet().environment().random()?;
        let key = self.signing_key(signer)?;
        let text = statement.text();
        let statement_signature = brc77::sign(&text, &key.private, Verifier::Anyone, key_id);
        Ok(FileSignature {
            statement,
            format: FORMAT,
            signature: signed.signature,
            statement_signature: BASE64_STANDARD.encode(statement_signature),
        })
    }
}

impl Statement {
    /// What is signed.
    fn text(&self) -> Vec<u8> {
        #[derive(Serialize)]
        struct Signed<'a> {
            #[serde(flatten)]
            statement: &'a Statement,
            format: &'a str,
        }
        let signed = Signed {
            statement: self,
            format: FORMAT,
        };
        in_order(&signed)
    }
}

/// JSON in the order of the fields' names, without white space.
fn in_order(value: &impl Serialize) -> Vec<u8> {
    let value = serde_json::to_value(value).expect("texts and a number are JSON");
    identity::json(&value).to_vec()
}

impl FileSignature {
    /// The document, as it stands in a file.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        let mut document = in_order(self);
        document.push(b'\n');
        document
    }

    /// Whether the statement is the signer's, and of a file of this length. The
    /// file need not be read for that.
    ///
    /// # Errors
    /// [`Mismatch`] says what is not.
    pub fn verify_statement(&self, size: Option<u64>) -> Result<(), Mismatch> {
        let statement = &self.statement;
        let signed = BASE64_STANDARD.decode(&self.statement_signature);
        let signer = signed
            .ok()
            .and_then(|signature| brc77::verify(&statement.text(), &signature, None).ok());
        if signer != Some(statement.public_key)
            || statement.public_key.address() != statement.address
        {
            return Err(Mismatch::Statement);
        }
        match size {
            Some(is) if is != statement.size => Err(Mismatch::Size {
                is,
                signed: statement.size,
            }),
            _ => Ok(()),
        }
    }

    /// Whether the signer signed the file of which this was read.
    ///
    /// # Errors
    /// [`Mismatch`] says what is not.
    pub fn verify(&self, hashed: &Hashed) -> Result<(), Mismatch> {
        self.verify_statement(Some(hashed.size))?;
        if hex::encode(hashed.sha256) != self.statement.sha256 {
            return Err(Mismatch::Content);
        }
        let fits = bsm::verify_digest(hashed.digest, &self.signature, &self.statement.address);
        fits.then_some(()).ok_or(Mismatch::Signature)
    }
}

impl FromStr for FileSignature {
    type Err = FileSignatureError;

    fn from_str(document: &str) -> Result<Self, FileSignatureError> {
        let document = serde_json::from_str(document).map_err(|_| FileSignatureError::NotOne)?;
        let mut fields = Fields(document);
        if fields.text("format").ok().as_deref() != Some(FORMAT) {
            return Err(FileSignatureError::Format);
        }
        let bap_id = match fields.0.contains_key("bapID") {
            true => Some(fields.parsed("bapID")?),
            false => None,
        };
        let statement = Statement {
            address: fields.parsed("address")?,
            bap_id,
            file: fields.text("file")?,
            public_key: fields.parsed("publicKey")?,
            sha256: fields.text("sha256")?,
            size: fields.number("size")?,
            time: fields.parsed("time")?,
        };
        let signature = Self {
            statement,
            format: FORMAT,
            signature: fields.parsed("signature")?,
            statement_signature: fields.text("statementSignature")?,
        };
        match fields.0.is_empty() {
            true => Ok(signature),
            false => Err(FileSignatureError::Unknown),
        }
    }
}

/// The fields that were not taken yet.
struct Fields(Map<String, Value>);

impl Fields {
    fn text(&mut self, name: &'static str) -> Result<String, FileSignatureError> {
        match self.0.remove(name) {
            Some(Value::String(text)) => Ok(text),
            _ => Err(FileSignatureError::Field(name)),
        }
    }

    fn parsed<T: FromStr>(&mut self, name: &'static str) -> Result<T, FileSignatureError> {
        let parsed = self.text(name)?.parse();
        parsed.map_err(|_| FileSignatureError::Field(name))
    }

    fn number(&mut self, name: &'static str) -> Result<u64, FileSignatureError> {
        let number = self.0.remove(name).and_then(|value| value.as_u64());
        number.ok_or(FileSignatureError::Field(name))
    }
}

fn as_text<T: ToString, S: serde::Serializer>(value: &T, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_str(&value.to_string())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_statement_is_json_in_the_order_of_names() {
        let statement = Statement {
            address: "19d583MBo2AMSNZVgGhBoUvjanMDYuj3Bz".parse().unwrap(),
            bap_id: Some("2ZHQjomPDgD7hMkHEcBioKj8f3y9".parse().unwrap()),
            file: "a \"b\"\n€.txt".to_owned(),
            public_key: "02c0ded2bc1f1305fb0faac5e6c03ee3a1924234985427b6167ca569d13df435cf"
                .parse()
                .unwrap(),
            sha256: "00".repeat(32),
            size: 12,
            time: Timestamp::from_millis(1_767_323_045_678),
        };
        let text = String::from_utf8(statement.text()).unwrap();
        let expected = concat!(
            r#"{"address":"19d583MBo2AMSNZVgGhBoUvjanMDYuj3Bz","#,
            r#""bapID":"2ZHQjomPDgD7hMkHEcBioKj8f3y9","file":"a \"b\"\n€.txt","#,
            r#""format":"tokenpass-file-1","#,
            r#""publicKey":"02c0ded2bc1f1305fb0faac5e6c03ee3a1924234985427b6167ca569d13df435cf","#,
            r#""sha256":"0000000000000000000000000000000000000000000000000000000000000000","#,
            r#""size":12,"time":"2026-01-02T03:04:05.678Z"}"#,
        );
        assert_eq!(text, expected);
    }
}
