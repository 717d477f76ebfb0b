//! The folder that a wallet is in.

use std::path::{Path, PathBuf};

use directories::BaseDirs;
use thiserror::Error;

/// Why it is not known which folder.
#[derive(Debug, Error)]
pub enum HomeError {
    /// The user has none.
    #[error("the system names no home folder for this user")]
    Nameless,
    /// `~somebody`
    #[error("`{}`: whose folder `~` stands for is not known", .0.display())]
    Tilde(PathBuf),
}

/// The wallet's folder: the one that was named, else `~/.tokenpass`.
///
/// # Errors
/// The user's own folder is not known, or what `~` stands for.
pub fn folder(named: Option<&Path>) -> Result<PathBuf, HomeError> {
    match named {
        Some(named) => without_tilde(named),
        None => Ok(of_user()?.join(".tokenpass")),
    }
}

/// A path as the shell would have made it where it was not asked to: quoted,
/// or in a file of settings.
///
/// # Errors
/// It is not known what `~` stands for.
pub fn without_tilde(path: &Path) -> Result<PathBuf, HomeError> {
    if let Ok(rest) = path.strip_prefix("~") {
        return Ok(of_user()?.join(rest));
    }
    if path.as_os_str().as_encoded_bytes().starts_with(b"~") {
        return Err(HomeError::Tilde(path.to_owned()));
    }
    Ok(path.to_owned())
}

fn of_user() -> Result<PathBuf, HomeError> {
    let dirs = BaseDirs::new().ok_or(HomeError::Nameless)?;
    Ok(dirs.home_dir().to_owned())
}
