//! Requests and answers as the application sees them.

use std::any::Any;
use std::borrow::Cow;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use zeroize::{Zeroize, Zeroizing};

/// The connection that a request came over, and what the application has found
/// out about it. All requests of a connection share one.
pub struct ConnectionInfo {
    /// The client's end.
    pub peer: SocketAddr,
    /// Our end.
    pub local: SocketAddr,
    note: OnceLock<Box<dyn Any + Send + Sync>>,
}

impl ConnectionInfo {
    /// A connection of which nothing else is known yet.
    #[must_use]
    pub fn new(peer: SocketAddr, local: SocketAddr) -> Self {
        Self {
            peer,
            local,
            note: OnceLock::new(),
        }
    }

    /// What `find` returned when it was first asked on this connection; it is
    /// called once, however many requests follow. There is one such note per
    /// connection: `None` if it is of another type.
    pub fn note<T: Any + Send + Sync>(&self, find: impl FnOnce() -> T) -> Option<&T> {
        self.note.get_or_init(|| Box::new(find())).downcast_ref()
    }
}

/// One complete request. Its framing was checked; nothing else was.
///
/// What may hold a password or a token (query, body, headers) is wiped on drop.
pub struct HttpRequest {
    /// As sent; methods are case-sensitive (RFC 9110, section 9.1).
    pub method: Cow<'static, str>,
    /// The target up to the first `?`, starting with `/`, percent-encoded
    /// as sent; or `*`.
    pub path: String,
    /// What follows the first `?`, as sent; empty where there is none.
    pub query: Zeroizing<String>,
    /// The whole body, without transfer encoding.
    pub body: Zeroizing<Vec<u8>>,
    /// Between whom it was sent.
    pub connection: Arc<ConnectionInfo>,
    /// When its last byte had been read.
    pub received: Instant,
    pub(super) headers: Headers,
}

/// What does not travel through a lane: it may be a secret, and so is kept where
/// it can be wiped; and tiny_http reads byte by byte.
#[derive(Default)]
pub(super) struct Parked {
    pub(super) query: Zeroizing<String>,
    pub(super) headers: Headers,
}

/// Headers in the order sent, in one piece of memory that is wiped on drop.
#[derive(Default)]
pub(super) struct Headers {
    /// Name, value, name, value …
    text: Zeroizing<String>,
    /// Where each name and each value ends in it.
    ends: Vec<(usize, usize)>,
}

impl Headers {
    /// None yet; these take so many bytes at most.
    pub(super) fn with_room(count: usize, bytes: usize) -> Self {
        Self {
            text: Zeroizing::new(String::with_capacity(bytes)),
            ends: Vec::with_capacity(count),
        }
    }

    pub(super) fn push(&mut self, name: &str, value: &str) {
        let length = self.text.len() + name.len() + value.len();
        if length > self.text.capacity() {
            // A string that grows by itself leaves its bytes behind.
            let mut grown = Zeroizing::new(String::with_capacity(2 * length));
            grown.push_str(&self.text);
            self.text = grown;
        }
        self.text.push_str(name);
        let name_end = self.text.len();
        self.text.push_str(value);
        self.ends.push((name_end, self.text.len()));
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let mut start = 0;
        self.ends.iter().map(move |&(name_end, end)| {
            let name = &self.text[start..name_end];
            start = end;
            (name, &self.text[name_end..end])
        })
    }
}

impl HttpRequest {
    /// A request without headers or body, received now, on a connection
    /// between unspecified addresses.
    #[must_use]
    pub fn new(method: &str, target: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let nowhere = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
        Self {
            method: method.to_owned().into(),
            path: path.to_owned(),
            query: Zeroizing::new(query.to_owned()),
            body: Zeroizing::default(),
            connection: Arc::new(ConnectionInfo::new(nowhere, nowhere)),
            received: Instant::now(),
            headers: Headers::default(),
        }
    }

    /// The same request with one more header.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push(name, value);
        self
    }

    /// The same request with what was read of it besides its first line.
    pub(super) fn with_parked(mut self, parked: Parked) -> Self {
        self.query = parked.query;
        self.headers = parked.headers;
        self
    }

    /// The same request with this body.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Zeroizing::new(body.into());
        self
    }

    /// The same request on this connection.
    #[must_use]
    pub fn with_connection(mut self, connection: Arc<ConnectionInfo>) -> Self {
        self.connection = connection;
        self
    }

    /// The names of all headers, as sent and in that order.
    pub fn header_names(&self) -> impl Iterator<Item = &str> {
        self.headers.iter().map(|(name, _)| name)
    }

    /// The value of the first header of that name, in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.header_values(name).next()
    }

    /// The values of every header of that name, in the order sent. A header
    /// that decides about access is to be refused when it comes twice.
    pub fn header_values<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.headers
            .iter()
            .filter(move |(sent, _)| sent.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

/// One answer. `Date`, `Content-Length` and `Connection` are added when it is
/// sent. Wiped on drop, since it may hold a mnemonic or a token.
pub struct HttpResponse {
    /// 200 to 599.
    pub status: u16,
    /// Names and values; those that were put together, and can't stand in a header, are
    /// left out.
    pub headers: Vec<(&'static str, Cow<'static, str>)>,
    /// The whole body; not sent for HEAD, 204 and 304.
    pub body: Zeroizing<Vec<u8>>,
}

impl HttpResponse {
    /// Few answers have more.
    const USUAL_HEADERS: usize = 8;

    /// An answer with a body of that media type.
    #[must_use]
    pub fn new(status: u16, media_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        let mut response = Self::empty(status).with_header("Content-Type", media_type);
        response.body = Zeroizing::new(body.into());
        response
    }

    /// An answer whose body is a JSON document.
    #[must_use]
    pub fn json(status: u16, document: impl Into<Vec<u8>>) -> Self {
        Self::new(status, "application/json", document)
    }

    /// An answer without a body.
    #[must_use]
    pub fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::with_capacity(Self::USUAL_HEADERS),
            body: Zeroizing::default(),
        }
    }

    /// The same answer with one more header.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

impl Drop for HttpResponse {
    fn drop(&mut self) {
        for (_, value) in &mut self.headers {
            if let Cow::Owned(value) = value {
                value.zeroize();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_header_is_found_in_any_case_and_told_when_it_came_twice() {
        let request = HttpRequest::new("GET", "/")
            .with_header("Host", "a")
            .with_header("host", "b");
        assert_eq!(request.header("HOST"), Some("a"));
        assert_eq!(request.header_values("Host").count(), 2);
        assert_eq!(request.header("Origin"), None);
    }

    #[test]
    fn a_note_is_taken_once_for_all_requests_of_a_connection() {
        let first = HttpRequest::new("GET", "/");
        let second = HttpRequest::new("GET", "/").with_connection(Arc::clone(&first.connection));
        assert_eq!(first.connection.note(|| 1_u32), Some(&1));
        assert_eq!(second.connection.note(|| 2_u32), Some(&1));
        assert_eq!(second.connection.note(|| "other"), None);
    }

    #[test]
    fn only_the_first_question_mark_ends_the_path() {
        let request = HttpRequest::new("GET", "/a%3F?b=c?d");
        assert_eq!((&*request.path, request.query.as_str()), ("/a%3F", "b=c?d"));
    }
}
