//! Keys, addresses, mnemonics.
