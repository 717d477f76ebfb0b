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
                let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
                unset("NO_COLOR") && !dumb && stream.is_terminal()
            }
        }
    }
}
