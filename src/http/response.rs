//! Answers on their way out.

use std::borrow::Cow;
use std::io::{self, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant, SystemTime};

use httpdate::HttpDate;
use tiny_http::StatusCode;
use zeroize::Zeroizing;

use super::head::Persistence;
use super::message::HttpResponse;

/// Lets a client that asked for it send its body.
pub(super) const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

/// More than the lines take that every answer has, in bytes.
const OWN_LINES: usize = 256;

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
    let headers = response.headers.iter();
    let headers: usize = headers
        .map(|(name, value)| name.len() + value.len() + 4)
        .sum();
    // Room for all of it: a vector that grows leaves copies behind.
    let mut out = Zeroizing::new(Vec::with_capacity(OWN_LINES + headers + length));
    let reason = StatusCode(status).default_reason_phrase();
    let date = HttpDate::from(SystemTime::now());
    // Memory takes all that is written to it.
    let _ = write!(out, "HTTP/1.1 {status} {reason}\r\nDate: {date}\r\n");
    for (name, value) in &response.headers {
        // What was put together is looked at; what stands in the program was right when
        // it was written.
        debug_assert!(is_name(name), "{name:?} is no name of a header");
        let is_literal = matches!(value, Cow::Borrowed(_));
        debug_assert!(!is_literal || is_value(value), "{value:?} in {name}");
        if is_literal || is_value(value) {
            for part in [name, ": ", value, "\r\n"] {
                out.extend_from_slice(part.as_bytes());
            }
        }
    }
    if has_body {
        let _ = write!(out, "Content-Length: {length}\r\n");
    }
    out.extend_from_slice(match persistence {
        Persistence::Keep => b"\r\n",
        Persistence::KeepSaid => b"Connection: keep-alive\r\n\r\n",
        Persistence::Close => b"Connection: close\r\n\r\n",
    });
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn text(response: &HttpResponse, persistence: Persistence, is_head: bool) -> String {
        String::from_utf8(render(response, persistence, is_head).to_vec()).unwrap()
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
            .with_header("A", "b\r\nC: d".to_owned())
            .with_header("H", "caf\u{e9}".to_owned());
        assert!(
            text(&response, Persistence::Keep, false).ends_with("GMT\r\nContent-Length: 0\r\n\r\n")
        );
        for name in ["E\r\nF", "", "content-length"] {
            assert!(!is_name(name), "{name:?}");
        }
    }
}
