//! `tokenpass version`

use clap::Args;
use serde::Serialize;

use crate::cli::terminal::{Outcome, Printout};

/// Print the version
#[derive(Args)]
pub(crate) struct Version {}

/// The program and its version.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "Version"))]
pub(crate) struct Versioned {
    /// `tokenpass`.
    name: &'static str,
    /// As `tokenpass --version` has it.
    version: &'static str,
}

impl Version {
    pub(crate) fn run(self) -> Versioned {
        Versioned {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

impl Outcome for Versioned {
    fn text(&self, out: &mut Printout) {
        out.line(&format!("{} {}", self.name, self.version));
    }
}
