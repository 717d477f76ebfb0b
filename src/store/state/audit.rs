//! The audit trail, bounded so that no flood erases it.

use rusqlite::params;

use super::super::error::StoreError;
use super::StateDb;

/// Entries of one event kept at most; the oldest go first. What can be provoked
/// a thousand times pushes out nothing but its own like.
const MAX_OF_EVENT: u32 = 2_500;

/// Entries of one event about one subject kept at most.
const MAX_OF_SUBJECT: u32 = 500;

/// Entries of one event with one detail kept at most: among refusals, those of
/// pages that invent their names, and of whoever says no on ours, push out no others.
const MAX_OF_DETAIL: u32 = 400;

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

/// How many entries are kept.
struct Bounds {
    of_event: u32,
    of_subject: u32,
    of_detail: u32,
}

impl StateDb {
    /// Adds an entry and drops the oldest beyond the bounds.
    pub fn put_audit(&self, row: &AuditRow) -> Result<(), StoreError> {
        self.put_bounded(
            row,
            &Bounds {
                of_event: MAX_OF_EVENT,
                of_subject: MAX_OF_SUBJECT,
                of_detail: MAX_OF_DETAIL,
            },
        )
    }

    fn put_bounded(&self, row: &AuditRow, bounds: &Bounds) -> Result<(), StoreError> {
        self.0.transaction(|db| {
            db.prepare_cached(
                "INSERT INTO audit (at, event, subject, detail) VALUES (?, ?, ?, ?)",
            )?
            .execute(params![row.at, row.event, row.subject, row.detail])?;
            db.prepare_cached(
                "DELETE FROM audit WHERE event = ?1 AND subject = ?2 AND id <= (
                    SELECT id FROM audit WHERE event = ?1 AND subject = ?2
                    ORDER BY id DESC LIMIT 1 OFFSET ?3)",
            )?
            .execute(params![row.event, row.subject, bounds.of_subject])?;
            if !row.detail.is_empty() {
                db.prepare_cached(
                    "DELETE FROM audit WHERE event = ?1 AND detail = ?2 AND id <= (
                        SELECT id FROM audit WHERE event = ?1 AND detail = ?2
                        ORDER BY id DESC LIMIT 1 OFFSET ?3)",
                )?
                .execute(params![row.event, row.detail, bounds.of_detail])?;
            }
            db.prepare_cached(
                "DELETE FROM audit WHERE event = ?1 AND id <= (
                    SELECT id FROM audit WHERE event = ?1
                    ORDER BY id DESC LIMIT 1 OFFSET ?2)",
            )?
            .execute(params![row.event, bounds.of_event])
        })?;
        Ok(())
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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_flood_erases_nothing_but_its_own_like() {
        let home = tempfile::tempdir().unwrap();
        let state = StateDb::new(&home.path().join("home"));
        let bounds = Bounds {
            of_event: 5,
            of_subject: 2,
            of_detail: 3,
        };
        let put = |event: &str, subject: &str, detail: &str| {
            let row = AuditRow {
                at: 0,
                event: event.into(),
                subject: subject.into(),
                detail: detail.into(),
            };
            state.put_bounded(&row, &bounds).unwrap();
        };
        put("registered", "", "");
        put("granted", "bank.example", "");
        for _ in 0..4 {
            put("granted", "flood.example", "");
        }
        put("refused", "bank.example", "no such scope");
        for n in 0..8 {
            put("refused", &format!("{n}.example"), "origin not approved");
        }
        let rows = state.audit(0, 100).unwrap();
        let left: Vec<_> = rows.iter().map(|row| &*row.subject).collect();
        let expected =
            "|bank.example|flood.example|flood.example|bank.example|5.example|6.example|7.example";
        assert_eq!(left.join("|"), expected);
    }
}
