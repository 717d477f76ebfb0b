//! The command line: parse, ask, call the wallet, print.
//!
//! `verbs` has one file per command. Each is a `clap` struct, whose `run` reads
//! what the command needs, makes one call to [`crate::wallet`], and returns an
//! `Outcome`: a value that the `terminal` writes as text or as JSON. Every
//! error gets its message, hint and exit code in one place, `error`. No wallet
//! logic lives here.

mod app;
mod ciphertext;
mod complete;
mod contacts;
mod content;
mod durations;
mod environment;
mod error;
mod exit;
mod help;
mod input;
mod output;
mod password;
mod sharing;
mod terminal;
mod usage;
mod values;
mod verbs;
mod verdict;

use std::ffi::OsString;
use std::io;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use self::app::{App, Globals};
use self::error::CliError;
use self::exit::Exit;
use self::terminal::{Color, Terminal, Verbosity};
use self::usage::Early;
use self::verbs::{
    auth, backup, certificate, client, completions, contact, decrypt, doctor, encrypt, export,
    identity, import, key, log, login, logout, man, open, origin, passwd, permission, profile,
    register, run, serve, service, sign, status, token, transaction, tray, verify,
};
use crate::platform::memory::wiped_stack;

/// Keys that sign, encrypt and log you in, from your own machine
///
/// A wallet holds one person's keys and identities in one folder. Every app
/// gets a key of its own, derived from the wallet's words; nothing leaves
/// this machine.
#[derive(Parser)]
#[command(name = "tokenpass", version, max_term_width = 80)]
#[command(arg_required_else_help = true, disable_help_subcommand = true)]
#[command(after_help = EXAMPLES)]
struct Cli {
    #[command(flatten)]
    globals: Globals,

    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  tokenpass register
  eval \"$(tokenpass login --shell sh)\"
  tokenpass sign \"Hello World\" --host example.com";

#[derive(Subcommand)]
enum Command {
    Register(register::Register),
    Import(import::Import),
    Login(login::Login),
    Logout(logout::Logout),
    Status(status::Status),
    Export(export::Export),
    Passwd(passwd::Passwd),
    Doctor(doctor::Doctor),
    Backup(backup::Backup),
    Auth(auth::Auth),
    Run(run::Run),
    Token(token::Token),
    Sign(sign::Sign),
    Verify(verify::Verify),
    Encrypt(encrypt::Encrypt),
    Decrypt(decrypt::Decrypt),
    Key(key::Key),
    Transaction(transaction::Transaction),
    Contact(contact::Contacts),
    Certificate(certificate::Certificate),
    Profile(profile::Profile),
    Identity(identity::Identity),
    Origin(origin::Origin),
    Permission(permission::Permission),
    Client(client::Client),
    Log(log::Log),
    Serve(serve::Serve),
    Open(open::Open),
    Tray(tray::Tray),
    Service(service::Service),
    Completions(completions::Completions),
    Man(man::Man),
    Help(verbs::help::Help),
    Version(verbs::version::Version),
}

impl Command {
    fn run(self, app: &App, color: Color) -> Result<Exit, CliError> {
        let terminal = app.terminal;
        match self {
            Self::Register(verb) => verb.run(app),
            Self::Import(verb) => Ok(terminal.show(&verb.run(app)?)?),
            Self::Login(verb) => Ok(terminal.show(&verb.run(app)?)?),
            Self::Logout(verb) => Ok(terminal.show(&verb.run(app)?)?),
            Self::Status(verb) => verb.run(app),
            Self::Export(verb) => Ok(terminal.show(&verb.run(app)?)?),
            Self::Passwd(verb) => Ok(terminal.show(&verb.run(app)?)?),
            Self::Doctor(verb) => Ok(terminal.show(&verb.run(app)?)?),
            Self::Backup(verb) => verb.run(app),
            Self::Auth(verb) => Ok(terminal.show(&verb.run(app)?)?),
            Self::Run(verb) => verb.run(app),
            Self::Token(verb) => verb.run(app),
            Self::Sign(verb) => verb.run(app),
            Self::Verify(verb) => verb.run(app),
            Self::Encrypt(verb) => verb.run(app),
            Self::Decrypt(verb) => verb.run(app),
            Self::Key(verb) => verb.run(app),
            Self::Contact(verb) => verb.run(app),
            Self::Transaction(verb) => verb.run(app),
            Self::Certificate(verb) => verb.run(app),
            Self::Profile(verb) => verb.run(app),
            Self::Identity(verb) => verb.run(app),
            Self::Origin(verb) => verb.run(app),
            Self::Permission(verb) => verb.run(app),
            Self::Client(verb) => verb.run(app),
            Self::Log(verb) => Ok(terminal.show(&verb.run(app)?)?),
            Self::Serve(verb) => verb.run(app),
            Self::Open(verb) => Ok(terminal.show(&verb.run(app)?)?),
            Self::Tray(verb) => verb.run(app),
            Self::Service(verb) => verb.run(app),
            Self::Completions(verb) => Ok(terminal.show(&verb.run()?)?),
            Self::Man(verb) => Ok(terminal.show(&verb.run(command())?)?),
            Self::Help(verb) => {
                let color = color.applies(&io::stdout()) && !terminal.json;
                let told = verb.run(&command(), |words| help_of(words, color))?;
                Ok(terminal.show(&told)?)
            }
            Self::Version(verb) => Ok(terminal.show(&verb.run())?),
        }
    }
}

/// Runs one command line and says how it ended. Errors are told on stderr.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args: Vec<_> = args.into_iter().collect();
    if let Some(shell) = complete::asking_shell() {
        complete::answer(shell, &args, command());
        return Exit::Done.into();
    }
    let early = Early::scan(&args);
    let color = early
        .color
        .and_then(|when| Color::from_str(&when, false).ok());
    let color = color.unwrap_or(Color::Auto);
    let terminal = Terminal {
        json: early.json,
        verbosity: Verbosity::Normal,
        color: color.applies(&io::stderr()),
        asks: false,
        pager: false,
    };
    let ended = match parse(&args) {
        Ok(cli) => {
            let app = App::new(cli.globals);
            wiped_stack(|| cli.command.run(&app, color))
        }
        Err(error) => match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
                let text = told(&args, color.applies(&io::stdout()));
                terminal::write_stdout(text.as_bytes())
                    .map(|()| Exit::Done)
                    .map_err(CliError::from)
            }
            ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand
                if !early.json =>
            {
                let args = [&args[..], &["--help".into()]].concat();
                terminal::write_stderr(&told(&args, terminal.color));
                Ok(Exit::Usage)
            }
            _ => Err(usage::explain(&error, &args, &command())),
        },
    };
    let exit = ended.unwrap_or_else(|error| {
        let complaint = error.complaint();
        terminal.complain(&complaint);
        complaint.exit
    });
    exit.into()
}

/// The whole command line as `clap` has it: what manual pages, completions and
/// tests are made from.
#[must_use]
pub fn command() -> clap::Command {
    Cli::command()
}

fn parse(args: &[OsString]) -> Result<Cli, clap::Error> {
    let matches = command().try_get_matches_from(args)?;
    Cli::from_arg_matches(&matches)
}

/// The help or the version that these arguments ask for.
fn told(args: &[OsString], color: bool) -> String {
    let Err(error) = help::presented(command()).try_get_matches_from(args) else {
        return String::new();
    };
    let text = error.render();
    help::softened(&if color {
        text.ansi().to_string()
    } else {
        text.to_string()
    })
}

/// The help of the command that these words name.
fn help_of(words: &[String], color: bool) -> String {
    let words = words.iter().map(String::as_str);
    let args = ["tokenpass"].into_iter().chain(words).chain(["--help"]);
    told(&args.map(OsString::from).collect::<Vec<_>>(), color)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        command().debug_assert();
    }
}
