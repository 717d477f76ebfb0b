//! Identity certificates: sealed in the wallet's row, like identities.

use std::collections::BTreeMap;

use crate::crypto::brc100::Counterparty;
use crate::crypto::keys::PrivateKey;
use crate::crypto::seal::SealingKey;
use crate::identity::certificate::{self, Certificate, CertificateError, CertificateId};
use crate::identity::certificate_book::CertificateBook;
use crate::store::WalletRow;

use super::{Event, UnlockedWallet, Wallet, WalletError};

/// Names the key that certificates are sealed under; not for anything else.
const LABEL: &str = "tokenpass certificates v1";

impl Wallet {
    /// Puts the certificates into a row; none are nothing.
    pub(super) fn seal_certificates(
        &self,
        root: &PrivateKey,
        book: &CertificateBook,
        row: &mut WalletRow,
    ) -> Result<(), WalletError> {
        row.certificates = if book.records().is_empty() {
            Vec::new()
        } else {
            let iv = self.environment().random()?;
            sealing_key(root).seal(iv, b"", &book.to_json())
        };
        Ok(())
    }
}

impl UnlockedWallet {
    /// The certificates of this wallet.
    pub fn certificates(&self) -> Result<CertificateBook, WalletError> {
        let row = self.wallet().store().state.wallet(self.id())?;
        open_certificates(
            self.root(),
            &row.ok_or(WalletError::Record("it is missing"))?,
        )
    }

    /// Takes a certificate in, if its certifier signed it for this wallet and its
    /// keyring opens every field.
    pub fn acquire_certificate(
        &self,
        id: &CertificateId,
        certificate: Certificate,
    ) -> Result<(), WalletError> {
        let keys = self.brc100_key()?;
        if certificate.subject != keys.identity() {
            return Err(CertificateError::Signature.into());
        }
        certificate.check(id, keys)?;
        self.change_certificate(id, Some(certificate), "acquired")
    }

    /// Gives a certificate up.
    pub fn relinquish_certificate(&self, id: &CertificateId) -> Result<(), WalletError> {
        self.change_certificate(id, None, "relinquished")
    }

    /// The keys of some fields of a certificate, encrypted for a verifier; base64.
    pub fn prove_certificate(
        &self,
        (id, certificate): (&CertificateId, &Certificate),
        fields: &[String],
        verifier: Counterparty,
    ) -> Result<BTreeMap<String, String>, WalletError> {
        let mut keyring = BTreeMap::new();
        for name in fields {
            let key = certificate.key_of_field(self.brc100_key()?, name)?;
            let invoice = id.field_invoice(name).ok_or(CertificateError::Fields)?;
            let sealed = self.brc100_encrypt(&invoice, verifier, &key)?;
            keyring.insert(name.clone(), certificate::base64(&sealed));
        }
        Ok(keyring)
    }

    fn change_certificate(
        &self,
        id: &CertificateId,
        certificate: Option<Certificate>,
        what: &str,
    ) -> Result<(), WalletError> {
        let wallet = self.wallet();
        let now = wallet.now().as_millis();
        let changed = wallet.store().state.change_wallet(self.id(), |mut row| {
            let mut book = open_certificates(self.root(), &row)?;
            book.set(id, certificate, now)?;
            wallet.seal_certificates(self.root(), &book, &mut row)?;
            Ok::<_, WalletError>(row)
        })?;
        changed.ok_or(WalletError::Record("it is missing"))?;
        wallet.record(Event::CertificateChanged, &id.certifier.to_string(), what);
        Ok(())
    }
}

/// The certificates in a wallet's row.
pub(super) fn open_certificates(
    root: &PrivateKey,
    row: &WalletRow,
) -> Result<CertificateBook, WalletError> {
    if row.certificates.is_empty() {
        return Ok(CertificateBook::default());
    }
    let json = sealing_key(root)
        .open(b"", &row.certificates)
        .map_err(|_| WalletError::Record("the certificates do not open"))?;
    let book = CertificateBook::from_json(&json);
    book.ok_or(WalletError::Record("the certificates are in no known form"))
}

fn sealing_key(root: &PrivateKey) -> SealingKey {
    SealingKey::derive(&root.expose_bytes(), LABEL)
}
