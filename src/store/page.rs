//! A part of a long list.

/// A part of a long list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Rows to skip.
    pub offset: usize,
    /// Rows to return at most.
    pub limit: usize,
}

impl Page {
    /// Rows in a page where nobody asks for another number.
    pub const DEFAULT_LIMIT: usize = 100;

    /// The first page.
    #[must_use]
    pub fn first() -> Self {
        Self {
            offset: 0,
            limit: Self::DEFAULT_LIMIT,
        }
    }

    /// The first `limit` rows.
    #[must_use]
    pub fn up_to(limit: usize) -> Self {
        Self { offset: 0, limit }
    }

    /// Everything.
    #[must_use]
    pub fn all() -> Self {
        Self {
            offset: 0,
            limit: i64::MAX as usize,
        }
    }

    /// `LIMIT` and `OFFSET`.
    pub(super) fn sql(self) -> (i64, i64) {
        (clamp(self.limit), clamp(self.offset))
    }
}

/// A number of rows, as SQLite counts them.
pub(super) fn clamp(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
