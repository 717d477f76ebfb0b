//! Keys, signatures, ciphertexts, tokens and the vault.
//!
//! Pure functions and key types; no I/O, no clock, no global state. Randomness
//! (salts, IVs, ephemeral keys, key ids) and time come in as arguments, so that
//! every output can be held to a golden vector; only the blinding of libsecp256k1
//! ([`curve`]), which no output shows, is between it and the system. Curve arithmetic on secrets is
//! libsecp256k1's, which is constant time.

pub mod auth_token;
pub mod backup_file;
mod base58;
mod bech32;
pub mod brc100;
pub mod brc42;
pub mod brc43;
pub mod brc77;
pub mod brc78;
pub mod bsm;
mod curve;
pub mod decoder;
pub mod desktop_seed;
pub mod ecies;
pub mod encoding;
mod flaw;
mod gcm;
pub(crate) mod hash;
pub mod keys;
pub mod kind;
pub mod linkage;
pub mod mnemonic;
pub(crate) mod pushes;
pub mod recognise;
pub mod restoring;
pub mod seal;
pub mod secret;
pub mod signer_address;
pub(crate) mod symmetric;
pub mod vault;
