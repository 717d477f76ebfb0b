//! Lengths of time: one grammar for every option that takes one.
//!
//! A number with `s`, `m`, `h`, `d` or `w`, or several of them (`1h 30m`), or
//! `month`, which is 30 days. The tokens' `--expire` also takes `once` and
//! `forever`, and there `1m` is a month, as it is in the API. So that nobody
//! gets a minute for a month, no other option takes `1m`.

use std::time::Duration;

use super::terminal::Terminal;
use crate::text::excerpt;
use crate::wallet::Expiry;

/// A length of time: `90s`, `15m`, `1h 30m`, `7d`, `month`.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    if text.trim() == "1m" {
        return Err("`1m` could be a minute or a month: write `60s` or `month`".to_owned());
    }
    any(text).ok_or_else(|| format!("`{}` is not a length of time: {FORMS}", excerpt(text, 40)))
}

/// How long a session may last: a second at least, 30 days at most.
pub(crate) fn session_length(text: &str) -> Result<Duration, String> {
    let length = duration(text)?;
    if (Duration::from_secs(1)..=MONTH).contains(&length) {
        Ok(length)
    } else {
        Err(format!(
            "`{}` is not between `1s` and `30d`",
            excerpt(text, 40)
        ))
    }
}

/// How long a token lives, as `--expire` says it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TokenLife {
    expiry: Expiry,
    is_1m: bool,
}

impl TokenLife {
    /// Reads `once`, `month`, `forever` or a length of time.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let word = text.trim();
        let expiry = match (word.parse(), word) {
            (Ok(expiry), _) => expiry,
            (_, "month") => Expiry::Month,
            _ => match any(word) {
                Some(length) if length.is_zero() => {
                    return Err(format!("`{word}` would end before it is used"));
                }
                Some(length) => Expiry::For(length),
                None => {
                    let text = excerpt(text, 40);
                    return Err(format!(
                        "`{text}` is not one of `once`, `month`, `forever`, and not a length of time: {FORMS}"
                    ));
                }
            },
        };
        Ok(Self {
            expiry,
            is_1m: word == "1m",
        })
    }

    /// When the token ends. Says so where a minute may have been meant.
    pub(crate) fn expiry(self, terminal: Terminal) -> Expiry {
        if self.is_1m {
            terminal.note("`1m` is a month here, as in the API; a minute is `60s`");
        }
        self.expiry
    }
}

/// A length of time for people: whole seconds, the two largest units.
pub(crate) fn in_words(length: Duration) -> String {
    let whole = humantime::format_duration(Duration::from_secs(length.as_secs())).to_string();
    let units = whole.split(' ').take(2).map(|part| {
        let digits = part.trim_end_matches(char::is_alphabetic);
        match part.split_at(digits.len()) {
            (number, unit) if unit.len() > 2 => format!("{number} {unit}"),
            _ => part.to_owned(),
        }
    });
    units.collect::<Vec<_>>().join(" ")
}

const FORMS: &str = "write a number with `s`, `m`, `h`, `d` or `w`, like `90s`, `15m` or `1d`";
const DAY: u64 = 24 * 60 * 60;
const MONTH: Duration = Duration::from_secs(30 * DAY);

fn any(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    if rest == "month" {
        return Some(MONTH);
    }
    if rest.is_empty() {
        return None;
    }
    let mut seconds = 0_u64;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: u64 = rest[..digits].parse().ok()?;
        let mut letters = rest[digits..].chars();
        let unit = match letters.next()? {
            's' => 1,
            'm' => 60,
            'h' => 60 * 60,
            'd' => DAY,
            'w' => 7 * DAY,
            _ => return None,
        };
        seconds = seconds.checked_add(number.checked_mul(unit)?)?;
        rest = letters.as_str().trim_start();
    }
    Some(Duration::from_secs(seconds))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn life(text: &str) -> Expiry {
        TokenLife::parse(text).unwrap().expiry
    }

    #[test]
    fn lengths_of_time() {
        for (text, seconds) in [
            ("90s", 90),
            ("0s", 0),
            ("15m", 900),
            ("5m", 300),
            ("1h 30m", 5400),
            ("1h30m", 5400),
            ("1h1m", 3660),
            ("7d", 7 * DAY),
            ("2w", 14 * DAY),
            ("month", 30 * DAY),
        ] {
            assert_eq!(duration(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in [
            "",
            "soon",
            "60",
            "h",
            "1.5h",
            "-1h",
            "1y",
            "1M",
            "1 h",
            "5ms",
            "1mo",
            "forever",
            "99999999999999999999s",
            "99999999999999999w",
        ] {
            assert!(duration(text).is_err(), "{text}");
        }
        assert!(session_length("0s").is_err() && session_length("31d").is_err());
        assert!(session_length("month").is_ok());
    }

    #[test]
    fn one_m_is_a_month_for_tokens_and_nothing_elsewhere() {
        assert!(TokenLife::parse("1m").unwrap().is_1m);
        assert_eq!(life("1m"), Expiry::Month);
        assert_eq!(life("month"), Expiry::Month);
        assert!(!TokenLife::parse("month").unwrap().is_1m);
        assert_eq!(life("5m"), Expiry::For(Duration::from_secs(300)));
        let refused = duration("1m").unwrap_err();
        assert!(refused.contains("`60s`") && refused.contains("`month`"));
        assert!(session_length("1m").is_err());
    }

    #[test]
    fn a_token_lives_as_long_as_it_is_told() {
        assert_eq!(life("once"), Expiry::Once);
        assert_eq!(life("forever"), Expiry::Forever);
        assert_eq!(life("1w"), Expiry::Week);
        assert_eq!(life("12h"), Expiry::For(Duration::from_secs(12 * 3600)));
        assert!(TokenLife::parse("0s").is_err());
        assert!(TokenLife::parse("soon").unwrap_err().contains("`soon`"));
    }

    #[test]
    fn lengths_are_told_in_two_units() {
        assert_eq!(in_words(Duration::from_millis(899_500)), "14m 59s");
        assert_eq!(
            in_words(Duration::from_secs(2 * 86_400 + 3600 + 61)),
            "2 days 1h"
        );
    }
}
