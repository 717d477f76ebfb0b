//! `tokenpass man`

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::cli::error::CliError;
use crate::cli::help::manual;
use crate::cli::terminal::{Outcome, Printout, TerminalError};

/// Print the manual page, or write one page for each command
#[derive(Args)]
#[command(after_help = "Examples:
  tokenpass man | man -l -
  tokenpass man --output ~/.local/share/man/man1")]
pub(crate) struct Man {
    /// Write the pages of all commands into DIR
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub(crate) enum Manual {
    Printed {
        page: String,
    },
    Written {
        success: bool,
        #[cfg_attr(test, schemars(with = "String"))]
        output: PathBuf,
    },
}

impl Man {
    pub(crate) fn run(self, command: clap::Command) -> Result<Manual, CliError> {
        let pages = manual::pages(command).map_err(TerminalError::Stdout)?;
        if let Some(output) = self.output {
            std::fs::create_dir_all(&output)
                .and_then(|()| {
                    let mut pages = pages.iter();
                    pages.try_for_each(|(name, page)| std::fs::write(output.join(name), page))
                })
                .map_err(CliError::writing(&output))?;
            return Ok(Manual::Written {
                success: true,
                output,
            });
        }
        // The first is that of the program.
        let page = pages.into_iter().next().map(|(_, page)| page);
        Ok(Manual::Printed {
            page: String::from_utf8_lossy(&page.unwrap_or_default()).into_owned(),
        })
    }
}

impl Outcome for Manual {
    fn text(&self, out: &mut Printout) {
        match self {
            Self::Printed { page: text } => out.raw(text.as_bytes()),
            Self::Written { output, .. } => out.line(&output.display().to_string()),
        }
    }
}
