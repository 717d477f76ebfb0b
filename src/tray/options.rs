//! The program's few options.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::platform::home;

const HELP: &str = "\
Show the wallet's state in the panel, until it is quit

Usage: tokenpass-tray [OPTIONS]

Options:
      --home DIR  The wallet's folder [env: TOKENPASS_HOME=] [default: ~/.tokenpass]
      --wait      Where there is no panel yet, wait for one
  -h, --help      Print help
  -V, --version   Print version
";

/// What it runs with.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Options {
    pub(super) home: PathBuf,
    /// Whether a panel that is not there yet may come later.
    pub(super) waits: bool,
}

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Chosen {
    Run(Options),
    /// Something is only told.
    Tell(String),
}

/// Reads what follows the program's name; what is wrong is said in a line.
pub(super) fn read(args: impl Iterator<Item = OsString>) -> Result<Chosen, String> {
    let mut args = args;
    let mut named = env::var_os("TOKENPASS_HOME");
    let mut waits = false;
    while let Some(arg) = args.next() {
        match arg.to_str() {
            Some("--home") => named = Some(args.next().ok_or("`--home` needs a folder")?),
            Some("--wait") => waits = true,
            Some("-h" | "--help") => return Ok(Chosen::Tell(HELP.to_owned())),
            Some("-V" | "--version") => {
                let version = env!("CARGO_PKG_VERSION");
                return Ok(Chosen::Tell(format!("tokenpass-tray {version}\n")));
            }
            Some(text) if text.starts_with("--home=") => {
                named = Some(text["--home=".len()..].into());
            }
            _ => {
                let arg = crate::text::excerpt(&arg.to_string_lossy(), 80);
                return Err(format!("`{arg}` is no option: `--help` shows them"));
            }
        }
    }
    let named = named.filter(|home| !home.is_empty());
    let home = home::folder(named.as_ref().map(Path::new)).map_err(|error| error.to_string())?;
    Ok(Chosen::Run(Options { home, waits }))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn of(args: &[&str]) -> Result<Chosen, String> {
        read(args.iter().map(OsString::from))
    }

    #[test]
    fn options_are_read_and_what_is_wrong_is_named() {
        let home = PathBuf::from("a b");
        for args in [
            &["--home", "a b", "--wait"],
            &["--wait", "--home=a b", "--wait"][..],
        ] {
            let options = Options {
                home: home.clone(),
                waits: true,
            };
            assert_eq!(of(args), Ok(Chosen::Run(options)));
        }
        assert_eq!(of(&["--home"]).unwrap_err(), "`--home` needs a folder");
        for wrong in ["--quiet", "home", ""] {
            let said = of(&[wrong]).unwrap_err();
            assert!(
                said.starts_with(&format!("`{wrong}` is no option")),
                "{said}"
            );
        }
        assert!(matches!(of(&["-h"]).unwrap(), Chosen::Tell(text) if text.contains("--wait")));
        assert!(matches!(of(&["--version"]).unwrap(), Chosen::Tell(text) if text.ends_with('\n')));
    }
}
