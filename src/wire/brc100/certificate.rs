//! Certificates: arguments and answers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::check::{base64, hex, key, length, outpoint, whole};
use super::param::{BadArgument, Param, Sent};
use crate::crypto::brc100::Counterparty;
use crate::crypto::keys::PublicKey;
use crate::identity::certificate::{Certificate, CertificateId};

/// How many are listed unless told otherwise, and at most.
const LISTED: u64 = 10;
const MOST_LISTED: u64 = 10_000;

/// Every argument that a method for certificates knows.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct CertificateArgs {
    #[serde(rename = "type")]
    kind: Param<String>,
    serial_number: Param<String>,
    certifier: Param<String>,
    revocation_outpoint: Param<String>,
    signature: Param<String>,
    fields: Param<Texts>,
    acquisition_protocol: Param<String>,
    keyring_revealer: Param<String>,
    keyring_for_subject: Param<Texts>,
    certifiers: Param<Vec<String>>,
    types: Param<Vec<String>>,
    limit: Param<f64>,
    offset: Param<f64>,
    certificate: Param<Sought>,
    fields_to_reveal: Param<Vec<String>>,
    verifier: Param<String>,
    privileged: Param<bool>,
}

type Texts = BTreeMap<String, String>;

/// Which certificate is meant: all that is given must fit.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Sought {
    #[serde(rename = "type")]
    kind: Param<String>,
    serial_number: Param<String>,
    certifier: Param<String>,
    subject: Param<String>,
    revocation_outpoint: Param<String>,
    signature: Param<String>,
}

impl Sent for Sought {
    const IS: &'static str = "a certificate";

    fn of(value: Value) -> Option<Self> {
        let object = value.is_object().then_some(value)?;
        serde_json::from_value(object).ok()
    }
}

impl Sent for Texts {
    const IS: &'static str = "an object of strings";

    fn of(value: Value) -> Option<Self> {
        serde_json::from_value(value).ok()
    }
}

impl Sent for Vec<String> {
    const IS: &'static str = "an array of strings";

    fn of(value: Value) -> Option<Self> {
        serde_json::from_value(value).ok()
    }
}

impl Sent for f64 {
    const IS: &'static str = "an integer";

    fn of(value: Value) -> Option<Self> {
        value.as_f64()
    }
}

/// Which certificates are listed.
pub(crate) struct Wanted {
    certifiers: Vec<String>,
    types: Vec<String>,
    pub(crate) limit: usize,
    pub(crate) offset: usize,
}

impl CertificateArgs {
    /// # Errors
    /// The call is privileged.
    pub(crate) fn refuse_privilege(&self) -> Result<(), BadArgument> {
        self.privileged.refuse_privilege()
    }

    /// # Errors
    /// What the SDK refuses, in its words.
    pub(crate) fn wanted(&self) -> Result<Wanted, BadArgument> {
        Ok(Wanted {
            certifiers: each("certifiers", &self.certifiers, hex)?,
            types: each("types", &self.types, base64)?,
            limit: whole("limit", &self.limit, LISTED, 1..=MOST_LISTED)?,
            offset: whole("offset", &self.offset, 0, 0..=u64::MAX)?,
        })
    }

    /// A certificate that is brought complete, of this subject.
    ///
    /// # Errors
    /// What the SDK refuses, in its words; and `issuance`, for which this wallet
    /// would have to speak to the certifier.
    pub(crate) fn brought(
        &self,
        subject: PublicKey,
    ) -> Result<(CertificateId, Certificate), BadArgument> {
        let protocol = self.acquisition_protocol.needed("acquisitionProtocol")?;
        match protocol.as_str() {
            "direct" => {}
            "issuance" => {
                let what = "`direct`: this wallet speaks to no certifier";
                return Err(BadArgument::must_be("acquisitionProtocol", what));
            }
            other => {
                let what = format!("valid. {other} is unrecognized.");
                return Err(BadArgument::must_be("acquisitionProtocol", what));
            }
        }
        let serial_number = direct("serialNumber", &self.serial_number)?;
        let signature = direct("signature", &self.signature)?;
        let revoked_at = direct("revocationOutpoint", &self.revocation_outpoint)?;
        let revealer = direct("keyringRevealer", &self.keyring_revealer)?;
        let keyring = self.keyring_for_subject.optional("keyringForSubject")?;
        let keyring = keyring.ok_or_else(|| only_direct("keyringForSubject"))?;
        let id = CertificateId {
            kind: base64("type", self.kind.needed("type")?)?,
            serial_number: base64("serialNumber", serial_number)?,
            certifier: key("certifier", self.certifier.needed("certifier")?)?,
        };
        let revocation_outpoint = outpoint("revocationOutpoint", revoked_at)?;
        let fields = self.fields.needed("fields")?;
        for name in fields.keys() {
            length("field name", name)?;
        }
        let signature = hex("signature", signature)?;
        let revealer = match revealer.as_str() {
            "certifier" => id.certifier,
            other => key("keyringRevealer", other)?,
        };
        for (name, value) in keyring {
            length("keyringForSubject field name", name)?;
            base64("keyringForSubject field value", value)?;
        }
        let certificate = Certificate {
            subject,
            revocation_outpoint,
            signature,
            fields: fields.clone(),
            keyring: keyring.clone(),
            revealer,
        };
        Ok((id, certificate))
    }

    /// The certificate that is meant by all three.
    ///
    /// # Errors
    /// What the SDK refuses, in its words.
    pub(crate) fn id(&self) -> Result<CertificateId, BadArgument> {
        Ok(CertificateId {
            kind: base64("type", self.kind.needed("type")?)?,
            serial_number: base64("serialNumber", self.serial_number.needed("serialNumber")?)?,
            certifier: key("certifier", self.certifier.needed("certifier")?)?,
        })
    }

    /// Which certificate is to be proved, which of its fields, and to whom.
    ///
    /// # Errors
    /// What the SDK refuses, in its words.
    pub(crate) fn proof(&self) -> Result<(&Sought, &[String], Counterparty), BadArgument> {
        let sought = self.certificate.needed("certificate")?;
        sought.check()?;
        let fields = self.fields_to_reveal.optional("fieldsToReveal")?;
        let fields = fields.map_or(&[][..], Vec::as_slice);
        for name in fields {
            length(&format!("fieldsToReveal {name}"), name)?;
        }
        let verifier = key("verifier", self.verifier.needed("verifier")?)?;
        Ok((sought, fields, Counterparty::Key(verifier)))
    }
}

impl Wanted {
    /// Whether it is one of them; a list that is empty leaves nothing out.
    pub(crate) fn has(&self, id: &CertificateId) -> bool {
        let certifier = id.certifier.to_string();
        (self.certifiers.is_empty() || self.certifiers.contains(&certifier))
            && (self.types.is_empty() || self.types.contains(&id.kind))
    }
}

impl Sought {
    fn check(&self) -> Result<(), BadArgument> {
        for (name, sent) in [
            ("certificate.type", &self.kind),
            ("certificate.serialNumber", &self.serial_number),
        ] {
            sent.optional(name)?
                .map(|text| base64(name, text))
                .transpose()?;
        }
        for (name, sent) in [
            ("certificate.certifier", &self.certifier),
            ("certificate.subject", &self.subject),
            ("certificate.signature", &self.signature),
        ] {
            sent.optional(name)?
                .map(|text| hex(name, text))
                .transpose()?;
        }
        let name = "certificate.revocationOutpoint";
        let revoked_at = self.revocation_outpoint.optional(name)?;
        revoked_at.map(|text| outpoint(name, text)).transpose()?;
        Ok(())
    }

    /// Whether all that is given fits.
    pub(crate) fn fits(&self, id: &CertificateId, certificate: &Certificate) -> bool {
        let same = |sent: &Param<String>, value: &str| match sent {
            Param::Given(text) => text.trim().eq_ignore_ascii_case(value),
            _ => true,
        };
        let exactly = |sent: &Param<String>, value: &str| match sent {
            Param::Given(text) => text.trim() == value,
            _ => true,
        };
        exactly(&self.kind, &id.kind)
            && exactly(&self.serial_number, &id.serial_number)
            && same(&self.certifier, &id.certifier.to_string())
            && same(&self.subject, &certificate.subject.to_string())
            && same(&self.revocation_outpoint, &certificate.revocation_outpoint)
            && same(&self.signature, &certificate.signature)
    }
}

/// A certificate as it is shown.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CertificateIs<'a> {
    pub(crate) fields: &'a Texts,
    #[serde(flatten)]
    pub(crate) id: &'a CertificateId,
    /// In a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) keyring: Option<&'a Texts>,
    pub(crate) revocation_outpoint: &'a str,
    pub(crate) signature: &'a str,
    pub(crate) subject: PublicKey,
}

impl<'a> CertificateIs<'a> {
    pub(crate) fn of((id, certificate): (&'a CertificateId, &'a Certificate)) -> Self {
        Self {
            id,
            subject: certificate.subject,
            revocation_outpoint: &certificate.revocation_outpoint,
            signature: &certificate.signature,
            fields: &certificate.fields,
            keyring: None,
        }
    }

    pub(crate) fn with_keyring((id, certificate): (&'a CertificateId, &'a Certificate)) -> Self {
        Self {
            keyring: Some(&certificate.keyring),
            ..Self::of((id, certificate))
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CertificateList<'a> {
    pub(crate) total_certificates: usize,
    pub(crate) certificates: Vec<CertificateIs<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProvenCertificate {
    /// The fields' keys, encrypted for the verifier, base64.
    pub(crate) keyring_for_verifier: Texts,
}

#[derive(Serialize)]
pub(crate) struct Relinquished {
    pub(crate) relinquished: bool,
}

fn each(
    name: &str,
    sent: &Param<Vec<String>>,
    check: fn(&str, &str) -> Result<String, BadArgument>,
) -> Result<Vec<String>, BadArgument> {
    let given = sent.needed(name)?.iter();
    given.map(|text| check(name, text)).collect()
}

fn direct<'a>(name: &str, sent: &'a Param<String>) -> Result<&'a String, BadArgument> {
    let given = sent.optional(name)?.filter(|text| !text.is_empty());
    given.ok_or_else(|| only_direct(name))
}

fn only_direct(name: &str) -> BadArgument {
    BadArgument::must_be(name, "valid when acquisitionProtocol is \"direct\"")
}
