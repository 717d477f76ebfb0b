//! `tokenpass register`

use clap::Args;
use serde::Serialize;

use crate::cli::app::App;
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::password::PasswordArgs;
use crate::cli::terminal::{Outcome, Printout, Secret, Terminal, TerminalError};
use crate::crypto::keys::Address;
use crate::crypto::mnemonic::Mnemonic;
use crate::identity::BapId;
use crate::wallet::{Host, Object, Registration, WalletError, WordCount};

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
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Registered {
    success: bool,
    #[serde(rename = "bapID")]
    bap_id: BapId,
    address: Address,
}

impl Register {
    pub(crate) fn run(mut self, app: &App) -> Result<Exit, CliError> {
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
        // Told before anything else is asked: the wallet is there now.
        let exit = app.terminal.show(&Registered {
            success: true,
            bap_id: made.bap_id,
            address: made.address,
        })?;
        if !wizard || !offer_words(app.terminal, &made.mnemonic)? {
            app.terminal
                .note("`tokenpass export` shows the words that restore this wallet");
        }
        Ok(exit)
    }

    fn ask(&mut self, terminal: Terminal) -> Result<(), CliError> {
        if [&self.display_name, &self.paymail, &self.logo]
            .iter()
            .all(|given| given.is_some())
        {
            return Ok(());
        }
        terminal
            .say("A new wallet. What you leave empty can be set later; all of it is public.")?;
        type Check = fn(&str) -> Result<(), String>;
        for (field, question, check) in [
            (&mut self.display_name, "Name", name as Check),
            (&mut self.paymail, "Paymail", paymail),
            (&mut self.logo, "Picture (URL)", picture),
        ] {
            if field.is_none() {
                *field = terminal.optional(question, check)?;
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

/// Whether the words were shown.
fn offer_words(terminal: Terminal, words: &Mnemonic) -> Result<bool, TerminalError> {
    let shown = terminal.forgets() && terminal.offer("Show the words that restore it?")?;
    if shown {
        let words = Secret::Words(words.expose_phrase());
        terminal.show_secret("Whoever has these words has the wallet:", vec![words])?;
    }
    Ok(shown)
}

/// The longest answer, in characters.
const LONGEST_NAME: usize = 200;

fn name(text: &str) -> Result<(), String> {
    if text.chars().count() > LONGEST_NAME {
        return Err(format!("a name has at most {LONGEST_NAME} characters"));
    }
    Ok(())
}

fn paymail(text: &str) -> Result<(), String> {
    let shaped = text.split_once('@').is_some_and(|(user, domain)| {
        let labels = || domain.split('.');
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-_.+".contains(c);
        !user.is_empty()
            && user.chars().all(allowed)
            && labels().count() >= 2
            && labels().all(|label| !label.is_empty())
            && domain.parse::<Host>().is_ok()
    });
    if shaped {
        Ok(())
    } else {
        Err("a paymail is like `ada@example.com`".to_owned())
    }
}

fn picture(text: &str) -> Result<(), String> {
    let web = || {
        let url = url::Url::parse(text).ok();
        url.is_some_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
    };
    let bare = !text.contains(|c: char| c.is_whitespace() || c.is_control());
    if bare && (text.starts_with("data:image/") || web()) {
        Ok(())
    } else {
        Err("a picture is an `https:`, `http:` or `data:image/` URL".to_owned())
    }
}

impl Outcome for Registered {
    fn text(&self, out: &mut Printout) {
        out.aside("The wallet is made. Its BAP ID:");
        out.line(self.bap_id.as_str());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_what_was_asked_for() {
        for right in ["ada@example.com", "ada.l+x@pay.example.co.uk"] {
            assert_eq!(paymail(right), Ok(()), "{right}");
        }
        for wrong in [
            "eval \"$(tokenpass login --shell sh)\"",
            "ada",
            "ada@",
            "@example.com",
            "ada@example",
            "ada@example..com",
            "ada@b@example.com",
            "ada@example.com/x",
            "a da@example.com",
        ] {
            assert!(paymail(wrong).is_err(), "{wrong}");
        }
        for right in [
            "https://a.example/x.png",
            "http://a.example",
            "data:image/png;base64,AA==",
        ] {
            assert_eq!(picture(right), Ok(()), "{right}");
        }
        for wrong in [
            "tokenpass status",
            "a.png",
            "javascript:1",
            "https://",
            "https://a b",
            "data:text/html,x",
        ] {
            assert!(picture(wrong).is_err(), "{wrong}");
        }
    }
}
