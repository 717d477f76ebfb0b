//! The audit trail, bounded.

use rusqlite::{Connection, params};

use super::super::error::StoreError;
use super::StateDb;

/// Entries of one kind of event that are kept at most, the newest: a flood of
/// one kind leaves the others alone.
const MAX_PER_EVENT: u32 = 5_000;

/// Entries of one kind about one subject: an app that has itself granted token
/// after token leaves the other apps' grants alone.
const MAX_PER_SUBJECT: u32 = 200;

/// Refusals for one reason, since anybody can make up subjects.
const MAX_PER_REASON: u32 = 500;

/// After so many entries the bounds are looked after.
const TRIM_EVERY: i64 = 64;

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// Milliseconds since 1970.
    pub at: u64,
    /// What happened, one word or two with a hyphen.
    pub event: String,
    /// The host or origin it was about, or nothing.
    pub subject: String,
    /// More, or nothing. Never a secret.
    pub detail: String,
}

impl StateDb {
    /// Adds an entry and, now and then, drops the oldest beyond the bounds.
    pub fn put_audit(&self, row: &AuditRow) -> Result<(), StoreError> {
        self.0.transaction(|db| {
            db.prepare_cached(
                "INSERT INTO audit (at, event, subject, detail) VALUES (?, ?, ?, ?)",
            )?
            .execute(params![row.at, row.event, row.subject, row.detail])?;
            if db.last_insert_rowid() % TRIM_EVERY == 0 {
                trim(db, &row.event)?;
            }
            Ok(())
        })
    }

    /// The newest `limit` entries not older than `since`, oldest first.
    pub fn audit(&self, since: u64, limit: u32) -> Result<Vec<AuditRow>, StoreError> {
        let rows = self.0.read(|db| {
            db.prepare(
                "SELECT at, event, subject, detail FROM
                 (SELECT * FROM audit WHERE at >= ? ORDER BY id DESC LIMIT ?) ORDER BY id",
            )?
            .query_map(params![since, limit], |row| {
                Ok(AuditRow {
                    at: row.get(0)?,
                    event: row.get(1)?,
                    subject: row.get(2)?,
                    detail: row.get(3)?,
                })
            })?
            .collect()
        })?;
        Ok(rows.unwrap_or_default())
    }
}

fn trim(db: &Connection, event: &str) -> rusqlite::Result<()> {
    let (group, most) = match event {
        "refused" => ("detail", MAX_PER_REASON),
        _ => ("subject", MAX_PER_SUBJECT),
    };
    // The groups first, so that a flood of one does not fill the whole.
    db.prepare_cached(&format!(
        "DELETE FROM audit WHERE id IN (
             SELECT id FROM (
                 SELECT id, {group} AS name,
                     row_number() OVER (PARTITION BY {group} ORDER BY id DESC) AS place
                 FROM audit WHERE event = ?
             ) WHERE name <> '' AND place > ?
         )"
    ))?
    .execute(params![event, most])?;
    db.prepare_cached(
        "DELETE FROM audit WHERE event = ?1 AND id <=
             (SELECT id FROM audit WHERE event = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
    )?
    .execute(params![event, MAX_PER_EVENT])?;
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_flood_erases_nothing_but_itself() {
        let home = tempfile::tempdir().unwrap();
        let state = StateDb::new(&home.path().join("home"));
        let put = |event: &str, subject: &str, detail: &str| {
            let row = AuditRow {
                at: 1,
                event: event.into(),
                subject: subject.into(),
                detail: detail.into(),
            };
            state.put_audit(&row).unwrap();
        };
        let flood = |event: &str, subject: &str, detail: &str| {
            let many =
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10100)
                 INSERT INTO audit (at, event, subject, detail)
                 SELECT 2, ?, ? || CASE ? WHEN 'refused' THEN i ELSE '' END, ? FROM n";
            let params = params![event, subject, event, detail];
            state.0.write(|db| db.execute(many, params)).unwrap();
            for _ in 0..TRIM_EVERY {
                put(event, subject, detail);
            }
        };
        put("exported", "", "seed");
        put("granted", "quiet.example", "sign for 1d");
        put("refused", "b.example", "the access token lacks a scope");
        flood("granted", "noisy.example", "sign for 1d");
        flood("refused", "https://made.up", "origin not approved");
        flood("unlock-failed", "", "");

        let kept = state.audit(0, u32::MAX).unwrap();
        let old: Vec<_> = kept.iter().filter(|row| row.at == 1).collect();
        let has = |subject: &str| old.iter().any(|row| row.subject == subject);
        assert!(old.iter().any(|row| row.event == "exported"));
        assert!(has("quiet.example") && has("b.example"));
        let count = |event: &str| kept.iter().filter(|row| row.event == event).count();
        let near = |count: usize, most: u32| count <= most as usize + 1 + TRIM_EVERY as usize;
        assert!(
            near(count("granted"), MAX_PER_SUBJECT),
            "{}",
            count("granted")
        );
        assert!(
            near(count("refused"), MAX_PER_REASON),
            "{}",
            count("refused")
        );
        assert!(near(count("unlock-failed"), MAX_PER_EVENT));
    }
}
