//! TokenPass: a personal identity server that you run yourself.
//!
//! Bitcoin-backed keys that sign, encrypt and log you in: from a shell
//! (`tokenpass sign`), from a web app (`tokenpass serve`), or from another Rust
//! program, through this library.
//!
//! # The map
//!
//! Data goes one way; nobody calls back up:
//!
//! ```text
//! main → cli ─┬→ server ─┬→ http
//!             │          ├→ oauth ──────────┐
//!             │          └→ wire ─────┐     ↓
//! tray ───────┴→ client ──→ wire ─────┴→ wallet ─┬→ identity ────┬→ crypto
//!                                                ├→ transaction ─┤
//!                                                └→ store ───────┘
//! ```
//!
//! | room | is | may touch |
//! |---|---|---|
//! | `cli` | one file a verb: parse, ask, call the wallet, print | the terminal, the environment |
//! | `server` | a request in, JSON or a page out; checks who asks | the log |
//! | `oauth` | an OAuth and OpenID provider for one person: requests, codes, tokens, claims; knows no HTTP and no page | the clock and randomness, through `wallet` |
//! | `http` | bytes to whole, bounded requests, and back; knows no wallet | sockets |
//! | `tray` | with the feature `tray`: the icon in the panel, by `client` alone, without keys | the panel |
//! | `client` | the running server of this home, as the command line finds it | sockets |
//! | `wire` | the API's requests, answers and codes: one struct for one shape, and the contract's schemas from them | nothing: pure |
//! | `wallet` | the shared core: all that the two above can ask for is a method here | the clock and randomness, as handed in |
//! | `identity` | BAP: identities, attributes, what goes on chain, AIP | nothing: pure |
//! | `transaction` | coins: transactions read, built, signed | nothing: pure |
//! | `store` | SQLite: three databases in one home folder | files |
//! | `crypto` | keys, vault, signatures, ciphertexts: each names its specification | nothing: pure |
//! | `text` | foreign text, made safe to show | nothing: pure |
//! | `platform` | what differs between operating systems | the system |
//!
//! The rooms are private; what another program may use of them is re-exported
//! here. A test (`tests/house`) holds the arrows.
//!
//! A type says its state: a [`Wallet`] is a handle to a home folder and cannot
//! sign; [`Wallet::unlock`] gives an [`UnlockedWallet`], which can, and which
//! wipes its keys when it is dropped.
//!
//! # In another program
//!
//! ```no_run
//! use tokenpass::{Environment, Password, Signer, Wallet};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let wallet = Wallet::open("/home/alice/.tokenpass", Environment::system());
//! let unlocked = wallet.unlock(&Password::new("the password".into()))?;
//! let signed = unlocked.sign(&Signer::Host("example.com".parse()?), b"Hello World")?;
//! println!("{} {}", signed.address, signed.signature);
//! # Ok(())
//! # }
//! ```
//!
//! # Words
//!
//! - **wallet**: one person's keys and identities, in one home folder. It exists
//!   or not; it is locked or unlocked.
//! - **seed**: the 64 bytes that BIP-39 makes of the words. **Root key**: the
//!   private key of the BIP-32 master node. All else derives from it (BRC-42).
//! - **host**: an app's origin without its scheme. Each host has its own key.
//! - **access token**: lets one host use some **scopes** until it expires.
//! - **identity**: a BAP identity; its **BAP ID** never changes.
//! - **vault**: the encrypted record in `seed.db`. **Session**: a shell's
//!   time-limited right to use the wallet without the password.

mod cli;
mod client;
mod crypto;
mod http;
mod identity;
mod oauth;
mod platform;
mod server;
mod store;
#[doc(hidden)]
pub mod testing;
mod text;
mod transaction;
#[cfg(feature = "tray")]
mod tray;
mod wallet;
mod wire;

pub use crypto::auth_token::{self, AuthToken, AuthTokenError, Scheme};
pub use crypto::backup_file::Opener;
pub use crypto::bsm::{self, Signature};
pub use crypto::encoding::{Encoding, EncodingError};
pub use crypto::keys::{Address, KeyError, PrivateKey, PublicKey, WrittenAddress};
pub use crypto::mnemonic::{Mnemonic, MnemonicError, Seed};
pub use crypto::secret::Password;
pub use identity::attributes::{AttestationHash, AttributeName, Attributes};
pub use identity::op_return::OpReturn;
pub use identity::{BapId, Identity, IdentityBook, IdentityError};
pub use server::{Listen, LogFormat, ServeError, ServeOptions, Server};
pub use transaction::{
    Amount, Brought, Draft, Input, Outpoint, Output, Signed, Transaction, TransactionError,
    TransactionForm, Txid, Unspent,
};
pub use wallet::{
    AccessError, AccessToken, Asker, AuditEntry, BackedUp, BackupFailure, BackupFolder, BackupMark,
    BackupStatus, BackupText, Decoded, DueBackup, Encoded, Ending, Environment, Event, Expiry,
    Export, FileSignature, FileSignatureError, Finding, Form, Gained, Grant, Granted, Hashed, Host,
    HostError, HostKeyInfo, ImportSource, Imported, KdfPolicy, KeySelector, Level, Merge, Mismatch,
    Object, Origin, OriginError, OriginInfo, OriginStatus, Page, Payer, PermissionInfo,
    PublicKeyInfo, Publication, Purse, Recipient, Registered, Registration, Replace, Revoke, Right,
    RightError, Satoshis, Schedule, Scope, Scopes, Sender, Session, SessionKey, SessionKeyError,
    SignedMessage, Signer, Statement, Status, StreamError, Terms, Timestamp, TokenId, TokenInfo,
    Twice, UnlockedWallet, Wallet, WalletError, WordCount, digest_stream, hash_stream,
};

/// The `tokenpass` program: hardens the process, then runs the command that its
/// arguments name. The exit codes are part of the program's contract.
#[must_use]
pub fn run() -> std::process::ExitCode {
    // If the system refuses, carry on unhardened.
    let _ = platform::process::harden();
    cli::run(std::env::args_os())
}

/// The `tokenpass-tray` program: hardens the process, then shows the wallet's state in
/// the panel, as a client of the running server. Exits with 1 where there is no panel,
/// and with 6 where a tray of this wallet runs already.
#[cfg(feature = "tray")]
#[must_use]
pub fn run_tray() -> std::process::ExitCode {
    // If the system refuses, carry on unhardened.
    let _ = platform::process::harden();
    tray::run(std::env::args_os().skip(1))
}
