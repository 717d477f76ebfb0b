//! Programs that wait for a code to be confirmed.

use rusqlite::{OptionalExtension, Row, params};

use super::grants::{GrantId, GrantRow, SecretHash, insert_grant, remember_app, select_grant};
use super::redeem::{NewTokens, insert_tokens};
use crate::store::state::StateDb;
use crate::store::{StoreError, WalletId};

/// Programs that wait for a device code to be confirmed, at most.
const MAX_DEVICES: u32 = 256;

/// How a waiting program's request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceAnswer {
    /// Nobody has answered.
    Pending,
    /// Allowed.
    Allowed,
    /// Denied.
    Denied,
}

/// A program that waits for its code to be confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceRow {
    /// The client's id.
    pub client: String,
    /// Comma-separated.
    pub scopes: String,
    /// Milliseconds since 1970.
    pub created: u64,
    /// Milliseconds since 1970.
    pub expires: u64,
    /// Milliseconds between two polls at least.
    pub interval: u64,
    /// When it asked last.
    pub polled: u64,
    /// How it stands.
    pub answer: DeviceAnswer,
    /// What was allowed.
    pub grant: Option<GrantId>,
}

impl StateDb {
    /// Adds a program that waits. False where its user code is taken.
    pub fn put_device(
        &self,
        wallet: WalletId,
        hash: &SecretHash,
        user_code: &SecretHash,
        row: &DeviceRow,
    ) -> Result<bool, StoreError> {
        self.0.transaction(|db| {
            db.execute(
                "DELETE FROM oauth_devices WHERE expires <= ?",
                [row.created],
            )?;
            let added = db.execute(
                "INSERT OR IGNORE INTO oauth_devices
                 (hash, user_code, wallet, client, scopes, created, expires, interval)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                params![
                    hash,
                    user_code,
                    wallet.0,
                    row.client,
                    row.scopes,
                    row.created,
                    row.expires,
                    row.interval
                ],
            )?;
            db.execute(
                "DELETE FROM oauth_devices WHERE answer = 'pending' AND hash NOT IN
                 (SELECT hash FROM oauth_devices ORDER BY created DESC LIMIT ?)",
                [MAX_DEVICES],
            )?;
            Ok(added == 1)
        })
    }

    /// The program that waits for this user code.
    pub fn device_of_user(
        &self,
        wallet: WalletId,
        user_code: &SecretHash,
    ) -> Result<Option<DeviceRow>, StoreError> {
        let row = self.0.read(|db| {
            db.prepare_cached(&format!("{DEVICES} WHERE wallet = ? AND user_code = ?"))?
                .query_row(params![wallet.0, user_code], device_from)
                .optional()
        })?;
        Ok(row.flatten())
    }

    /// Answers a waiting program; false where somebody was quicker.
    pub fn answer_device(
        &self,
        wallet: WalletId,
        user_code: &SecretHash,
        grant: Option<&GrantRow>,
        now: u64,
    ) -> Result<bool, StoreError> {
        self.0.transaction(|db| {
            let is_waiting: bool = db.query_row(
                "SELECT EXISTS (SELECT 1 FROM oauth_devices WHERE wallet = ? AND user_code = ?
                 AND answer = 'pending' AND expires > ?)",
                params![wallet.0, user_code, now],
                |row| row.get(0),
            )?;
            if !is_waiting {
                return Ok(false);
            }
            if let Some(grant) = grant {
                insert_grant(db, wallet, grant)?;
                remember_app(db, wallet, grant, "", now)?;
            }
            let answer = if grant.is_some() { "allowed" } else { "denied" };
            db.execute(
                "UPDATE oauth_devices SET answer = ?, grant_id = ?
                 WHERE wallet = ? AND user_code = ?",
                params![answer, grant.map(|grant| grant.id), wallet.0, user_code],
            )?;
            Ok(true)
        })
    }

    /// A poll of a waiting program. `check` sees its row, and how the last
    /// poll left it; what it returns is written.
    pub fn poll_device<T, E: From<StoreError>>(
        &self,
        wallet: WalletId,
        hash: &SecretHash,
        check: impl FnOnce(&mut DeviceRow, Option<&GrantRow>) -> Result<(Option<NewTokens>, T), E>,
    ) -> Result<Option<T>, E> {
        self.0.change(|db| {
            let row = db
                .prepare_cached(&format!("{DEVICES} WHERE wallet = ? AND hash = ?"))?
                .query_row(params![wallet.0, hash], device_from)
                .optional()?;
            let Some(mut row) = row else {
                return Ok(Ok(None));
            };
            let grant = match &row.grant {
                Some(id) => select_grant(db, wallet, id)?,
                None => None,
            };
            let (tokens, value) = match check(&mut row, grant.as_ref()) {
                Ok(checked) => checked,
                Err(error) => return Ok(Err(error)),
            };
            match (tokens, &row.grant) {
                (Some(tokens), Some(id)) => {
                    insert_tokens(db, wallet, id, &tokens)?;
                    db.execute("DELETE FROM oauth_devices WHERE hash = ?", [hash])?;
                }
                _ => {
                    db.execute(
                        "UPDATE oauth_devices SET polled = ?, interval = ? WHERE hash = ?",
                        params![row.polled, row.interval, hash],
                    )?;
                }
            }
            Ok(Ok(Some(value)))
        })
    }
}

const DEVICES: &str = "SELECT client, scopes, created, expires, interval, polled, answer, grant_id
    FROM oauth_devices";

fn device_from(row: &Row<'_>) -> rusqlite::Result<DeviceRow> {
    Ok(DeviceRow {
        client: row.get(0)?,
        scopes: row.get(1)?,
        created: row.get(2)?,
        expires: row.get(3)?,
        interval: row.get(4)?,
        polled: row.get(5)?,
        answer: match row.get_ref(6)?.as_str()? {
            "allowed" => DeviceAnswer::Allowed,
            "denied" => DeviceAnswer::Denied,
            _ => DeviceAnswer::Pending,
        },
        grant: row.get(7)?,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn who_answers_second_lets_nobody_in() {
        let home = tempfile::tempdir().unwrap();
        let state = StateDb::new(&home.path().join("home"));
        let (wallet, code) = (WalletId([7; 16]), [2; 32]);
        let row = DeviceRow {
            client: "http://localhost/".into(),
            scopes: "sign".into(),
            created: 0,
            expires: 100,
            interval: 5,
            polled: 0,
            answer: DeviceAnswer::Pending,
            grant: None,
        };
        assert!(state.put_device(wallet, &[1; 32], &code, &row).unwrap());
        let allow = |id: u8| {
            let grant = GrantRow {
                id: [id; 16],
                client: row.client.clone(),
                host: "localhost".into(),
                scopes: "sign".into(),
                identity: String::new(),
                expiry: "1h".into(),
                auth_time: 0,
                ends: None,
                max_satoshis: None,
            };
            state
                .answer_device(wallet, &code, Some(&grant), 50)
                .unwrap()
        };
        let is_there = |id: u8| {
            let found = state.0.read(|db| select_grant(db, wallet, &[id; 16]));
            found.unwrap().flatten().is_some()
        };
        assert!(allow(1) && is_there(1));
        assert!(!allow(2) && !is_there(2));
    }
}
