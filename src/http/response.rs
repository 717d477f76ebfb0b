//! Answers on their way out.

use std::io::{self, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use zeroize::Zeroizing;

use super::head::Persistence;
use super::message::HttpResponse;

/// Lets a client that asked for it send its body.
pub(super) const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

/// One message, so that it leaves in one write.
pub(super) fn render(
    response: &HttpResponse,
    persistence: Persistence,
    is_head: bool,
) -> Zeroizing<Vec<u8>> {
    let status = response.status;
    // RFC 9110, section 8.6 and RFC 9112, section 6.3.
    let has_body = !matches!(status, 100..=199 | 204 | 304);
    let length = response.body.len();
    let mut out = Zeroizing::new(Vec::with_capacity(
        256 + 64 * response.headers.len() + length,
    ));
    let mut line = |parts: &[&str]| {
        for part in parts {
            out.extend_from_slice(part.as_bytes());
        }
        out.extend_from_slice(b"\r\n");
    };
    line(&["HTTP/1.1 ", &status.to_string(), " ", reason(status)]);
    line(&["Date: ", &http_date(SystemTime::now())]);
    for (name, value) in &response.headers {
        if is_name(name) && is_value(value) {
            line(&[name, ": ", value]);
        }
    }
    if has_body {
        line(&["Content-Length: ", &length.to_string()]);
    }
    match persistence {
        Persistence::Keep => {}
        Persistence::KeepSaid => line(&["Connection: keep-alive"]),
        Persistence::Close => line(&["Connection: close"]),
    }
    line(&[]);
    if has_body && !is_head {
        out.extend_from_slice(&response.body);
    }
    out
}

/// Writes all of it, waiting for the client until `deadline` at most.
pub(super) fn write_by(
    mut stream: &TcpStream,
    mut bytes: &[u8],
    deadline: Instant,
) -> io::Result<()> {
    while !bytes.is_empty() {
        stream.set_write_timeout(Some(left_until(deadline)?))?;
        match stream.write(bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => bytes = &bytes[written..],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// The time left, never zero (which sockets take for "no limit").
pub(super) fn left_until(deadline: Instant) -> io::Result<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(io::ErrorKind::TimedOut.into());
    }
    Ok(left.max(Duration::from_millis(1)))
}

/// RFC 9110, section 5.6.2.
fn is_name(name: &str) -> bool {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    let ours = ["Connection", "Content-Length", "Date", "Transfer-Encoding"];
    !name.is_empty()
        && name.bytes().all(token)
        && !ours.iter().any(|own| own.eq_ignore_ascii_case(name))
}

/// RFC 9110, section 5.5, ASCII only: no line ends, so no second answer in it.
fn is_value(value: &str) -> bool {
    value
        .bytes()
        .all(|byte| matches!(byte, b' '..=b'~' | b'\t'))
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        408 => "Request Timeout",
        409 => "Conflict",
        411 => "Length Required",
        413 => "Content Too Large",
        414 => "URI Too Long",
        415 => "Unsupported Media Type",
        417 => "Expectation Failed",
        421 => "Misdirected Request",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        503 => "Service Unavailable",
        505 => "HTTP Version Not Supported",
        // RFC 9112, section 4: it may be empty.
        _ => "",
    }
}

/// IMF-fixdate (RFC 9110, section 5.6.7), as in `Sun, 06 Nov 1994 08:49:37 GMT`.
fn http_date(now: SystemTime) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = [
        "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb",
    ];
    let seconds = now
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    // Days since 1 March of year 0; years start in March, so that a leap day
    // is a year's last (H. Hinnant, "chrono-compatible low-level date algorithms").
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let year = era * 400 + year_of_era + u64::from(month >= 10);
    format!(
        "{}, {day:02} {} {year} {:02}:{:02}:{:02} GMT",
        DAYS[(days % 7) as usize],
        MONTHS[month as usize],
        second / 3_600,
        second / 60 % 60,
        second % 60
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn text(response: &HttpResponse, persistence: Persistence, is_head: bool) -> String {
        String::from_utf8(render(response, persistence, is_head).to_vec()).unwrap()
    }

    #[test]
    fn dates() {
        for (seconds, expected) in [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (1_709_251_199, "Thu, 29 Feb 2024 23:59:59 GMT"),
            (1_735_689_599, "Tue, 31 Dec 2024 23:59:59 GMT"),
            (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
        ] {
            assert_eq!(
                http_date(UNIX_EPOCH + Duration::from_secs(seconds)),
                expected
            );
        }
    }

    #[test]
    fn a_body_goes_where_one_may() {
        let full = text(&HttpResponse::json(200, "{}"), Persistence::Keep, false);
        assert!(full.starts_with("HTTP/1.1 200 OK\r\nDate: "));
        assert!(full.ends_with("Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"));
        let head = text(&HttpResponse::json(200, "{}"), Persistence::Close, true);
        assert!(head.ends_with("Content-Length: 2\r\nConnection: close\r\n\r\n"));
        let empty = text(&HttpResponse::empty(204), Persistence::KeepSaid, false);
        assert!(empty.ends_with("GMT\r\nConnection: keep-alive\r\n\r\n"));
    }

    #[test]
    fn no_header_splits_an_answer() {
        let response = HttpResponse::empty(200)
            .with_header("A", "b\r\nC: d")
            .with_header("E\r\nF", "g")
            .with_header("content-length", "7")
            .with_header("H", "caf\u{e9}");
        assert!(
            text(&response, Persistence::Keep, false).ends_with("GMT\r\nContent-Length: 0\r\n\r\n")
        );
    }
}
