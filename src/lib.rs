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
//! main → cli ─────────→ wallet → identity → crypto
//!          └→ server ──→   └───→ store ───↗
//! ```
//!
//! | room | is | may touch |
//! |---|---|---|
//! | [`cli`] | one file a verb: parse, ask, call the wallet, print | the terminal, the environment |
//! | [`server`] | HTTP in, JSON out; checks who asks | sockets, the log |
//! | [`wallet`] | the shared core: all that the two above can ask for is a method here | the clock and randomness, as handed in |
//! | [`identity`] | BAP: identities, attributes, what goes on chain, AIP | nothing: pure |
//! | [`store`] | SQLite: three databases in one home folder | files |
//! | [`crypto`] | keys, vault, signatures, ciphertexts: each names its specification | nothing: pure |
//! | [`text`] | foreign text, made safe to show | nothing: pure |
//! | [`platform`] | what differs between operating systems | the system |
//!
//! A type says its state: a [`wallet::Wallet`] is a handle to a home folder and
//! cannot sign; [`wallet::Wallet::unlock`] gives a [`wallet::UnlockedWallet`],
//! which can, and which wipes its keys when it is dropped.
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

pub mod cli;
mod client;
pub mod crypto;
pub mod http;
pub mod identity;
pub mod platform;
pub mod server;
pub mod store;
pub mod text;
pub mod wallet;

pub use crypto::secret::Password;
pub use wallet::{Environment, Host, Signer, UnlockedWallet, Wallet, WalletError};
