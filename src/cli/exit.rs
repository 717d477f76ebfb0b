//! Exit codes: part of the contract with scripts.

use std::process::ExitCode;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done; for `verify`: valid.
    Done,
    /// Failed: invalid signature, wrong password, damaged vault, I/O.
    Failed,
    /// Bad usage: bad arguments, bad input, a missing answer.
    Usage,
    /// There is no wallet yet.
    NoWallet,
    /// The wallet is locked, or the session has ended.
    Locked,
    /// Refused: scope, origin, too many attempts, a server that proves nothing.
    Refused,
    /// There is one already: a server of this home.
    Taken,
    /// As the program ended that was run.
    OfProgram(u8),
}

impl Exit {
    /// The number the shell sees.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::NoWallet => 3,
            Self::Locked => 4,
            Self::Refused => 5,
            Self::Taken => 6,
            Self::OfProgram(code) => code,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
