//! A small HTTP client that shows what was sent, byte for byte.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// Longer than any test takes on a slow machine, and no test waits for it: a
/// server that hangs fails a test instead of hanging it.
pub(crate) const LONG: Duration = Duration::from_secs(60);

/// No answer is longer.
const MAX_ANSWER: u64 = 16 * 1024 * 1024;

/// A connection to a server of this machine.
pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    try_connect(address).unwrap()
}

/// The same, where the server may be gone.
pub(crate) fn try_connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(LONG))?;
    stream.set_write_timeout(Some(LONG))?;
    Ok(stream)
}

/// Sends bytes as they are and reads one answer; the connection stays open.
#[track_caller]
pub(crate) fn exchange(stream: &mut TcpStream, request: impl AsRef<[u8]>) -> Answer {
    // A server that has seen enough answers before everything is sent.
    let _ = stream.write_all(request.as_ref());
    read_answer(stream, false).expect("an answer")
}

/// The next answer, unless the server hangs up first. What answers a `HEAD`
/// has no body, whatever its head says.
pub(crate) fn read_answer(stream: &mut impl Read, to_head: bool) -> Option<Answer> {
    let head = read_head(stream)?;
    let mut answer = Answer {
        status: head[9..12].parse().unwrap(),
        head,
        body: Vec::new(),
    };
    if !to_head && answer.status != 204 {
        let length = answer.header("Content-Length").unwrap().parse().unwrap();
        answer.body = vec![0; length];
        stream.read_exact(&mut answer.body).unwrap();
    }
    Some(answer)
}

/// A status line and headers, with the empty line that ends them.
pub(crate) fn read_head(stream: &mut impl Read) -> Option<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        // A read with a time limit ends at any signal; `read_exact` goes on.
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    Some(String::from_utf8(head).unwrap())
}

/// Whether the server has hung up, and has sent nothing more before.
pub(crate) fn is_closed(stream: &mut TcpStream) -> bool {
    !matches!(stream.read(&mut [0]), Ok(1..))
}

/// Sends bytes as they are, on a connection of their own; all that comes back
/// until the server hangs up.
pub(crate) fn raw(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = connect(address);
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    let _ = stream.take(MAX_ANSWER).read_to_end(&mut answer);
    String::from_utf8(answer).unwrap()
}

/// A request that is yet to be sent.
#[derive(Clone)]
pub(crate) struct Request {
    address: SocketAddr,
    pub(crate) method: String,
    pub(crate) target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    check: fn(&Request, &Answer),
}

impl Request {
    /// A request with the server's own `Host`.
    pub(crate) fn to(address: SocketAddr, method: &str, target: &str) -> Self {
        Self {
            address,
            method: method.to_owned(),
            target: target.to_owned(),
            headers: vec![("Host".to_owned(), format!("localhost:{}", address.port()))],
            body: Vec::new(),
            check: |_, _| {},
        }
    }

    /// Whom it is for.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The same for another server.
    pub(crate) fn at(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self.host(&format!("localhost:{}", address.port()))
    }

    /// Holds the answer to what every answer must keep.
    pub(crate) fn checked_by(mut self, check: fn(&Self, &Answer)) -> Self {
        self.check = check;
        self
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Another `Host` than the server's.
    pub(crate) fn host(mut self, host: &str) -> Self {
        self.headers.retain(|(name, _)| name != "Host");
        self.header("Host", host)
    }

    pub(crate) fn origin(self, origin: &str) -> Self {
        self.header("Origin", origin)
    }

    pub(crate) fn token(self, token: &str) -> Self {
        self.header("Authorization", &format!("Bearer {token}"))
    }

    pub(crate) fn json(self, body: Value) -> Self {
        self.bytes("application/json", body.to_string().as_bytes())
    }

    pub(crate) fn bytes(mut self, media_type: &str, body: &[u8]) -> Self {
        self.body = body.to_vec();
        self.header("Content-Type", media_type)
    }

    /// Sends it, on a connection of its own, which the server closes after
    /// the answer.
    pub(crate) fn send(&self) -> Answer {
        let mut stream = connect(self.address);
        // A server that has seen enough answers before everything is sent.
        let _ = stream.write_all(&self.to_bytes());
        let answer = read_answer(&mut stream, self.method == "HEAD");
        let answer = answer.unwrap_or_else(|| panic!("no answer: {} {}", self.method, self.target));
        assert!(is_closed(&mut stream), "{} {}", self.method, self.target);
        (self.check)(self, &answer);
        answer
    }

    /// Sends it as another user of the machine.
    #[cfg(unix)]
    pub(crate) fn send_as(&self, user: &super::other_user::OtherUser) -> Answer {
        self.received(&user.talk(self.address, &self.to_bytes()))
    }

    /// Sends it from another network, to the same port of this machine.
    #[cfg(target_os = "linux")]
    pub(crate) fn send_from(&self, network: &super::other_network::OtherNetwork) -> Answer {
        self.received(&network.talk(self.address, &self.to_bytes()))
    }

    #[cfg(unix)]
    fn received(&self, mut sent: &[u8]) -> Answer {
        let answer = read_answer(&mut sent, self.method == "HEAD");
        let answer = answer.unwrap_or_else(|| panic!("no answer: {} {}", self.method, self.target));
        (self.check)(self, &answer);
        answer
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut head = format!("{} {} HTTP/1.1\r\n", self.method, self.target);
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        if !self.body.is_empty() || self.method == "POST" {
            head += &format!("Content-Length: {}\r\n", self.body.len());
        }
        head += "Connection: close\r\n\r\n";
        [head.as_bytes(), &self.body].concat()
    }
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (sent, value) = line.split_once(": ")?;
            sent.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    /// Whether the server says that it hangs up after it.
    pub(crate) fn closes(&self) -> bool {
        self.header("Connection") == Some("close")
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    /// The body of a 200.
    #[track_caller]
    pub(crate) fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text());
        self.json()
    }

    /// The message of an error that is the one expected.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: u64) -> String {
        let said = (self.status, self.json()["code"].as_u64());
        assert_eq!(said, (status, Some(code)), "{}", self.text());
        self.json()["error"].as_str().unwrap().to_owned()
    }
}
