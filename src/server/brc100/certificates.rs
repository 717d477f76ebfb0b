//! The methods for identity certificates (BRC-52).

use std::sync::Arc;

use super::call::Call;
use super::error::{CallError, Outcome};
use super::reply::answer;
use crate::crypto::brc43::{Protocol, SecurityLevel};
use crate::crypto::brc100::Counterparty;
use crate::identity::certificate::CertificateError;
use crate::wallet::{UnlockedWallet, WalletError};
use crate::wire::brc100::{
    BadArgument, CertificateArgs, CertificateIs, CertificateList, ProvenCertificate, Relinquished,
};

/// What certificates are asked for under.
const CERTIFICATES: &str = "certificate list";

pub(super) fn list(call: &Call<'_>) -> Outcome {
    let args: CertificateArgs = call.args()?;
    let wanted = args.wanted()?;
    let book = permitted(call, &args)?.certificates()?;
    let found: Vec<_> = book.iter().filter(|(id, _)| wanted.has(id)).collect();
    let total_certificates = found.len();
    let page = found.into_iter().skip(wanted.offset).take(wanted.limit);
    let certificates = page.map(CertificateIs::with_keyring).collect();
    Ok(answer(
        200,
        &CertificateList {
            total_certificates,
            certificates,
        },
    ))
}

pub(super) fn acquire(call: &Call<'_>) -> Outcome {
    let args: CertificateArgs = call.args()?;
    let subject = call.lock.unlocked()?.brc100_key()?.identity();
    let (id, certificate) = args.brought(subject)?;
    let wallet = permitted(call, &args)?;
    let shown = answer(200, &CertificateIs::of((&id, &certificate)));
    wallet.acquire_certificate(&id, certificate).map_err(said)?;
    Ok(shown)
}

pub(super) fn prove(call: &Call<'_>) -> Outcome {
    let args: CertificateArgs = call.args()?;
    let (sought, fields, verifier) = args.proof()?;
    let wallet = permitted(call, &args)?;
    let book = wallet.certificates()?;
    let mut found = book.iter().filter(|(id, held)| sought.fits(id, held));
    let (Some(one), None) = (found.next(), found.next()) else {
        return Err(no_match());
    };
    let keyring_for_verifier = wallet
        .prove_certificate(one, fields, verifier)
        .map_err(said)?;
    Ok(answer(
        200,
        &ProvenCertificate {
            keyring_for_verifier,
        },
    ))
}

pub(super) fn relinquish(call: &Call<'_>) -> Outcome {
    let args: CertificateArgs = call.args()?;
    let id = args.id()?;
    let wallet = permitted(call, &args)?;
    if !wallet.certificates()?.iter().any(|(held, _)| *held == id) {
        return Err(no_match());
    }
    wallet.relinquish_certificate(&id)?;
    let relinquished = true;
    Ok(answer(200, &Relinquished { relinquished }))
}

fn permitted(call: &Call<'_>, args: &CertificateArgs) -> Result<Arc<UnlockedWallet>, CallError> {
    args.refuse_privilege()?;
    let protocol =
        Protocol::new(SecurityLevel::PerProtocol, CERTIFICATES).expect("the name keeps the rules");
    call.permitted(&protocol, Counterparty::Own, true)
}

fn no_match() -> CallError {
    BadArgument::must_be("args", "a unique certificate match").into()
}

fn said(error: WalletError) -> CallError {
    match error {
        WalletError::Certificate(CertificateError::Signature) => CallError::InvalidSignature,
        WalletError::Certificate(error @ CertificateError::NoField(_)) => {
            BadArgument::new("fieldsToReveal", error.to_string()).into()
        }
        other => other.into(),
    }
}
