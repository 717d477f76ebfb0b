//! Sign, verify, encrypt, decrypt.

use super::ok;
use crate::crypto::bsm::{self, MessageDigest};
use crate::server::call::{Call, TokenCall};
use crate::server::error::{ApiError, Outcome};
use crate::text::marks::compact;
use crate::wallet::{KeySelector, Recipient, Sender, Signer};
use crate::wire::encrypt::{
    Ciphertext, Decrypt, Decrypted, Encrypt, Encrypted, EncryptedToHost, FriendPublicKey,
    FriendPublicKeyIs, ToEncrypt,
};
use crate::wire::sign::{Sign, Signed, SignedMessage, SignedRequest, ToSign, Verified, Verify};
use crate::wire::{Exposed, Success};

/// `POST /api/sign`: a message (BSM), or a request (bitcoin-auth token).
pub(in crate::server) fn sign(call: TokenCall<'_>) -> Outcome {
    let asked = Sign::read(&call.body)?;
    let signer = signer(&call, asked.identity_key.as_deref())?;
    ok(&match asked.what {
        ToSign::Message(message) => {
            let signed = call.wallet.sign(&signer, message.bytes())?;
            Signed::Message(SignedMessage::new(message.text(), &signed, call.now()))
        }
        ToSign::Request(request) => {
            let body = request.body.as_ref().map_or(&[][..], |body| body.bytes());
            let token =
                call.wallet
                    .sign_request(&signer, request.scheme, &request.path, body, None)?;
            Signed::Request(SignedRequest {
                token,
                success: Success,
            })
        }
    })
}

/// `POST /api/verify`: a message's signature. Needs no wallet.
pub(in crate::server) fn verify(call: Call<'_>) -> Outcome {
    let Verify {
        message,
        address,
        sig,
    } = Verify::read(&call.body)?;
    ok(&Verified {
        valid: bsm::verify_any(MessageDigest::of(message.bytes()), &sig, &address)
            .map_err(|error| ApiError::field("address", error))?,
        contacts: Vec::new(),
        reason: None,
    })
}

/// `POST /api/encrypt`: `message` to the host's own key, or `data` to a friend.
pub(in crate::server) fn encrypt(call: TokenCall<'_>) -> Outcome {
    let asked = Encrypt::read(&call.body)?;
    let host = call.token.host.clone();
    ok(&match asked.what {
        ToEncrypt::Message(message) => {
            let recipient = Recipient::Host(host.clone());
            let sealed = call.wallet.encrypt(&recipient, message.bytes())?;
            let sealed = hex::encode(sealed);
            Encrypted::ToHost(EncryptedToHost {
                encrypted: sealed.clone(),
                data: sealed,
                address: call.wallet.public_key(&KeySelector::Host(host))?.address,
                ts: call.now(),
            })
        }
        ToEncrypt::Data(data) => {
            let recipient = match (asked.friend.their_public_key, asked.friend.friend_bap_id) {
                (Some(key), _) => Recipient::PublicKey(key),
                (None, Some(label)) => Recipient::Label {
                    host: Some(host),
                    label,
                },
                (None, None) => Recipient::Host(host),
            };
            let sealed = call.wallet.encrypt(&recipient, data.bytes())?;
            Encrypted::ToFriend(Ciphertext {
                ciphertext: hex::encode(sealed),
                success: Success,
            })
        }
    })
}

/// `POST /api/decrypt`
pub(in crate::server) fn decrypt(call: TokenCall<'_>) -> Outcome {
    let asked: Decrypt = call.body.read()?;
    let host = call.token.host.clone();
    let sender = match asked.friend_bap_id {
        Some(label) => Sender::Friend {
            host: Some(host),
            label,
            public_key: asked.their_public_key,
        },
        None => Sender::Host(host),
    };
    let plaintext = call.wallet.decrypt(&sender, &asked.ciphertext)?;
    let data = asked.encoding.encode(&plaintext).ok_or_else(|| {
        ApiError::BadRequest(
            "the plaintext is not UTF-8: ask for it with `encoding` `hex` or `base64`".to_owned(),
        )
    })?;
    ok(&Decrypted {
        data: Exposed(data),
        encoding: None,
        success: Success,
    })
}

/// `POST /api/friend-pubkey`: the key that a friend encrypts to.
pub(in crate::server) fn friend_public_key(call: TokenCall<'_>) -> Outcome {
    let FriendPublicKey { friend_bap_id } = call.body.read()?;
    let key = call.wallet.public_key(&KeySelector::Friend {
        host: Some(call.token.host.clone()),
        label: friend_bap_id,
    })?;
    ok(&FriendPublicKeyIs {
        public_key: key.public_key,
        success: Success,
    })
}

/// The host's key; or the token's identity, where the request asks for it.
pub(super) fn signer(call: &TokenCall<'_>, wanted: Option<&str>) -> Result<Signer, ApiError> {
    let Some(wanted) = wanted else {
        return Ok(Signer::Host(call.token.host.clone()));
    };
    match &call.token.identity {
        Some(identity) if identity.as_str() == compact(wanted) => {
            Ok(Signer::Identity(identity.clone()))
        }
        _ => Err(ApiError::field(
            "identityKey",
            "the access token was not granted for this identity",
        )),
    }
}
