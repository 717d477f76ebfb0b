//! `server.json`, and what is proved by its key: as README and `openapi.json`
//! describe it, without the program's own code.

use std::fs;
use std::path::{Path, PathBuf};

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use tokenpass::testing::crypto::seal::SealingKey;

/// Any 32 bytes.
pub(crate) const NONCE: [u8; 32] = [7; 32];

/// Where a home's `server.json` is.
pub(crate) fn server_file(home: &Path) -> PathBuf {
    home.join("server.json")
}

/// What is in it.
pub(crate) fn read(home: &Path) -> Value {
    serde_json::from_slice(&fs::read(server_file(home)).unwrap()).unwrap()
}

/// Its key.
pub(crate) fn key(home: &Path) -> [u8; 32] {
    let hex = read(home)["key"].as_str().unwrap().to_owned();
    hex::decode(hex).unwrap().try_into().unwrap()
}

/// HMAC-SHA256, in hex.
pub(crate) fn mac(key: &[u8; 32], message: &[u8]) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    hex::encode(mac.chain_update(message).finalize().into_bytes())
}

/// The body of `/api/agent` from a caller that knows this key.
pub(crate) fn ask_agent(key: &[u8; 32]) -> Value {
    let message = [&b"tokenpass agent v1\0"[..], &NONCE].concat();
    json!({"nonce": hex::encode(NONCE), "proof": mac(key, &message)})
}

/// The session in the answer to [`ask_agent`].
pub(crate) fn open(key: &[u8; 32], answer: &Value) -> Option<String> {
    let sealed = hex::decode(answer["sealed"].as_str()?).ok()?;
    let key = SealingKey::derive(key, "tokenpass agent answer v1");
    let opened = key.open(&NONCE, &sealed).ok()?;
    Some(String::from_utf8(opened.to_vec()).unwrap())
}
