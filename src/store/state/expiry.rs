//! What has expired goes, but never by one look at a clock.
//!
//! A clock that is set far ahead for a moment sees everything expired. So what
//! has expired is only marked with the time at which that was first seen, and
//! is removed once it has been marked for its grace. A look at which it has not
//! expired after all takes the mark away: the clock was wrong before.

use std::time::Duration;

use rusqlite::Connection;

/// Marks and removes the expired rows of a table that has `expires` and
/// `seen_expired`.
pub(super) fn sweep(
    db: &Connection,
    table: &'static str,
    now: u64,
    grace: Duration,
) -> rusqlite::Result<()> {
    let grace = u64::try_from(grace.as_millis()).unwrap_or(u64::MAX);
    db.prepare_cached(&format!(
        "UPDATE {table} SET seen_expired = NULL WHERE seen_expired IS NOT NULL AND expires > ?"
    ))?
    .execute([now])?;
    db.prepare_cached(&format!(
        "DELETE FROM {table} WHERE seen_expired IS NOT NULL AND seen_expired < ?"
    ))?
    .execute([now.saturating_sub(grace)])?;
    db.prepare_cached(&format!(
        "UPDATE {table} SET seen_expired = ?1
         WHERE seen_expired IS NULL AND expires IS NOT NULL AND expires <= ?1"
    ))?
    .execute([now])?;
    Ok(())
}
