//! What every command runs with: the wallet's folder and the terminal.

use std::env;
use std::io;
use std::path::{Path, PathBuf};

use clap::{ArgAction, Args};
use zeroize::Zeroizing;

use super::error::CliError;
use super::password::Given;
use super::terminal::{Color, Terminal, Verbosity};
use crate::client::{self, ClientError, HomeServer, ProvenServer, ServerUrl};
use crate::crypto::secret::Password;
use crate::platform::home;
use crate::platform::terminal::Tty;
use crate::wallet::{Environment, SessionKey, UnlockedWallet, Wallet, WalletError};

/// Options that every command takes.
#[derive(Args)]
pub(crate) struct Globals {
    /// The wallet's folder [default: ~/.tokenpass]
    #[arg(
        long,
        global = true,
        help_heading = "Global options",
        value_name = "DIR",
        env = "TOKENPASS_HOME",
        hide_env_values = true
    )]
    home: Option<PathBuf>,

    /// Print one JSON document, also for errors
    #[arg(long, global = true, help_heading = "Global options")]
    json: bool,

    /// Print errors only, no notes or warnings
    #[arg(
        short,
        long,
        global = true,
        help_heading = "Global options",
        conflicts_with = "verbose"
    )]
    quiet: bool,

    /// Say more on standard error
    #[arg(short, long, global = true, help_heading = "Global options", action = ArgAction::Count)]
    verbose: u8,

    /// When to use colours
    #[arg(
        long,
        global = true,
        help_heading = "Global options",
        value_name = "WHEN",
        default_value = "auto",
        hide_possible_values = true
    )]
    #[arg(help = "When to use colours: auto, always, never (NO_COLOR is respected)")]
    color: Color,

    /// Never ask; fail if an answer is missing
    #[arg(long, global = true, help_heading = "Global options")]
    no_input: bool,

    /// Do not show long lists a screenful at a time with $PAGER
    #[arg(long, global = true, help_heading = "Global options")]
    no_pager: bool,

    /// Do not unlock with the running server; with `serve`, let no command do
    #[arg(long, global = true, help_heading = "Global options")]
    no_agent: bool,
}

/// What every command runs with.
pub(crate) struct App {
    /// Where results and notes go, and who is asked.
    pub(crate) terminal: Terminal,
    /// Whether commands and the running server leave each other alone.
    pub(crate) no_agent: bool,
    home: Option<PathBuf>,
}

impl App {
    pub(crate) fn new(globals: Globals) -> Self {
        let verbosity = match (globals.quiet, globals.verbose) {
            (true, _) => Verbosity::Quiet,
            (false, 0) => Verbosity::Normal,
            (false, _) => Verbosity::Verbose,
        };
        Self {
            terminal: Terminal {
                json: globals.json,
                verbosity,
                color: globals.color.applies(&io::stderr()),
                asks: !globals.no_input && Tty::open().is_ok(),
                pager: !globals.no_pager,
            },
            no_agent: globals.no_agent,
            home: globals.home.filter(|home| !home.as_os_str().is_empty()),
        }
    }

    /// The wallet in the chosen home folder. Touches nothing on disk.
    pub(crate) fn wallet(&self) -> Result<Wallet, CliError> {
        let terminal = self.terminal;
        self.wallet_warning(move |text| terminal.warn(text))
    }

    /// The wallet, with another place for what it warns of.
    pub(crate) fn wallet_warning(
        &self,
        warn: impl Fn(&str) + Send + Sync + 'static,
    ) -> Result<Wallet, CliError> {
        let wallet = self.wallet_as_it_is(warn)?;
        wallet.refuse_newer()?;
        Ok(wallet)
    }

    /// The wallet, be it of a newer version.
    pub(crate) fn wallet_as_it_is(
        &self,
        warn: impl Fn(&str) + Send + Sync + 'static,
    ) -> Result<Wallet, CliError> {
        let home = home::folder(self.home.as_deref())?;
        Ok(Wallet::open(home, environment().with_warnings(warn)))
    }

    /// The wallet, which must exist.
    pub(crate) fn existing_wallet(&self) -> Result<Wallet, CliError> {
        let wallet = self.wallet()?;
        if wallet.exists()? {
            Ok(wallet)
        } else {
            Err(WalletError::NoWallet.into())
        }
    }

    /// Unlocks: with a password that an option gives, else with the live session
    /// of this shell, else with one that the running server of this home hands
    /// out, else with the password.
    pub(crate) fn unlock(&self, given: Given) -> Result<UnlockedWallet, CliError> {
        let wallet = self.wallet()?;
        if given.is_explicit() {
            return self.unlock_with_password(&wallet, given);
        }
        let ended = match session().map(|key| Ok(wallet.resume(&key?)?)) {
            Some(Ok(unlocked)) => {
                self.terminal
                    .detail("unlocked with the session of this shell");
                return Ok(unlocked);
            }
            Some(Err(
                error @ (CliError::Wallet(WalletError::SessionEnded) | CliError::NotASession),
            )) => Some(error),
            Some(Err(error)) => return Err(error),
            None => None,
        };
        if let Some(unlocked) = self.unlock_with_server(&wallet) {
            return Ok(unlocked);
        }
        match ended {
            Some(error) if given.is_nothing() && !self.terminal.asks => return Err(error),
            // A password, if there is one, decides instead.
            Some(_) => self.terminal.note("the session of this shell has ended"),
            None => {}
        }
        self.unlock_with_password(&wallet, given)
    }

    /// Unlocks with a short session of the running server of this home. If that
    /// cannot be, there still is the password.
    fn unlock_with_server(&self, wallet: &Wallet) -> Option<UnlockedWallet> {
        if self.no_agent {
            return None;
        }
        let unlocked = HomeServer::of(wallet.home())
            .transpose()?
            .and_then(|server| {
                let session = server.session()?;
                Ok((server, session))
            });
        let resumed = unlocked
            .map_err(CliError::from)
            .and_then(|(server, session)| {
                let key = session.parse().map_err(|_| CliError::NotASession)?;
                Ok((server, wallet.resume(&key)?))
            });
        match resumed {
            Ok((server, unlocked)) => {
                let url = server.url();
                self.terminal
                    .detail(&format!("unlocked with the server at `{url}`"));
                Some(unlocked)
            }
            Err(error @ CliError::Client(ClientError::NotProven(_))) => {
                self.terminal.warn(&error.complaint().message);
                None
            }
            Err(error) => {
                let why = error.complaint().message;
                self.terminal
                    .detail(&format!("not unlocked with a server: {why}"));
                None
            }
        }
    }

    /// The running server of this wallet, proven; `named` must be that one.
    pub(crate) fn proven_server(
        &self,
        named: Option<&ServerUrl>,
    ) -> Result<ProvenServer, CliError> {
        let wallet = self.wallet()?;
        let id = wallet.id()?.map(|id| id.to_string());
        client::proven(wallet.home(), id.as_deref(), named).map_err(|error| match error {
            ClientError::NotRunning if id.is_none() => WalletError::NoWallet.into(),
            other => other.into(),
        })
    }

    /// Unlocks with the password, whether or not there is a session.
    pub(crate) fn unlock_with_password(
        &self,
        wallet: &Wallet,
        given: Given,
    ) -> Result<UnlockedWallet, CliError> {
        if !wallet.exists()? {
            return Err(WalletError::NoWallet.into());
        }
        given.open(self.terminal, |password| Ok(wallet.unlock(&password)?))
    }

    /// The wallet's password, for what needs it beside something else. If it
    /// is asked for it is tried, before anything else is asked.
    pub(crate) fn right_password(
        &self,
        wallet: &Wallet,
        given: Given,
    ) -> Result<Password, CliError> {
        let asked = given.is_nothing();
        given.open(self.terminal, |password| {
            if asked {
                wallet.unlock(&password)?;
            }
            Ok(password)
        })
    }
}

/// The wallet in this folder, else in the usual one, to read what is there: it
/// is not changed, nobody is waited for, nothing is warned of.
pub(crate) fn wallet_to_look_at(home: Option<&Path>) -> Result<Wallet, CliError> {
    let environment = environment().with_warnings(|_| ());
    Ok(Wallet::open_to_look(home::folder(home)?, environment))
}

/// The session of this shell, from `TOKENPASS_SESSION`; an empty value is none.
pub(crate) fn session() -> Option<Result<SessionKey, CliError>> {
    let value = env::var_os("TOKENPASS_SESSION").filter(|value| !value.is_empty())?;
    let text = value.into_string().map(Zeroizing::new);
    Some(match text.map(|text| text.parse()) {
        Ok(Ok(key)) => Ok(key),
        _ => Err(CliError::NotASession),
    })
}

fn environment() -> Environment {
    let environment = Environment::system();
    // Spares the tests seconds of key derivation. No release has it.
    #[cfg(debug_assertions)]
    if let Some(iterations) = env::var("TOKENPASS_INSECURE_TEST_KDF_ITERATIONS")
        .ok()
        .and_then(|text| text.parse().ok())
    {
        use crate::wallet::KdfPolicy;
        return environment.with_kdf(KdfPolicy::insecure_for_tests(iterations));
    }
    environment
}
