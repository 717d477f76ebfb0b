//! Exit codes: part of the contract with scripts.

use std::process::ExitCode;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Done; for `verify`: valid.
    Done = 0,
    /// Failed: invalid signature, wrong password, damaged vault, I/O.
    Failed = 1,
    /// Bad usage: bad arguments, bad input, a missing answer.
    Usage = 2,
    /// There is no wallet yet.
    NoWallet = 3,
    /// The wallet is locked, or the session has ended.
    Locked = 4,
    /// Refused: scope, origin, too many attempts, a server that proves nothing.
    Refused = 5,
    /// There is one already: a server of this home.
    Taken = 6,
}

impl Exit {
    /// The number the shell sees.
    pub(crate) fn code(self) -> u8 {
        self as u8
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
