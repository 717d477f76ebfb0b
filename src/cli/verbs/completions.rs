//! `tokenpass completions`

use std::path::PathBuf;

use clap::Args;
use clap_complete::{Generator, Shell};
use serde::Serialize;

use crate::cli::complete;
use crate::cli::error::CliError;
use crate::cli::terminal::{Outcome, Printout};

/// Print the script that completes commands in a shell
///
/// The script asks the program what fits: hosts, identities, tokens and origins
/// of your wallet, beside commands, options and their values. Nothing is
/// unlocked for that; names of identities are completed in a shell that has a
/// session. In zsh, DIR has to be in `$fpath` before `compinit` runs.
#[derive(Args)]
#[command(after_help = "Examples:
  source <(tokenpass completions bash)
  tokenpass completions zsh --output ~/.zfunc
  tokenpass completions fish --output ~/.config/fish/completions")]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,

    /// Write the file that the shell looks for into DIR
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub(crate) enum Completed {
    Script {
        shell: String,
        script: String,
    },
    Written {
        success: bool,
        #[cfg_attr(test, schemars(with = "String"))]
        output: PathBuf,
    },
}

impl Completions {
    pub(crate) fn run(self) -> Result<Completed, CliError> {
        let script = complete::script(self.shell);
        let Some(dir) = self.output else {
            return Ok(Completed::Script {
                shell: self.shell.to_string(),
                script,
            });
        };
        let output = dir.join(self.shell.file_name("tokenpass"));
        std::fs::create_dir_all(&dir)
            .and_then(|()| std::fs::write(&output, script))
            .map_err(CliError::writing(&dir))?;
        Ok(Completed::Written {
            success: true,
            output,
        })
    }
}

impl Outcome for Completed {
    fn text(&self, out: &mut Printout) {
        match self {
            Self::Script { script, .. } => out.raw(script.as_bytes()),
            Self::Written { output, .. } => out.line(&output.display().to_string()),
        }
    }
}
