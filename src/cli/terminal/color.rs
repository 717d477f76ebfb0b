//! When to use colours.

use std::env;
use std::io::IsTerminal;

use clap::ValueEnum;

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Color {
    /// Whether text for a stream gets colours.
    pub(crate) fn applies(self, stream: &impl IsTerminal) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => {
                let unset = |name| env::var_os(name).is_none_or(|value| value.is_empty());
                unset("NO_COLOR") && !is_dumb() && stream.is_terminal()
            }
        }
    }
}

/// Whether the terminal shows lines, and nothing else.
pub(super) fn is_dumb() -> bool {
    env::var_os("TERM").is_some_and(|term| term == "dumb")
}
