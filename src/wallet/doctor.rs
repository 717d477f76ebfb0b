//! `tokenpass doctor`: what is wrong with the home folder, and what to do.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{Wallet, WalletError};
use crate::platform::{files, sockets};
use crate::store::StoreError;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// As it should be.
    Ok,
    /// Works, but look at it.
    Warning,
    /// Does not work.
    Problem,
}

/// One thing that was looked at.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Finding {
    /// How bad.
    pub level: Level,
    /// What was looked at.
    pub subject: String,
    /// What was found.
    pub message: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
}

impl Finding {
    fn ok(subject: &str, message: impl Into<String>) -> Self {
        Self {
            level: Level::Ok,
            subject: subject.into(),
            message: message.into(),
            advice: None,
        }
    }

    fn problem(subject: &str, message: impl Into<String>, advice: Option<String>) -> Self {
        Self {
            level: Level::Problem,
            subject: subject.into(),
            message: message.into(),
            advice,
        }
    }
}

impl Wallet {
    /// Looks at the folder, its files, and the vault, without the password.
    #[must_use]
    pub fn doctor(&self) -> Vec<Finding> {
        let home = self.home();
        if !home.exists() {
            return vec![Finding::ok(
                "home",
                format!("`{}` does not exist yet", home.display()),
            )];
        }
        let store = self.store();
        let mut findings = vec![folder(home)];
        findings.push(file("seed.db", store.seed.path(), store.seed.check()));
        findings.push(file("keys.db", store.keys.path(), store.keys.check()));
        findings.push(file("state.db", store.state.path(), store.state.check()));
        findings.push(self.vault());
        findings.extend(litter(store.litter(), "any command that writes removes it"));
        findings.extend(litter(
            sockets::litter(),
            "the next `tokenpass serve` removes it",
        ));
        findings
    }

    fn vault(&self) -> Finding {
        let row = match self.store().seed.vault() {
            Ok(Some(row)) => row,
            Ok(None) => return Finding::ok("vault", "there is no wallet yet"),
            Err(error) => return Finding::problem("vault", error.to_string(), None),
        };
        if let Err(error) = row.vault.check(self.environment().kdf.accepted.clone()) {
            let message = WalletError::from(error).to_string();
            return Finding::problem("vault", message, Some(RESTORE.into()));
        }
        let cost = self.environment().kdf.cost.iterations();
        if row.vault.iterations < cost {
            return Finding {
                level: Level::Warning,
                subject: "vault".into(),
                message: format!(
                    "sealed with {} iterations, today's are {cost}",
                    row.vault.iterations
                ),
                advice: Some("`tokenpass login` seals it anew".into()),
            };
        }
        match self.store().state.wallet(row.wallet) {
            Ok(Some(_)) => Finding::ok("vault", "its checksum is right"),
            Ok(None) => Finding::problem(
                "state.db",
                "it belongs to another wallet than `seed.db`",
                Some(RESTORE.into()),
            ),
            Err(error) => Finding::problem("state.db", error.to_string(), None),
        }
    }
}

fn litter(folders: Vec<PathBuf>, advice: &str) -> impl Iterator<Item = Finding> {
    folders.into_iter().map(|folder| Finding {
        level: Level::Warning,
        subject: "litter".into(),
        message: format!("`{}` was left by a killed process", folder.display()),
        advice: Some(advice.into()),
    })
}

const RESTORE: &str =
    "move the folder away, then `tokenpass import` your words or a backup; do not delete it";

const OWNER: &str = "use it as that user, or choose another folder with `--home DIR`";

fn folder(home: &Path) -> Finding {
    if let Ok(Some(owner)) = files::other_owner(home) {
        let message = format!("`{}` belongs to another user (uid {owner})", home.display());
        return Finding::problem("home", message, Some(OWNER.into()));
    }
    match files::looser_than_private(home) {
        Ok(None) => Finding::ok("home", format!("`{}` is private", home.display())),
        Ok(Some(mode)) => Finding::problem(
            "home",
            format!(
                "`{}` can be entered by others (mode {mode:04o})",
                home.display()
            ),
            Some(format!("chmod 700 {}", home.display())),
        ),
        Err(error) => Finding::problem("home", error.to_string(), None),
    }
}

fn file(name: &str, path: &Path, check: Result<Option<()>, StoreError>) -> Finding {
    match check {
        Ok(Some(())) => Finding::ok(name, "sound, and private"),
        Ok(None) => Finding::ok(name, "does not exist yet"),
        Err(error) => {
            let advice = match &error {
                StoreError::TooLoose { path, .. } => Some(format!("chmod go= {}", path.display())),
                StoreError::Damaged { .. } => Some(RESTORE.into()),
                StoreError::Desktop { path } => Some(format!(
                    "tokenpass import --desktop {}",
                    path.parent().unwrap_or(path).display()
                )),
                StoreError::Newer { .. } => Some("use the newer version of tokenpass".into()),
                StoreError::OtherOwner { .. } => Some(OWNER.into()),
                StoreError::Full { .. } => Some("free some space".into()),
                StoreError::ReadOnly { .. } => {
                    Some(format!("make `{}` writable for you", path.display()))
                }
                StoreError::Busy { .. } => Some("wait, or stop the other process".into()),
                StoreError::Io { .. } => None,
            };
            Finding::problem(name, error.to_string(), advice)
        }
    }
}
