//! The command line: parse, ask, call the wallet, print.
//!
//! `verbs` has one file per command. Each is a `clap` struct, whose `run` reads
//! what the command needs, makes one call to [`crate::wallet`], and returns an
//! `Outcome`: a value that the `terminal` writes as text or as JSON. Every
//! error gets its message, hint and exit code in one place, `error`. No wallet
//! logic lives here.

mod app;
mod ciphertext;
mod content;
mod durations;
mod environment;
mod error;
mod exit;
mod input;
mod output;
mod password;
mod terminal;
mod usage;
mod values;
mod verbs;

use std::ffi::OsString;
use std::io;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{ColorChoice, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use self::app::{App, Globals};
use self::error::CliError;
use self::exit::Exit;
use self::terminal::{Color, Terminal, Verbosity};
use self::usage::Early;
use self::verbs::{
    auth, client, completions, decrypt, doctor, encrypt, export, identity, import, key, log, login,
    logout, man, open, origin, passwd, profile, register, run, serve, sign, status, token, verify,
};

/// Keys that sign, encrypt and log you in, from your own machine
///
/// A wallet holds one person's keys and identities in one folder. Every app
/// gets a key of its own, derived from the wallet's words; nothing leaves
/// this machine.
#[derive(Parser)]
#[command(name = "tokenpass", version, max_term_width = 80)]
#[command(arg_required_else_help = true, disable_help_subcommand = true)]
#[command(after_help = EXIT_CODES)]
struct Cli {
    #[command(flatten)]
    globals: Globals,

    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  done; for `verify`: valid
  1  failed: invalid signature, wrong password, damaged file, I/O
  2  bad usage: bad arguments, bad input, a missing answer
  3  there is no wallet yet
  4  locked, or the session has ended
  5  refused: scope, origin, too many attempts, a server that proves nothing
  6  there is one already: a server of this wallet

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
    Auth(auth::Auth),
    Run(run::Run),
    Token(token::Token),
    Sign(sign::Sign),
    Verify(verify::Verify),
    Encrypt(encrypt::Encrypt),
    Decrypt(decrypt::Decrypt),
    Key(key::Key),
    Profile(profile::Profile),
    Identity(identity::Identity),
    Origin(origin::Origin),
    Client(client::Client),
    Log(log::Log),
    Serve(serve::Serve),
    Open(open::Open),
    Completions(completions::Completions),
    Man(man::Man),
}

impl Command {
    fn run(self, app: &App) -> Result<Exit, CliError> {
        let terminal = app.terminal;
        match self {
            Self::Register(verb) => Ok(terminal.show(&verb.run(app)?)?),
            Self::Import(verb) => Ok(terminal.show(&verb.run(app)?)?),
            Self::Login(verb) => Ok(terminal.show(&verb.run(app)?)?),
            Self::Logout(verb) => Ok(terminal.show(&verb.run(app)?)?),
            Self::Status(verb) => verb.run(app),
            Self::Export(verb) => Ok(terminal.show(&verb.run(app)?)?),
            Self::Passwd(verb) => Ok(terminal.show(&verb.run(app)?)?),
            Self::Doctor(verb) => Ok(terminal.show(&verb.run(app)?)?),
            Self::Auth(verb) => Ok(terminal.show(&verb.run(app)?)?),
            Self::Run(verb) => verb.run(app),
            Self::Token(verb) => verb.run(app),
            Self::Sign(verb) => verb.run(app),
            Self::Verify(verb) => verb.run(app),
            Self::Encrypt(verb) => verb.run(app),
            Self::Decrypt(verb) => verb.run(app),
            Self::Key(verb) => Ok(terminal.show(&verb.run(app)?)?),
            Self::Profile(verb) => verb.run(app),
            Self::Identity(verb) => verb.run(app),
            Self::Origin(verb) => verb.run(app),
            Self::Client(verb) => verb.run(app),
            Self::Log(verb) => Ok(terminal.show(&verb.run(app)?)?),
            Self::Serve(verb) => verb.run(app),
            Self::Open(verb) => Ok(terminal.show(&verb.run(app)?)?),
            Self::Completions(verb) => Ok(terminal.show(&verb.run(command())?)?),
            Self::Man(verb) => Ok(terminal.show(&verb.run(command())?)?),
        }
    }
}

/// Runs one command line and says how it ended. Errors are told on stderr.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args: Vec<_> = args.into_iter().collect();
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
    };
    let ended = match parse(&args, color) {
        Ok(cli) => {
            let app = App::new(cli.globals);
            cli.command.run(&app)
        }
        Err(error) => match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
                let text = rendered(&error, color.applies(&io::stdout()));
                terminal::write_stdout(text.as_bytes())
                    .map(|()| Exit::Done)
                    .map_err(CliError::from)
            }
            ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand
                if !early.json =>
            {
                let help = parse(&[&args[..], &["--help".into()]].concat(), color);
                let text = help.err().unwrap_or(error);
                terminal::write_stderr(&rendered(&text, terminal.color));
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

fn parse(args: &[OsString], color: Color) -> Result<Cli, clap::Error> {
    let command = command().color(match color {
        Color::Auto => ColorChoice::Auto,
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
    });
    command
        .try_get_matches_from(args)
        .and_then(|matches| Cli::from_arg_matches(&matches))
}

fn rendered(error: &clap::Error, color: bool) -> String {
    let text = error.render();
    if color {
        text.ansi().to_string()
    } else {
        text.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        command().debug_assert();
    }
}
