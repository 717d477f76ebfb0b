//! Sign, verify, encrypt, decrypt.

use serde_json::json;

use super::ok;
use crate::crypto::auth_token::Scheme;
use crate::crypto::bsm;
use crate::crypto::encoding::Encoding;
use crate::crypto::keys::{Address, PublicKey};
use crate::server::body::{Body, bad, field, parse};
use crate::server::call::{Call, TokenCall};
use crate::server::error::{ApiError, Outcome};
use crate::wallet::{KeySelector, Recipient, Sender, Signer};

/// `POST /api/sign`: a message (BSM), or a request (bitcoin-auth token).
pub(in crate::server) fn sign(call: TokenCall<'_>) -> Outcome {
    let body = &call.body;
    let signer = signer(&call)?;
    if let Some(message) = body.bytes("message", "encoding")? {
        let signed = call.wallet.sign(&signer, &message)?;
        return ok(&json!({
            "address": signed.address,
            "message": body.required("message")?,
            "sig": signed.signature.to_string(),
            "ts": call.now(),
            "recovery": signed.signature.recovery_id(),
        }));
    }
    let Some(path) = body.text("path")? else {
        return Err(bad("`message` or `path` is needed"));
    };
    let request_body = body.bytes("body", "bodyEncoding")?.unwrap_or_default();
    let scheme: Scheme = body.parsed("signatureType")?.unwrap_or_default();
    let token = call
        .wallet
        .sign_request(&signer, scheme, path, &request_body, None)?;
    ok(&json!({"token": token.to_string(), "success": true}))
}

/// `POST /api/verify`: a message's signature. Needs no wallet.
pub(in crate::server) fn verify(call: Call<'_>) -> Outcome {
    let body = &call.body;
    let message = body.bytes("message", "encoding")?;
    let message = message.ok_or_else(|| field("message", "is needed"))?;
    let address: Address = parse("address", body.required("address")?)?;
    let signature: bsm::Signature = parse("sig", body.required("sig")?)?;
    ok(&json!({"valid": bsm::verify(&message, &signature, &address)}))
}

/// `POST /api/encrypt`: `message` to the host's own key, or `data` to a friend.
pub(in crate::server) fn encrypt(call: TokenCall<'_>) -> Outcome {
    let body = &call.body;
    let host = call.token.host.clone();
    let recipient = match (their_public_key(body)?, friend(body)?) {
        (Some(key), _) => Recipient::PublicKey(key),
        (None, Some(label)) => Recipient::Label(label.to_owned()),
        (None, None) => Recipient::Host(host.clone()),
    };
    if let Some(message) = body.bytes("message", "encoding")? {
        let sealed = call
            .wallet
            .encrypt(&Recipient::Host(host.clone()), &message)?;
        let key = call.wallet.public_key(&KeySelector::Host(host))?;
        let sealed = hex::encode(sealed);
        return ok(&json!({
            "encrypted": sealed,
            "data": sealed,
            "address": key.address,
            "ts": call.now(),
        }));
    }
    let Some(data) = body.bytes("data", "encoding")? else {
        return Err(bad("`message` or `data` is needed"));
    };
    let sealed = call.wallet.encrypt(&recipient, &data)?;
    ok(&json!({"ciphertext": hex::encode(sealed), "success": true}))
}

/// `POST /api/decrypt`
pub(in crate::server) fn decrypt(call: TokenCall<'_>) -> Outcome {
    let body = &call.body;
    let sealed = body.required("ciphertext")?;
    let sealed = Encoding::Hex
        .decode(sealed)
        .map_err(|error| field("ciphertext", &error.to_string()))?;
    let host = call.token.host.clone();
    let public_key = their_public_key(body)?;
    let sender = match friend(body)? {
        Some(label) => Sender::Friend {
            host,
            label: label.to_owned(),
            public_key,
        },
        None => Sender::Host(host),
    };
    let encoding: Encoding = body.parsed("encoding")?.unwrap_or_default();
    let plaintext = call.wallet.decrypt(&sender, &sealed)?;
    let data = encoding.encode(&plaintext).ok_or_else(|| {
        bad("the plaintext is not UTF-8: ask for it with `encoding` `hex` or `base64`")
    })?;
    ok(&json!({"data": *data, "success": true}))
}

/// `POST /api/friend-pubkey`: the key that a friend encrypts to.
pub(in crate::server) fn friend_public_key(call: TokenCall<'_>) -> Outcome {
    let label = friend(&call.body)?.ok_or_else(|| field("friendBapId", "is needed"))?;
    let key = call
        .wallet
        .public_key(&KeySelector::Friend(label.to_owned()))?;
    ok(&json!({"publicKey": key.public_key, "success": true}))
}

/// The host's key; or the token's identity, where the body asks for it.
pub(super) fn signer(call: &TokenCall<'_>) -> Result<Signer, ApiError> {
    let Some(wanted) = call.body.text("identityKey")? else {
        return Ok(Signer::Host(call.token.host.clone()));
    };
    match &call.token.identity {
        Some(identity) if identity.as_str() == wanted => Ok(Signer::Identity(identity.clone())),
        _ => Err(field(
            "identityKey",
            "the access token was not granted for this identity",
        )),
    }
}

fn friend(body: &Body) -> Result<Option<&str>, ApiError> {
    let label = body.text("friendBapId")?;
    match label {
        Some("") => Err(field("friendBapId", "is empty")),
        other => Ok(other),
    }
}

fn their_public_key(body: &Body) -> Result<Option<PublicKey>, ApiError> {
    body.parsed("theirPublicKey")
}
