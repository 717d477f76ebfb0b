//! The certificates of a wallet, and those that it gave up: what is sealed on disk,
//! and what a backup holds.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::certificate::{Certificate, CertificateError, CertificateId};
use super::json;

/// What is kept at most, as JSON.
const MAX_LEN: usize = 1024 * 1024;

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateRecord {
    /// Which one.
    #[serde(flatten)]
    pub id: CertificateId,
    /// When it was acquired or given up: milliseconds since 1970. Of two records of
    /// one certificate the later counts.
    pub changed: u64,
    /// Absent where it was given up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<Certificate>,
}

/// See the module. In the order of [`CertificateId`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CertificateBook(BTreeMap<CertificateId, CertificateRecord>);

impl CertificateBook {
    /// The certificates.
    pub fn iter(&self) -> impl Iterator<Item = (&CertificateId, &Certificate)> {
        let records = self.0.iter();
        records.filter_map(|(id, record)| Some((id, record.certificate.as_ref()?)))
    }

    /// All records, of what was given up too.
    #[must_use]
    pub fn records(&self) -> Vec<CertificateRecord> {
        self.0.values().cloned().collect()
    }

    /// Takes one in, or gives it up.
    ///
    /// # Errors
    /// There are too many.
    pub fn set(
        &mut self,
        id: &CertificateId,
        certificate: Option<Certificate>,
        now: u64,
    ) -> Result<(), CertificateError> {
        let before = self
            .0
            .get(id)
            .map_or(0, |there| there.changed.saturating_add(1));
        let record = CertificateRecord {
            id: id.clone(),
            changed: now.max(before),
            certificate,
        };
        self.0.insert(id.clone(), record);
        if self.to_json().len() > MAX_LEN {
            return Err(CertificateError::TooMany);
        }
        Ok(())
    }

    /// Takes in what another copy of the wallet has; how many certificates came or
    /// went. The order makes no difference, nor does it to merge one twice.
    pub fn merge(&mut self, records: &[CertificateRecord]) -> usize {
        let rank = |record: &CertificateRecord| (record.changed, json(record).to_vec());
        let mut count = 0;
        for theirs in records {
            let there = self.0.get(&theirs.id);
            if there.is_some_and(|there| rank(there) >= rank(theirs)) {
                continue;
            }
            let held = there.and_then(|there| there.certificate.as_ref());
            count += usize::from(held != theirs.certificate.as_ref());
            self.0.insert(theirs.id.clone(), theirs.clone());
        }
        count
    }

    /// As it is sealed.
    #[must_use]
    pub fn to_json(&self) -> Zeroizing<Vec<u8>> {
        json(&self.records())
    }

    /// Reads it; `None` for what no version of this program has written.
    #[must_use]
    pub fn from_json(bytes: &[u8]) -> Option<Self> {
        let records: Vec<CertificateRecord> = serde_json::from_slice(bytes).ok()?;
        let mut book = Self::default();
        book.merge(&records);
        Some(book)
    }
}
