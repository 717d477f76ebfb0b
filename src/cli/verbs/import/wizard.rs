//! What to import, asked on the terminal. Nothing secret is shown while it is
//! typed or pasted.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::source::{Source, backup_text};
use crate::cli::app::App;
use crate::cli::error::CliError;
use crate::cli::terminal::{Question, Terminal, TerminalError};
use crate::crypto::keys::{KeyError, PrivateKey};
use crate::crypto::mnemonic::{self, Mnemonic, MnemonicError, Seed};
use crate::crypto::secret::Password;
use crate::platform::home;
use crate::wallet::ImportSource;

const KINDS: [&str; 6] = [
    "words (12 to 24)",
    "a seed (128 hex digits)",
    "an extended private key (xprv…)",
    "a root key in wallet import format",
    "a backup (.bep)",
    "the folder of TokenPass Desktop",
];

/// Asks for all of it.
pub(super) fn source(app: &App) -> Result<Source, CliError> {
    let terminal = app.terminal;
    if !terminal.asks || terminal.json {
        return Err(CliError::input_hint(
            "missing one of `--mnemonic-file <FILE>`, `--seed-file <FILE>`, \
             `--xprv-file <FILE>`, `--wif-file <FILE>`, `--backup <FILE>`, `--desktop <DIR>`",
            "`tokenpass import --help` says more",
        ));
    }
    let key = |ask, parse: fn(&str) -> Result<PrivateKey, KeyError>| {
        parsed(terminal, ask, parse).map(ImportSource::RootKey)
    };
    Ok(Source::Whole(
        match terminal.choose("What do you have?", &KINDS)? {
            0 => ImportSource::Mnemonic {
                mnemonic: words(terminal)?,
                passphrase: bip39_passphrase(terminal)?,
            },
            1 => ImportSource::Seed(parsed(terminal, "Seed", Seed::from_hex)?),
            2 => key("Extended private key", mnemonic::root_key_from_xprv)?,
            3 => key("Root key", PrivateKey::from_wif)?,
            4 => {
                let file = path(terminal, "File", Path::is_file)?;
                return Ok(Source::of_backup(backup_text(app, &file)?));
            }
            _ => return Ok(Source::Desktop(path(terminal, "Folder", Path::is_dir)?)),
        },
    ))
}

/// Asks for a secret until it can be read.
fn parsed<T>(
    terminal: Terminal,
    ask: &str,
    parse: fn(&str) -> Result<T, KeyError>,
) -> Result<T, CliError> {
    loop {
        let text = terminal.hidden(&format!("{ask} (not shown)"))?;
        match parse(text.trim()) {
            Ok(value) => return Ok(value),
            Err(error) => terminal.say(&error.to_string())?,
        }
    }
}

/// Asks for a file or folder until it is there.
fn path(terminal: Terminal, ask: &str, is_right: fn(&Path) -> bool) -> Result<PathBuf, CliError> {
    let check = |text: &str| match home::without_tilde(Path::new(text)) {
        Ok(path) if is_right(&path) => Ok(()),
        _ => Err(format!("there is no such {}: `{text}`", ask.to_lowercase())),
    };
    let text = terminal.optional(ask, check)?;
    Ok(home::without_tilde(Path::new(
        &text.ok_or(TerminalError::NoAnswer)?,
    ))?)
}

fn bip39_passphrase(terminal: Terminal) -> Result<Password, CliError> {
    if !terminal.confirm("Is there a BIP-39 passphrase?")? {
        return Ok(Password::new(String::new()));
    }
    Ok(terminal.password(&Question {
        ask: "BIP-39 passphrase",
        what: "the BIP-39 passphrase",
        hint: "use `--bip39-passphrase-file`",
    })?)
}

const MOST_WORDS: usize = 24;

/// Asks for words: all on one line, or on as many as one likes.
fn words(terminal: Terminal) -> Result<Mnemonic, CliError> {
    terminal.say("Type or paste the words; they are not shown. An empty line ends them.")?;
    loop {
        if let Some(mnemonic) = words_once(terminal)? {
            return Ok(mnemonic);
        }
    }
}

/// The words of some lines; `None` if they are to be typed again.
fn words_once(terminal: Terminal) -> Result<Option<Mnemonic>, CliError> {
    // Room for all, so that no copy is left behind by growing.
    let mut words = Zeroizing::new(String::with_capacity(4096));
    let mut first = true;
    terminal.hidden_lines("Words", |line| {
        let before = words.len();
        words.push_str(line);
        words.push(' ');
        let count = match mnemonic::count_words(&words) {
            Ok(count) => count,
            Err(error) => {
                // The lines before it were right.
                words.truncate(before);
                return Some(format!("{error}; that line again, please"));
            }
        };
        let at_once = std::mem::take(&mut first) && Mnemonic::parse(&words).is_ok();
        let ends = line.trim().is_empty() || at_once || count >= MOST_WORDS;
        (!ends).then(|| format!("{count} so far"))
    })?;
    match Mnemonic::parse(&words) {
        Ok(mnemonic) => Ok(Some(mnemonic)),
        Err(MnemonicError::WordCount(0)) => Err(TerminalError::NoAnswer.into()),
        Err(error) => {
            terminal.say(&format!("{error}; all of them again, please"))?;
            Ok(None)
        }
    }
}
