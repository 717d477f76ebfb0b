//! TokenPass in another Rust program: a wallet in a folder of your own, a
//! signature, and its verification.
//!
//! ```sh
//! cargo run --example embed
//! ```

#![allow(clippy::print_stdout, reason = "what it prints is what it is for")]

use std::error::Error;

use tokenpass::{Environment, Password, Registration, Signer, Wallet, bsm};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let wallet = Wallet::open(folder.path().join("wallet"), Environment::system());

    // Once: makes the wallet. Keep `registered.mnemonic`, it restores all.
    let password = Password::new("a password of your own".into());
    let registered = wallet.register(&password, Registration::default())?;
    println!("identity   {}", registered.bap_id);

    // Later: unlock, and sign with the key of a host.
    let unlocked = wallet.unlock(&password)?;
    let host = "example.com".parse()?;
    let signed = unlocked.sign(&Signer::Host(host), b"Hello World")?;
    println!("address    {}", signed.address);
    println!("signature  {}", signed.signature);

    let valid = bsm::verify(b"Hello World", &signed.signature, &signed.address);
    println!("valid      {valid}");
    Ok(())
}
