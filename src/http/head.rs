//! The head of a request: what is read, what is refused, what goes on.
//!
//! Two readers that see different ends of one request let a second request be
//! smuggled in (RFC 9112, section 11.2). So whatever could be read in two ways
//! is refused here, and what goes on is written anew.

use zeroize::Zeroizing;

use super::message::{self, HttpRequest, Parked};

/// Most headers of one request.
const MAX_HEADERS: usize = 64;

/// Headers looked at of a request that is refused.
const MAX_GLIMPSED: usize = 512;

/// Names the header that ties a request in a lane to its connection, briefly: it is
/// read byte by byte.
pub(super) const TICKET: &str = "T";

/// Headers that are about this connection alone, or were acted on (RFC 9110,
/// section 7.6.1). Cookies go no further either: nothing here sets any, and
/// those of other programs on `localhost` are none of our business.
const DROPPED: [&str; 11] = [
    "Connection",
    "Content-Length",
    "Cookie",
    "Expect",
    "Host",
    "Keep-Alive",
    "Proxy-Connection",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
];

/// Why a request goes no further.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) why: &'static str,
}

impl Refusal {
    pub(super) const fn new(status: u16, why: &'static str) -> Self {
        Self { status, why }
    }
}

/// How long the body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    Length(usize),
    Chunked,
}

/// What the answer says about the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Persistence {
    /// Stays open, as is usual in HTTP/1.1.
    Keep,
    /// Stays open because an HTTP/1.0 client asked for it, and is told so.
    KeepSaid,
    /// Ends with this answer.
    Close,
}

pub(super) struct Head {
    /// Bytes of input that it took.
    pub(super) length: usize,
    /// The request line to forward, written anew.
    pub(super) line: Vec<u8>,
    pub(super) parked: Parked,
    pub(super) framing: Framing,
    pub(super) persistence: Persistence,
    pub(super) is_head: bool,
    /// The client waits for `100 Continue` before it sends the body.
    pub(super) expects_continue: bool,
}

/// Reads one head from the start of `input`; `None` where more is needed.
pub(super) fn parse(input: &[u8], max_body: usize) -> Result<Option<Head>, Refusal> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    let length = match request.parse(input) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(error) => return Err(malformed(error, input)),
    };
    let (Some(method), Some(target), Some(minor)) = (request.method, request.path, request.version)
    else {
        return Err(Refusal::new(400, "malformed request line"));
    };
    let headers = Headers(request.headers);
    let (authority, target) = split_target(method, target)?;
    let host = headers.host(authority, minor)?;
    let (framing, expects_continue) = headers.framing(minor, max_body)?;

    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let line = [method, " ", path, " HTTP/1.1\r\n"].concat().into_bytes();
    let mut parked = Parked {
        query: Zeroizing::new(query.to_owned()),
        headers: message::Headers::with_room(headers.0.len(), length),
    };
    if let Some(host) = host {
        parked.headers.push("Host", ascii(host)?);
    }
    for header in headers
        .0
        .iter()
        .filter(|header| !is_in(&DROPPED, header.name))
    {
        parked.headers.push(header.name, ascii(header.value)?);
    }
    Ok(Some(Head {
        length,
        line,
        parked,
        framing,
        persistence: headers.persistence(minor),
        is_head: method == "HEAD",
        expects_continue,
    }))
}

/// What can be read of a request that is refused, for the wording of the
/// answer alone: the request line and the headers before the first fault.
pub(super) fn glimpse(input: &[u8]) -> Option<HttpRequest> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_GLIMPSED];
    let mut request = httparse::Request::new(&mut headers);
    let _ = request.parse(input);
    let mut seen = HttpRequest::new(request.method?, request.path?);
    for header in request
        .headers
        .iter()
        .filter(|header| !header.name.is_empty())
    {
        if let Ok(value) = std::str::from_utf8(header.value) {
            seen = seen.with_header(header.name, value);
        }
    }
    Some(seen)
}

fn malformed(error: httparse::Error, input: &[u8]) -> Refusal {
    use httparse::Error;
    match error {
        Error::TooManyHeaders => Refusal::new(431, "more than 64 headers"),
        Error::Version if names_a_version(input) => {
            Refusal::new(505, "only HTTP/1.0 and HTTP/1.1 are spoken here")
        }
        Error::HeaderName | Error::HeaderValue => Refusal::new(400, "malformed header"),
        _ => Refusal::new(400, "malformed request line"),
    }
}

/// Whether the first line ends like `HTTP/2.0`.
fn names_a_version(input: &[u8]) -> bool {
    let line = input.split(|&byte| byte == b'\n').next().unwrap_or(input);
    let version = line.trim_ascii_end().rsplit(|&byte| byte == b' ').next();
    matches!(
        version.and_then(|version| version.strip_prefix(b"HTTP/")),
        Some([b'0'..=b'9', ..])
    )
}

/// The authority that an absolute target names, and the target without it.
fn split_target<'a>(method: &str, target: &'a str) -> Result<(Option<&'a [u8]>, &'a str), Refusal> {
    const WRONG: Refusal = Refusal::new(400, "malformed request target");
    if !target.is_ascii() || target.contains('#') {
        return Err(WRONG);
    }
    if target.starts_with('/') || (target == "*" && method == "OPTIONS") {
        return Ok((None, target));
    }
    // RFC 9112, section 3.2.2: the form that proxies get; its authority counts,
    // not the `Host` header.
    match target.split_at_checked(7) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http://") => {
            let end = rest.find(['/', '?']).unwrap_or(rest.len());
            match rest.split_at(end) {
                ("", _) => Err(WRONG),
                (authority, "") => Ok((Some(authority.as_bytes()), "/")),
                (_, query) if query.starts_with('?') => Err(WRONG),
                (authority, path) => Ok((Some(authority.as_bytes()), path)),
            }
        }
        _ => Err(WRONG),
    }
}

fn is_in(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn ascii(value: &[u8]) -> Result<&str, Refusal> {
    std::str::from_utf8(value)
        .ok()
        .filter(|value| value.is_ascii())
        .ok_or(Refusal::new(400, "a header holds bytes that are not ASCII"))
}

struct Headers<'a>(&'a [httparse::Header<'a>]);

impl<'a> Headers<'a> {
    fn values(&self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        self.0
            .iter()
            .filter(move |header| header.name.eq_ignore_ascii_case(name))
            .map(|header| header.value)
    }

    /// The one value of a header that may come once only.
    fn only(&self, name: &str, twice: &'static str) -> Result<Option<&'a [u8]>, Refusal> {
        let mut values = self.values(name);
        match (values.next(), values.next()) {
            (value, None) => Ok(value),
            _ => Err(Refusal::new(400, twice)),
        }
    }

    /// RFC 9112, section 3.2: exactly one in HTTP/1.1, at most one before.
    fn host(&self, authority: Option<&'a [u8]>, minor: u8) -> Result<Option<&'a [u8]>, Refusal> {
        match self.only("Host", "more than one `Host`")? {
            None if minor > 0 => Err(Refusal::new(400, "`Host` is missing")),
            host => Ok(authority.or(host)),
        }
    }

    /// RFC 9112, section 6.3, without what a recipient may forgive.
    fn framing(&self, minor: u8, max_body: usize) -> Result<(Framing, bool), Refusal> {
        let coding = self.only("Transfer-Encoding", "more than one `Transfer-Encoding`")?;
        let length = self.only("Content-Length", "more than one `Content-Length`")?;
        let framing = match (coding, length) {
            (Some(_), Some(_)) => {
                let why = "both `Content-Length` and `Transfer-Encoding`";
                return Err(Refusal::new(400, why));
            }
            (Some(_), None) if minor == 0 => {
                return Err(Refusal::new(400, "`Transfer-Encoding` in HTTP/1.0"));
            }
            (Some(coding), None) if coding.eq_ignore_ascii_case(b"chunked") => Framing::Chunked,
            (Some(_), None) => {
                let why = "the only transfer coding known is `chunked`";
                return Err(Refusal::new(501, why));
            }
            (None, Some(length)) => Framing::Length(body_length(length, max_body)?),
            (None, None) => Framing::Length(0),
        };
        let mut codings = self.values("Content-Encoding");
        if codings.any(|value| !value.eq_ignore_ascii_case(b"identity")) {
            return Err(Refusal::new(
                415,
                "the only content coding known is `identity`",
            ));
        }
        let mut expectations = self.values("Expect");
        if expectations.any(|value| !value.eq_ignore_ascii_case(b"100-continue")) {
            return Err(Refusal::new(
                417,
                "the only expectation known is `100-continue`",
            ));
        }
        // RFC 9110, section 10.1.1: not to a client that may not know it.
        let expects_continue = minor > 0 && self.values("Expect").next().is_some();
        Ok((framing, expects_continue))
    }

    fn persistence(&self, minor: u8) -> Persistence {
        let says = |word: &[u8]| {
            self.values("Connection")
                .flat_map(|value| value.split(|&byte| byte == b','))
                .any(|option| option.trim_ascii().eq_ignore_ascii_case(word))
        };
        match minor {
            _ if says(b"close") => Persistence::Close,
            0 if says(b"keep-alive") => Persistence::KeepSaid,
            0 => Persistence::Close,
            _ => Persistence::Keep,
        }
    }
}

fn body_length(value: &[u8], max_body: usize) -> Result<usize, Refusal> {
    if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
        return Err(Refusal::new(400, "malformed `Content-Length`"));
    }
    // Digits alone fail to parse only where they are too many.
    std::str::from_utf8(value)
        .ok()
        .and_then(|digits| digits.parse().ok())
        .filter(|&length| length <= max_body)
        .ok_or(TOO_LARGE)
}

/// A body beyond the limit, however it is framed.
pub(super) const TOO_LARGE: Refusal = Refusal::new(413, "the body is larger than allowed");

#[cfg(test)]
#[path = "head_tests.rs"]
mod tests;
