//! `tokenpass help`

use clap::error::ErrorKind;
use clap::{Args, Command};
use serde::Serialize;

use crate::cli::error::CliError;
use crate::cli::help;
use crate::cli::terminal::{Outcome, Printout};
use crate::cli::usage;
use crate::text::excerpt;

/// Show help about a command or a topic
///
/// `tokenpass help` lists both.
#[derive(Args)]
#[command(after_help = "Examples:
  tokenpass help sign
  tokenpass help identity create
  tokenpass help exit-codes")]
pub(crate) struct Help {
    /// A command, or a topic
    #[arg(value_name = "COMMAND|TOPIC")]
    about: Vec<String>,
}

/// What is told.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "Help"))]
pub(crate) struct Told {
    /// The command or the topic.
    about: String,
    /// Its help.
    text: String,
}

impl Help {
    /// `rendered` makes the help of a command line out of its words.
    pub(crate) fn run(
        self,
        root: &Command,
        rendered: impl FnOnce(&[String]) -> String,
    ) -> Result<Told, CliError> {
        let about = self.about.join(" ");
        let text = match &self.about[..] {
            [name] => help::topic(name, root),
            _ => None,
        };
        let text = match text {
            Some(text) => text,
            None => {
                self.check(root)?;
                rendered(&self.about)
            }
        };
        Ok(Told { about, text })
    }

    /// Whether the words name a command.
    fn check(&self, root: &Command) -> Result<(), CliError> {
        let mut command = root;
        for (depth, word) in self.about.iter().enumerate() {
            command = match command.find_subcommand(word) {
                Some(below) => below,
                None => return Err(unknown(word, &help::words(command, depth == 0))),
            };
        }
        Ok(())
    }
}

fn unknown(word: &str, words: &Command) -> CliError {
    let message = format!("there is no help about `{}`", excerpt(word, 40));
    let tried = words.clone().try_get_matches_from(["help", word]);
    let suggested = tried
        .err()
        .filter(|error| error.kind() == ErrorKind::InvalidSubcommand)
        .and_then(|error| usage::suggestion(&error));
    CliError::input_hint(
        message,
        suggested.unwrap_or_else(|| "`tokenpass help` lists the commands and topics".to_owned()),
    )
}

impl Outcome for Told {
    fn text(&self, out: &mut Printout) {
        out.raw(self.text.as_bytes());
    }
}
