//! What is said of scopes, times and names.

use std::net::Ipv4Addr;
use std::time::Duration as Span;

use public_suffix::{DEFAULT_PROVIDER, EffectiveTLDProvider};

use super::{AppName, Duration, ScopeLine};
use crate::wallet::{BackupStatus, Expiry, Scope, Scopes, Timestamp};

/// The scopes, the dangerous ones first.
pub(in crate::server) fn scope_lines(scopes: Scopes, new: Scopes) -> Vec<ScopeLine> {
    let mut lines: Vec<_> = scopes
        .iter()
        .filter(|scope| !matches!(scope, Scope::OpenId | Scope::Identity))
        .map(|scope| {
            let (name, loss, is_risky) = words(scope);
            ScopeLine {
                word: scope.as_str(),
                name,
                loss,
                is_risky,
                is_new: new.contains(scope),
            }
        })
        .collect();
    lines.sort_by_key(|line| !line.is_risky);
    lines
}

/// What a scope allows, what can be lost by it, and whether that is much.
fn words(scope: Scope) -> (&'static str, &'static str, bool) {
    match scope {
        Scope::Sign => (
            "Sign with this app’s key",
            "Whatever it signs counts as yours at this app. It cannot sign for other apps.",
            true,
        ),
        Scope::Decrypt => (
            "Decrypt with this app’s key",
            "It can read everything that was encrypted to you at this app.",
            true,
        ),
        Scope::Encrypt => (
            "Encrypt to this app’s key",
            "It can make secrets for you. Reading them needs “Decrypt”.",
            false,
        ),
        Scope::ReadProfile => (
            "Read your profile",
            "Name, paymail, picture and what else you put there.",
            false,
        ),
        Scope::WriteProfile => (
            "Change your profile",
            "It can change or remove your name, paymail and picture, for all apps.",
            true,
        ),
        Scope::ReadState => ("Read what it stored here", "Its own notes only.", false),
        Scope::WriteState => ("Store notes of its own here", "Up to 256 KiB.", false),
        Scope::Fund => (
            "Pay from this app’s address",
            "It can complete transactions with the coins at this app’s own address: up to the \
             limit below, they can be lost.",
            true,
        ),
        Scope::Transfer => (
            "Send coins from this app’s address",
            "It can send the coins at this app’s own address to whom it likes: up to the limit \
             below, they can be lost.",
            true,
        ),
        Scope::OpenId => (
            "Know you again",
            "By a number that only this app sees.",
            false,
        ),
        Scope::Profile => (
            "See your name, picture and BAP ID",
            "Other apps that see the BAP ID know that you are the same person.",
            false,
        ),
        Scope::Email => (
            "See your mail address",
            "Or a made-up one, where you gave none.",
            false,
        ),
        Scope::OfflineAccess => (
            "Stay signed in",
            "It renews its access by itself until you take it back.",
            true,
        ),
        Scope::Identity => ("Know your identity", "", false),
    }
}

/// What an app would do, in a word for the heading.
pub(in crate::server) fn verb(scopes: Scopes) -> &'static str {
    if scopes.contains(Scope::Sign) {
        "sign"
    } else if scopes.contains(Scope::Decrypt) {
        "decrypt"
    } else if scopes.contains(Scope::Encrypt) {
        "encrypt"
    } else {
        "sign you in"
    }
}

/// The lives that a page offers.
pub(in crate::server) fn durations(chosen: Expiry) -> Vec<Duration> {
    let offered = [
        (Expiry::Hour, "1 hour"),
        (Expiry::Day, "1 day"),
        (Expiry::Week, "1 week"),
        (Expiry::Month, "30 days"),
        (Expiry::Forever, "Until I take it back"),
    ];
    let duration = |(expiry, label): (Expiry, _)| {
        Some(Duration {
            word: expiry.word()?,
            label,
            is_chosen: expiry == chosen,
        })
    };
    offered.into_iter().filter_map(duration).collect()
}

/// How long ago something was, in words.
pub(in crate::server) fn ago(then: Timestamp, now: Timestamp) -> String {
    format!("{} ago", span(now.since(then)))
}

/// What is in no backup, if anything is not.
pub(in crate::server) fn unsaved(status: Option<BackupStatus>, now: Timestamp) -> Option<String> {
    let status = status.filter(|status| status.unsaved)?;
    let since = match status.last {
        Some((at, _)) => format!(
            "What was changed since the backup {} is in none.",
            ago(at, now)
        ),
        None => "There is no backup of this wallet yet.".to_owned(),
    };
    Some(match status.failure {
        Some(failure) => format!("{since} The last try failed: {}.", failure.why),
        None => since,
    })
}

/// When something ends, in words.
pub(in crate::server) fn ends(end: Option<Timestamp>, now: Timestamp) -> String {
    match end {
        None => "until you take it back".to_owned(),
        Some(end) => format!("for another {}", span(end.since(now))),
    }
}

fn span(span: Span) -> String {
    let minutes = span.as_secs() / 60;
    let (count, unit) = match minutes {
        0 => return "a moment".to_owned(),
        1..60 => (minutes, "minute"),
        60..1440 => (minutes / 60, "hour"),
        _ => (minutes / 1440, "day"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

/// An app's host in the parts that are shown differently. Bold is what
/// somebody had to register: the last label before the public suffix, and that.
pub(in crate::server) fn app_name(host: &str, is_local: bool, owner_name: Option<&str>) -> AppName {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) && !port.is_empty() => {
            (name, format!(":{port}"))
        }
        _ => (host, String::new()),
    };
    let is_address = name.ends_with(']') || name.parse::<Ipv4Addr>().is_ok();
    let registered = if is_local || is_address {
        name
    } else {
        registrable(name)
    };
    let unicode = name.split('.').any(|label| label.starts_with("xn--"));
    AppName {
        before: name[..name.len() - registered.len()].to_owned(),
        bold: registered.to_owned(),
        after: port,
        plain: host.to_owned(),
        unicode: unicode.then(|| idna::domain_to_unicode(name).0),
        is_local,
        owner_name: owner_name.map(str::to_owned),
    }
}

/// The registrable part of a name, by the public suffix list; a name that is
/// none of its business is shown whole.
fn registrable(name: &str) -> &str {
    DEFAULT_PROVIDER
        .effective_tld_plus_one(name)
        .unwrap_or(name)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn what_was_registered_stands_out() {
        for (host, parts) in [
            ("app.example", ("", "app.example", "")),
            (
                "login.paypal.com.evil.example",
                ("login.paypal.com.", "evil.example", ""),
            ),
            (
                "shop.example.co.uk:8443",
                ("shop.", "example.co.uk", ":8443"),
            ),
            ("someone.github.io", ("", "someone.github.io", "")),
            ("b.a.r2.dev", ("b.", "a.r2.dev", "")),
            ("www.ck", ("", "www.ck", "")),
            ("com", ("", "com", "")),
            ("192.0.2.7:3000", ("", "192.0.2.7", ":3000")),
            ("[2001:db8::1]", ("", "[2001:db8::1]", "")),
        ] {
            let name = app_name(host, false, None);
            assert_eq!((&*name.before, &*name.bold, &*name.after), parts, "{host}");
        }
    }

    #[test]
    fn letters_that_look_alike_are_told() {
        let name = app_name("xn--pple-43d.com", false, None);
        assert_eq!(name.unicode.as_deref(), Some("аpple.com"));
        assert_eq!(app_name("apple.com", false, None).unicode, None);
    }

    #[test]
    fn times_in_words() {
        let now = Timestamp::from_millis(1_800_000_000_000);
        for (seconds, text) in [
            (5, "a moment ago"),
            (60, "1 minute ago"),
            (3599, "59 minutes ago"),
            (3600, "1 hour ago"),
            (90_000, "1 day ago"),
            (900_000, "10 days ago"),
        ] {
            assert_eq!(ago(now.minus(Span::from_secs(seconds)), now), text);
        }
    }
}
