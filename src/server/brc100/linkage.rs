//! Revelations: what shows a verifier that keys belong to this wallet (BRC-69).
//!
//! Each is permitted by a right of its own, which names what is revealed and to
//! whom: it must not follow from the right to read what others reveal.

use super::call::Call;
use super::error::Outcome;
use super::reply::answer;
use crate::crypto::brc43::{Brc43Error, Protocol, SecurityLevel};
use crate::crypto::brc100::Counterparty;
use crate::wire::brc100::{BadArgument, KeyArgs, LinkageOfKey, LinkageWith, OF_ITSELF};

const WITH: &str = "counterparty linkage revelation";
const OF_KEY: &str = "specific linkage revelation";

/// What is written where there is no proof.
const NO_PROOF: [u8; 1] = [0];

pub(super) fn reveal_counterparty(call: &Call<'_>) -> Outcome {
    let args: KeyArgs = call.args()?;
    let (other, verifier) = (args.other_party()?, args.verifier()?);
    let right = protocol(&format!("{WITH} {other}"))?;
    let wallet = call.permitted(&right, verifier, args.seeks_permission()?)?;
    let keys = wallet.brc100_key()?;
    let other = keys.known_as(Counterparty::Key(other));
    if other == Counterparty::Own {
        return Err(BadArgument::new("counterparty", OF_ITSELF).into());
    }
    let revealed = keys.linkage_with(other, &wallet.wallet().fresh_key()?);
    let revelation_time = wallet.wallet().environment().now().to_string();
    let invoice = protocol(WITH)?.invoice(&revelation_time).map_err(wrong)?;
    let seal = |secret: &[u8]| wallet.brc100_encrypt(&invoice, verifier, secret);
    Ok(answer(
        200,
        &LinkageWith {
            prover: keys.identity(),
            verifier: args.verifier.needed("verifier")?.clone(),
            counterparty: args.counterparty.needed("counterparty")?.clone(),
            encrypted_linkage: seal(&*revealed.point)?,
            encrypted_linkage_proof: seal(&revealed.proof)?,
            revelation_time,
        },
    ))
}

pub(super) fn reveal_specific(call: &Call<'_>) -> Outcome {
    let args: KeyArgs = call.args()?;
    let verifier = args.verifier()?;
    args.counterparty.needed("counterparty")?;
    let key = args.key(Counterparty::Own)?;
    let sent = args.protocol_id.needed("protocolID")?;
    let key_id = args.key_id.needed("keyID")?;
    let level = key.protocol.level().number();
    let sealed_under = protocol(&format!("{OF_KEY} {level} {}", sent.name))?;
    let right = protocol(&format!(
        "{OF_KEY} {level} {} {}",
        key.protocol.name(),
        key.with
    ))?;
    let wallet = call.permitted(&right, verifier, args.seeks_permission()?)?;
    let keys = wallet.brc100_key()?;
    let revealed = keys.linkage_of_key(&key.invoice, key.with);
    let invoice = sealed_under.invoice(key_id).map_err(wrong)?;
    let seal = |secret: &[u8]| wallet.brc100_encrypt(&invoice, verifier, secret);
    Ok(answer(
        200,
        &LinkageOfKey {
            prover: keys.identity(),
            verifier: args.verifier.needed("verifier")?.clone(),
            counterparty: args.counterparty.needed("counterparty")?.clone(),
            protocol_id: (level, sent.name.clone()),
            key_id: key_id.clone(),
            encrypted_linkage: seal(&*revealed)?,
            encrypted_linkage_proof: seal(&NO_PROOF)?,
            proof_type: NO_PROOF[0],
        },
    ))
}

fn protocol(name: &str) -> Result<Protocol, BadArgument> {
    Protocol::new(SecurityLevel::PerCounterparty, name).map_err(wrong)
}

fn wrong(error: Brc43Error) -> BadArgument {
    BadArgument::new("protocolID", error.to_string())
}
