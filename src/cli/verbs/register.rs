//! `tokenpass register`

use clap::Args;
use serde::Serialize;

use crate::cli::app::App;
use crate::cli::error::CliError;
use crate::cli::password::PasswordArgs;
use crate::cli::terminal::{Outcome, Printout, Terminal, TerminalError};
use crate::crypto::keys::Address;
use crate::identity::BapId;
use crate::wallet::{Object, Registration, WalletError, WordCount};

/// Create a wallet and its first identity
///
/// Makes new keys from random words, seals them under your password, and
/// prints the BAP ID of the first identity. On a terminal it asks a few
/// questions first, and at the end shows the words once, if you like; they
/// restore everything. Refuses if a wallet exists.
#[derive(Args)]
#[command(after_help = "Examples:
  tokenpass register
  tokenpass register --display-name Ada --password-file ~/.tokenpass-password")]
pub(crate) struct Register {
    /// The name that others see
    #[arg(long, value_name = "NAME")]
    display_name: Option<String>,

    /// Your paymail address
    #[arg(long, value_name = "PAYMAIL")]
    paymail: Option<String>,

    /// The URL of your picture
    #[arg(long, value_name = "URL")]
    logo: Option<String>,

    /// How many words the mnemonic has
    #[arg(long, value_name = "COUNT", default_value = "12", value_parser = ["12", "24"])]
    words: String,

    #[command(flatten)]
    password: PasswordArgs,
}

#[derive(Serialize)]
pub(crate) struct Registered {
    success: bool,
    #[serde(rename = "bapID")]
    bap_id: BapId,
    address: Address,
}

impl Register {
    pub(crate) fn run(mut self, app: &App) -> Result<Registered, CliError> {
        let wallet = app.wallet()?;
        if wallet.exists()? {
            return Err(WalletError::WalletExists.into());
        }
        let given = self.password.read(app.terminal)?;
        let wizard = app.terminal.asks && !app.terminal.json;
        if wizard {
            self.ask(app.terminal)?;
        }
        let password = given.new_one(app.terminal)?;
        let made = wallet.register(&password, self.registration())?;
        if wizard {
            offer_words(app.terminal, &made.mnemonic.expose_phrase())?;
        } else {
            app.terminal
                .note("`tokenpass export` shows the words that restore this wallet");
        }
        Ok(Registered {
            success: true,
            bap_id: made.bap_id,
            address: made.address,
        })
    }

    fn ask(&mut self, terminal: Terminal) -> Result<(), CliError> {
        terminal
            .say("A new wallet. What you leave empty can be set later; all of it is public.")?;
        for (field, question) in [
            (&mut self.display_name, "Name"),
            (&mut self.paymail, "Paymail"),
            (&mut self.logo, "Picture (URL)"),
        ] {
            if field.is_none() {
                *field = terminal.optional(question)?;
            }
        }
        Ok(())
    }

    fn registration(self) -> Registration {
        let fields = [
            ("displayName", self.display_name),
            ("paymail", self.paymail),
            ("logo", self.logo),
        ];
        let profile: Object = fields
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?.into())))
            .collect();
        Registration {
            words: match self.words.as_str() {
                "24" => WordCount::TwentyFour,
                _ => WordCount::Twelve,
            },
            profile,
        }
    }
}

fn offer_words(terminal: Terminal, phrase: &str) -> Result<(), TerminalError> {
    if terminal.confirm("Show the words that restore this wallet, to write them down?")? {
        terminal.show_words("Whoever has these words has the wallet:", phrase)
    } else {
        terminal.say("`tokenpass export` shows them at any time")
    }
}

impl Outcome for Registered {
    fn text(&self, out: &mut Printout) {
        out.aside("The wallet is made. Its BAP ID:");
        out.line(self.bap_id.as_str());
    }
}
