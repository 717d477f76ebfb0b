//! Tickets: what ties a form that comes back to the page that it was on.
//!
//! A page carries its request and a ticket for it: an HMAC over both, and over
//! which wallet is in the home, under a key that lives as long as the server. So a
//! page from before the wallet was replaced fits nothing any more, ten thousand pages that nobody
//! answers take no memory, and a page from before a restart is known as that.
//! Only answered tickets are remembered, until they would have ended anyway.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use subtle::ConstantTimeEq;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::crypto::symmetric::hmac_of;
use crate::store::WalletId;
use crate::wallet::Timestamp;

/// How long a person may look at a page.
pub(super) const LIFETIME: Duration = Duration::from_secs(10 * 60);

/// Answered tickets remembered at most.
const MAX_ANSWERED: usize = 16 * 1024;

/// Makes and checks tickets.
pub(crate) struct TicketOffice {
    key: Zeroizing<[u8; 32]>,
    answered: Mutex<HashMap<[u8; 16], u64>>,
}

/// Why a ticket is not taken.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub(crate) enum TicketError {
    /// Made by an earlier run of the server, for another wallet, or by somebody
    /// else.
    #[error("the page was not made by this run of the server for this wallet")]
    Unknown,
    /// Older than [`LIFETIME`].
    #[error("the page is too old")]
    Expired,
    /// Its form came before.
    #[error("the page was answered already")]
    Answered,
}

impl TicketOffice {
    /// With a fresh random key.
    #[must_use]
    pub(crate) fn new(key: [u8; 32]) -> Self {
        Self {
            key: Zeroizing::new(key),
            answered: Mutex::default(),
        }
    }

    /// A ticket for one page: `id.issued.mac`, in hex.
    #[must_use]
    pub(crate) fn issue(
        &self,
        wallet: Option<WalletId>,
        purpose: &str,
        request: &str,
        id: [u8; 16],
        now: Timestamp,
    ) -> String {
        let issued = now.as_millis();
        let mac = self.mac(wallet, purpose, request, &id, issued);
        format!("{}.{issued:x}.{}", hex::encode(id), hex::encode(mac))
    }

    /// Checks a ticket without using it up.
    pub(crate) fn check(
        &self,
        wallet: Option<WalletId>,
        purpose: &str,
        request: &str,
        ticket: &str,
        now: Timestamp,
    ) -> Result<[u8; 16], TicketError> {
        let (id, issued, mac) = parse(ticket).ok_or(TicketError::Unknown)?;
        let expected = self.mac(wallet, purpose, request, &id, issued);
        if !bool::from(expected.ct_eq(&mac)) {
            return Err(TicketError::Unknown);
        }
        if now.since(Timestamp::from_millis(issued)) > LIFETIME {
            return Err(TicketError::Expired);
        }
        let answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        if answered.contains_key(&id) {
            return Err(TicketError::Answered);
        }
        Ok(id)
    }

    /// Uses a checked ticket up; false where another form was quicker.
    #[must_use]
    pub(crate) fn answer(&self, id: [u8; 16], now: Timestamp) -> bool {
        let mut answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        if answered.len() >= MAX_ANSWERED {
            let life = LIFETIME.as_millis() as u64;
            answered.retain(|_, at| now.as_millis().saturating_sub(*at) <= life);
            // Still full: a flood. No form is answered twice for want of room.
            if answered.len() >= MAX_ANSWERED {
                return false;
            }
        }
        answered.insert(id, now.as_millis()).is_none()
    }

    fn mac(
        &self,
        wallet: Option<WalletId>,
        purpose: &str,
        request: &str,
        id: &[u8; 16],
        issued: u64,
    ) -> [u8; 32] {
        let parts = [
            b"tokenpass form v1\0",
            &wallet.map_or([0; 16], |wallet| wallet.0)[..],
            purpose.as_bytes(),
            b"\0",
            &id[..],
            &issued.to_be_bytes(),
            request.as_bytes(),
        ];
        hmac_of(&*self.key, &parts)
    }
}

fn parse(ticket: &str) -> Option<([u8; 16], u64, [u8; 32])> {
    let mut parts = ticket.split('.');
    let (id, issued, mac) = (parts.next()?, parts.next()?, parts.next()?);
    let mut bytes = ([0; 16], [0; 32]);
    hex::decode_to_slice(id, &mut bytes.0).ok()?;
    hex::decode_to_slice(mac, &mut bytes.1).ok()?;
    let issued = u64::from_str_radix(issued, 16).ok()?;
    parts.next().is_none().then_some((bytes.0, issued, bytes.1))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_fits_one_page_for_a_while_and_once() {
        let office = TicketOffice::new([7; 32]);
        let now = Timestamp::from_millis(1_800_000_000_000);
        let wallet = Some(WalletId([9; 16]));
        let ticket = office.issue(wallet, "consent", "a=1", [1; 16], now);
        let check = |purpose, request, now| office.check(wallet, purpose, request, &ticket, now);
        for other in [None, Some(WalletId([8; 16]))] {
            let checked = office.check(other, "consent", "a=1", &ticket, now);
            assert_eq!(checked, Err(TicketError::Unknown));
        }
        assert_eq!(check("consent", "a=2", now), Err(TicketError::Unknown));
        assert_eq!(check("device", "a=1", now), Err(TicketError::Unknown));
        let late = now.plus(LIFETIME + Duration::from_millis(1));
        assert_eq!(check("consent", "a=1", late), Err(TicketError::Expired));
        let id = check("consent", "a=1", now.plus(LIFETIME)).unwrap();
        assert!(office.answer(id, now));
        assert!(!office.answer(id, now));
        assert_eq!(check("consent", "a=1", now), Err(TicketError::Answered));
        for wrong in ["", "x", "..", &ticket[1..], &format!("{ticket}.")] {
            let checked = office.check(wallet, "consent", "a=1", wrong, now);
            assert_eq!(checked, Err(TicketError::Unknown), "{wrong}");
        }
        let other = TicketOffice::new([8; 32]);
        assert_eq!(
            other.check(wallet, "consent", "a=1", &ticket, now),
            Err(TicketError::Unknown)
        );
    }

    #[test]
    fn a_flood_of_answers_takes_bounded_memory() {
        let office = TicketOffice::new([7; 32]);
        let now = Timestamp::from_millis(1_800_000_000_000);
        for number in 0..16_384_u128 {
            assert!(office.answer(number.to_be_bytes(), now));
        }
        assert!(!office.answer([255; 16], now));
        assert!(office.answer([255; 16], now.plus(LIFETIME * 2)));
    }
}
