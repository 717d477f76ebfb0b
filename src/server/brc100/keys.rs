//! The methods that use a key: what `ProtoWallet` of the SDK computes, with what
//! it takes for granted and in its words.

use std::sync::Arc;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::call::Call;
use super::error::{CallError, Outcome};
use super::reply::answer;
use crate::crypto::brc43::{Protocol, SecurityLevel};
use crate::crypto::brc100::{Counterparty, digest_of_number};
use crate::wallet::UnlockedWallet;
use crate::wire::brc100::{
    BadArgument, Ciphertext, Hmac, KeyArgs, KeyName, Param, Plaintext, PublicKeyIs, Signature,
    Valid,
};

/// IV and tag.
const LEAST_CIPHERTEXT: usize = 32 + 16;

/// What the identity key is asked for under.
const IDENTITY_KEY: &str = "identity key retrieval";

pub(super) fn get_public_key(call: &Call<'_>) -> Outcome {
    let args: KeyArgs = call.args()?;
    let public_key = if args.is_identity_key()? {
        let protocol = Protocol::new(SecurityLevel::PerProtocol, IDENTITY_KEY)
            .expect("the name keeps the rules");
        let seeks = args.seeks_permission()?;
        let wallet = call.permitted(&protocol, Counterparty::Own, seeks)?;
        wallet.brc100_key()?.identity()
    } else {
        let half = args.half()?;
        let (key, wallet) = named(call, &args, Counterparty::Own)?;
        wallet
            .brc100_key()?
            .public_key(&key.invoice, key.with, half)?
    };
    Ok(answer(200, &PublicKeyIs { public_key }))
}

pub(super) fn encrypt(call: &Call<'_>) -> Outcome {
    let args: KeyArgs = call.args()?;
    let plaintext = args.plaintext.needed("plaintext")?;
    let (key, wallet) = named(call, &args, Counterparty::Own)?;
    let ciphertext = wallet.brc100_encrypt(&key.invoice, key.with, plaintext)?;
    Ok(answer(200, &Ciphertext { ciphertext }))
}

pub(super) fn decrypt(call: &Call<'_>) -> Outcome {
    let args: KeyArgs = call.args()?;
    let ciphertext = args.ciphertext.needed("ciphertext")?;
    let (key, wallet) = named(call, &args, Counterparty::Own)?;
    if ciphertext.len() < LEAST_CIPHERTEXT {
        return Err(CallError::Failed("Ciphertext too short"));
    }
    let opened = wallet
        .brc100_key()?
        .decrypt(&key.invoice, key.with, ciphertext)?;
    let plaintext = opened.ok_or(CallError::Failed("Decryption failed!"))?;
    Ok(answer(200, &Plaintext { plaintext }))
}

pub(super) fn create_hmac(call: &Call<'_>) -> Outcome {
    let args: KeyArgs = call.args()?;
    let data = args.data.needed("data")?;
    let (key, wallet) = named(call, &args, Counterparty::Own)?;
    let hmac = wallet.brc100_key()?.hmac(&key.invoice, key.with, data)?;
    Ok(answer(200, &Hmac { hmac }))
}

pub(super) fn verify_hmac(call: &Call<'_>) -> Outcome {
    let args: KeyArgs = call.args()?;
    let (data, hmac) = (args.data.needed("data")?, args.hmac.needed("hmac")?);
    let (key, wallet) = named(call, &args, Counterparty::Own)?;
    let holds = wallet
        .brc100_key()?
        .verify_hmac(&key.invoice, key.with, data, hmac)?;
    valid(holds, CallError::InvalidHmac)
}

pub(super) fn create_signature(call: &Call<'_>) -> Outcome {
    let args: KeyArgs = call.args()?;
    let digest = digest(&args, &args.hash_to_directly_sign, "hashToDirectlySign")?;
    let (key, wallet) = named(call, &args, Counterparty::Anyone)?;
    let signature = wallet.brc100_key()?.sign(&key.invoice, key.with, digest)?;
    Ok(answer(200, &Signature { signature }))
}

pub(super) fn verify_signature(call: &Call<'_>) -> Outcome {
    let args: KeyArgs = call.args()?;
    let digest = digest(&args, &args.hash_to_directly_verify, "hashToDirectlyVerify")?;
    let signature = args.signature.needed("signature")?;
    let half = args.half()?;
    let (key, wallet) = named(call, &args, Counterparty::Own)?;
    let keys = wallet.brc100_key()?;
    let holds = keys.verify(&key.invoice, key.with, half, digest, signature)?;
    valid(holds, CallError::InvalidSignature)
}

/// The key that is meant, and the wallet once its use is permitted.
fn named(
    call: &Call<'_>,
    args: &KeyArgs,
    default: Counterparty,
) -> Result<(KeyName, Arc<UnlockedWallet>), CallError> {
    let key = args.key(default)?;
    let seeks_permission = args.seeks_permission()?;
    let wallet = call.permitted(&key.protocol, key.with, seeks_permission)?;
    Ok((key, wallet))
}

/// The digest that is given, else that of the data.
fn digest(
    args: &KeyArgs,
    direct: &Param<Zeroizing<Vec<u8>>>,
    name: &str,
) -> Result<[u8; 32], CallError> {
    match (direct.optional(name)?, args.data.optional("data")?) {
        (Some(number), _) => Ok(digest_of_number(number)),
        (None, Some(data)) => Ok(Sha256::digest(&**data).into()),
        (None, None) => {
            let text = format!("args.data or args.{name} must be valid");
            Err(BadArgument::new("data", text).into())
        }
    }
}

fn valid(holds: bool, error: CallError) -> Outcome {
    if holds {
        Ok(answer(200, &Valid { valid: true }))
    } else {
        Err(error)
    }
}
