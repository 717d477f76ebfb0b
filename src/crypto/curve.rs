//! The context of libsecp256k1, in which it blinds what it computes with a
//! secret scalar and the generator: signatures and public keys.
//!
//! The library is constant time without it. Blinding is a second wall, against
//! who measures power or radiation, or a compiler that undid the first. Its
//! header (`secp256k1_context_randomize`) asks for fresh randomness when a
//! context is made, and recommends it again "before every few computations
//! involving secret keys". So it is done here: each thread's context is seeded
//! by the system before its first use, and again after every [`USES`].
//!
//! The crate from 0.32 on has no way to say so: it seeds nothing at first and,
//! without its random generator, seeds after every use from the key and the
//! message. One seeding costs as much as a signature.

use std::cell::RefCell;

use secp256k1::{All, Secp256k1};
use zeroize::Zeroizing;

/// Computations with secret scalars under one blinding: at this, seeding is a
/// sixteenth of what a signature costs.
const USES: u32 = 16;

thread_local! {
    static CONTEXT: RefCell<Blinded> = RefCell::new(Blinded::new());
}

struct Blinded {
    context: Secp256k1<All>,
    uses_left: u32,
}

impl Blinded {
    fn new() -> Self {
        Self {
            context: Secp256k1::new(),
            uses_left: 0,
        }
    }

    fn for_secrets(&mut self) -> &Secp256k1<All> {
        if self.uses_left == 0 {
            self.seed();
        }
        self.uses_left = self.uses_left.saturating_sub(1);
        &self.context
    }

    /// Where the system gives no randomness the last blinding stays, and is
    /// tried again at the next use: no reason to refuse a signature.
    fn seed(&mut self) {
        let mut seed = Zeroizing::new([0; 32]);
        if getrandom::fill(&mut *seed).is_ok() {
            self.context.seeded_randomize(&seed);
            self.uses_left = USES;
        }
    }
}

/// Lends the context for a computation with a secret scalar.
pub(super) fn with_secret<T>(work: impl FnOnce(&Secp256k1<All>) -> T) -> T {
    CONTEXT.with_borrow_mut(|blinded| work(blinded.for_secrets()))
}

/// Lends the context for one with public values only.
pub(super) fn with_public<T>(work: impl FnOnce(&Secp256k1<All>) -> T) -> T {
    CONTEXT.with_borrow(|blinded| work(&blinded.context))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_blinding_is_fresh_before_the_first_use_and_after_every_few() {
        let mut blinded = Blinded::new();
        let mut seeded = 0;
        for _ in 0..3 * USES {
            let left = blinded.uses_left;
            blinded.for_secrets();
            seeded += u32::from(blinded.uses_left >= left);
        }
        assert_eq!(seeded, 3);
    }
}
