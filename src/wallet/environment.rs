//! What the wallet takes from outside: the clocks, randomness, and the cost
//! of key derivation. Tests hand in their own.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Serialize, Serializer};

use super::WalletError;
use crate::crypto::backup_file;
use crate::crypto::vault::{KdfCost, Vault};
use crate::platform::clock;

/// A moment: milliseconds since 1970-01-01T00:00:00Z. Shown as ISO 8601 with
/// milliseconds and `Z`, serialised as the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(u64);

impl Timestamp {
    // 9999-12-31T23:59:59.999Z, the last moment that ISO 8601 shows in four digits.
    const LAST: u64 = 253_402_300_799_999;

    /// From milliseconds since 1970; later than the year 9999 becomes its end.
    #[must_use]
    pub fn from_millis(millis: u64) -> Self {
        Self(millis.min(Self::LAST))
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub fn as_millis(self) -> u64 {
        self.0
    }

    /// This much later.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        let millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        Self::from_millis(self.0.saturating_add(millis))
    }

    /// This much earlier, or 1970.
    #[must_use]
    pub fn minus(self, duration: Duration) -> Self {
        let millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        Self(self.0.saturating_sub(millis))
    }

    /// For a file's name: `20260102T030405Z`; in the order of time.
    pub(super) fn for_file_name(self) -> String {
        let text = self.to_string();
        let seconds = text.split('.').next().unwrap_or(&text);
        let digits: String = seconds
            .chars()
            .filter(|c| !matches!(c, '-' | ':'))
            .collect();
        digits + "Z"
    }

    /// The moment that [`Self::for_file_name`] wrote exactly so.
    pub(super) fn of_file_name(name: &str) -> Option<Self> {
        let (date, time) = name.strip_suffix('Z')?.split_once('T')?;
        if !name.is_ascii() || (date.len(), time.len()) != (8, 6) {
            return None;
        }
        let (year, day) = (&date[..4], &date[4..]);
        let (hour, second) = (&time[..2], &time[2..]);
        let text = format!(
            "{year}-{}-{}T{hour}:{}:{}Z",
            &day[..2],
            &day[2..],
            &second[..2],
            &second[2..]
        );
        let moment: Self = text.parse().ok()?;
        (moment.for_file_name() == name).then_some(moment)
    }

    /// How long from `earlier` to this moment; zero if it is not earlier.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = UNIX_EPOCH + Duration::from_millis(self.0);
        humantime::format_rfc3339_millis(moment).fmt(f)
    }
}

impl FromStr for Timestamp {
    type Err = humantime::TimestampError;

    /// Reads RFC 3339 in UTC (`2026-01-02T03:04:05.678Z`).
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let moment = humantime::parse_rfc3339(text)?;
        let since = moment.duration_since(UNIX_EPOCH).unwrap_or_default();
        Ok(Self(0).plus(since))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.0)
    }
}

/// What deriving a key from a password costs, and what is accepted in a file.
#[derive(Clone, Debug)]
pub struct KdfPolicy {
    pub(super) cost: KdfCost,
    pub(super) accepted: RangeInclusive<u32>,
    pub(super) backups: backup_file::Cost,
}

impl KdfPolicy {
    /// The only policy of a release build.
    #[must_use]
    pub fn standard() -> Self {
        Self {
            cost: KdfCost::STANDARD,
            accepted: Vault::ACCEPTED_ITERATIONS,
            backups: backup_file::Cost::STANDARD,
        }
    }

    /// So cheap that a password can be guessed. Not in release builds.
    #[cfg(debug_assertions)]
    #[must_use]
    pub fn insecure_for_tests(iterations: u32) -> Self {
        Self {
            cost: KdfCost::lowered_for_tests(iterations),
            accepted: 1..=*Vault::ACCEPTED_ITERATIONS.end(),
            backups: backup_file::Cost::LOWERED_FOR_TESTS,
        }
    }
}

type Clock<T> = Arc<dyn Fn() -> T + Send + Sync>;
type Warnings = Arc<dyn Fn(&str) + Send + Sync>;

/// See the module.
#[derive(Clone)]
pub struct Environment {
    clock: Clock<Timestamp>,
    boot_clock: Clock<Duration>,
    warnings: Warnings,
    pub(super) kdf: KdfPolicy,
}

impl Environment {
    /// The system's clocks and randomness, and the standard cost.
    #[must_use]
    pub fn system() -> Self {
        Self {
            clock: Arc::new(|| {
                let since = SystemTime::now().duration_since(UNIX_EPOCH);
                Timestamp(0).plus(since.unwrap_or_default())
            }),
            boot_clock: Arc::new(clock::since_boot),
            warnings: Arc::new(|_| {}),
            kdf: KdfPolicy::standard(),
        }
    }

    /// Another clock.
    #[must_use]
    pub fn with_clock(mut self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Another clock for what is counted from one moment to another.
    #[must_use]
    pub fn with_boot_clock(mut self, clock: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        self.boot_clock = Arc::new(clock);
        self
    }

    /// Where to tell what failed beside something that was done, such as an
    /// audit entry on a full disk. Nobody is told otherwise.
    #[must_use]
    pub fn with_warnings(mut self, warn: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.warnings = Arc::new(warn);
        self
    }

    /// Another cost of key derivation.
    #[must_use]
    pub fn with_kdf(mut self, kdf: KdfPolicy) -> Self {
        self.kdf = kdf;
        self
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// The time since some moment, for how long something lasts: it does not
    /// leap when somebody sets the clock, and time asleep counts.
    #[must_use]
    pub fn since_boot(&self) -> Duration {
        (self.boot_clock)()
    }

    pub(crate) fn warn(&self, text: &str) {
        (self.warnings)(text);
    }

    /// Fresh random bytes of the operating system.
    pub(crate) fn random<const N: usize>(&self) -> Result<[u8; N], WalletError> {
        let mut bytes = [0; N];
        getrandom::fill(&mut bytes).map_err(|_| WalletError::NoRandomness)?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_from_a_file_name_only_as_it_was_written() {
        let moment = Timestamp::from_millis(1_767_323_045_000);
        let name = moment.for_file_name();
        assert_eq!(name, "20260102T030405Z");
        assert_eq!(Timestamp::of_file_name(&name), Some(moment));
        for other in [
            "",
            "TZ",
            "1T2Z",
            "2026T030405Z",
            "20260102T0304Z",
            "20260102T030405",
            "20261302T030405Z",
            "202\u{e9}101T030405Z",
            "20260102T\u{e9}0405Z",
        ] {
            assert_eq!(Timestamp::of_file_name(other), None, "{other}");
        }
    }
}
