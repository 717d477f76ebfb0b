//! Kinds of keys, addresses and secrets: the name of what was given where another
//! belongs. Told apart in [`recognise`](super::recognise).

use std::fmt;

/// What a text is, told by its form and, where it has one, its checksum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A mainnet private key (WIF).
    Wif,
    /// A testnet private key (WIF).
    TestnetWif,
    /// A private key that a passphrase encrypts.
    Bip38,
    /// A private key in Casascius' short form.
    MiniKey,
    /// A key as Electrum exports it, with its script type before it.
    ElectrumKey,
    /// 64 hex digits.
    Hex32,
    /// 128 hex digits.
    Hex64,
    /// Other hex digits.
    Hex,
    /// A public key in hex.
    PublicKey,
    /// `xprv`.
    ExtendedPrivateKey,
    /// `xpub`.
    ExtendedPublicKey,
    /// `yprv`, `zprv` and the like.
    SegwitExtendedKey,
    /// `tprv`, `tpub` and the like.
    TestnetExtendedKey,
    /// A mainnet P2PKH address.
    Address,
    /// A mainnet P2SH address.
    ScriptAddress,
    /// A testnet address.
    TestnetAddress,
    /// A mainnet SegWit address.
    Bech32Address,
    /// A mainnet Taproot address.
    TaprootAddress,
    /// A testnet SegWit address.
    TestnetBech32Address,
    /// An address of Bitcoin Cash.
    CashAddress,
    /// JSON.
    Json,
    /// Several words.
    Words,
    /// The words of an Electrum seed.
    ElectrumSeed,
    /// A backup of `bitcoin-backup`.
    Backup,
    /// A bitcoin-auth token.
    AuthToken,
    /// A URL, with the scheme.
    Url,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Wif => "a private key in WIF",
            Self::TestnetWif => "a testnet private key in WIF",
            Self::Bip38 => "a private key encrypted with a passphrase (BIP-38): decrypt it first",
            Self::MiniKey => "a mini private key: convert it to WIF first",
            Self::ElectrumKey => "a key as Electrum exports it: give only what follows the colon",
            Self::Hex32 => "32 bytes of hex, like a bare private key",
            Self::Hex64 => "64 bytes of hex, like a BIP-39 seed",
            Self::Hex => "hex",
            Self::PublicKey => "a public key",
            Self::ExtendedPrivateKey => "an extended private key (xprv)",
            Self::ExtendedPublicKey => "an extended public key (xpub), which cannot sign",
            Self::SegwitExtendedKey => {
                "an extended key of a SegWit wallet (yprv, zprv or the like)"
            }
            Self::TestnetExtendedKey => "an extended key of testnet (tprv or the like)",
            Self::Address => "an address",
            Self::ScriptAddress => "a script (P2SH) address",
            Self::TestnetAddress => "a testnet address",
            Self::Bech32Address => "a SegWit (bech32) address",
            Self::TaprootAddress => "a Taproot (bech32m) address",
            Self::TestnetBech32Address => "a testnet SegWit (bech32) address",
            Self::CashAddress => "a Bitcoin Cash address",
            Self::Json => "JSON",
            Self::Words => "words, like a mnemonic",
            Self::ElectrumSeed => "an Electrum seed, which is no BIP-39 mnemonic",
            Self::Backup => "base64, like a backup (.bep)",
            Self::AuthToken => "a bitcoin-auth token",
            Self::Url => "a URL",
        })
    }
}

impl Kind {
    /// Whether it is a key that nobody but its owner should see.
    #[must_use]
    pub fn is_secret(self) -> bool {
        matches!(
            self,
            Self::Wif
                | Self::TestnetWif
                | Self::Bip38
                | Self::MiniKey
                | Self::ElectrumKey
                | Self::Hex32
                | Self::Hex64
                | Self::ExtendedPrivateKey
                | Self::SegwitExtendedKey
                | Self::TestnetExtendedKey
                | Self::Words
        )
    }
}
