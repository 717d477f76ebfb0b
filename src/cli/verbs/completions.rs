//! `tokenpass completions`

use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;
use serde::Serialize;

use crate::cli::error::CliError;
use crate::cli::terminal::{Outcome, Printout};

/// Print completions for a shell
#[derive(Args)]
#[command(after_help = "Examples:
  tokenpass completions bash > ~/.local/share/bash-completion/completions/tokenpass
  tokenpass completions fish > ~/.config/fish/completions/tokenpass.fish")]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,

    /// Write the file that the shell looks for into DIR
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
}

#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum Completed {
    Script { shell: String, script: String },
    Written { success: bool, output: PathBuf },
}

impl Completions {
    pub(crate) fn run(self, mut command: clap::Command) -> Result<Completed, CliError> {
        if let Some(dir) = self.output {
            let output = std::fs::create_dir_all(&dir)
                .and_then(|()| {
                    clap_complete::generate_to(self.shell, &mut command, "tokenpass", &dir)
                })
                .map_err(CliError::writing(&dir))?;
            return Ok(Completed::Written {
                success: true,
                output,
            });
        }
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command, "tokenpass", &mut script);
        Ok(Completed::Script {
            shell: self.shell.to_string(),
            script: String::from_utf8_lossy(&script).into_owned(),
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
