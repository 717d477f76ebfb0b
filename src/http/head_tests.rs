#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;

const MAX: usize = 1 << 20;

fn head(text: &str) -> Head {
    parse(text.as_bytes(), MAX).unwrap().unwrap()
}

fn status(text: &str) -> u16 {
    parse(text.as_bytes(), MAX).err().unwrap().status
}

fn line(text: &str) -> String {
    String::from_utf8(head(text).line).unwrap()
}

fn headers(text: &str) -> Vec<(String, String)> {
    let headers = head(text).parked.headers;
    let owned = headers
        .iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    owned.collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[test]
fn what_goes_on_is_written_anew() {
    let text = "POST /a?b HTTP/1.0\r\nhost:  me \r\nTE: chunked\r\nConnection: keep-alive, x\r\n\
                Cookie: caf\u{e9}=1\r\nX-Two: 1\r\nx-two: 2\r\n\
                Content-Length: 3\r\n\r\n";
    assert_eq!(line(text), "POST /a HTTP/1.1\r\n");
    let expected = pairs(&[("Host", "me"), ("X-Two", "1"), ("x-two", "2")]);
    assert_eq!(headers(text), expected);
    let head = head(text);
    assert_eq!(head.framing, Framing::Length(3));
    assert_eq!(head.persistence, Persistence::KeepSaid);
    assert_eq!(head.length, text.len());
}

#[test]
fn only_the_first_line_without_its_query_goes_through_a_lane() {
    let text = "GET /a?b?c HTTP/1.1\r\nHost: a\r\nauthorization: Bearer d\r\n\r\n";
    assert_eq!(line(text), "GET /a HTTP/1.1\r\n");
    assert_eq!(head(text).parked.query.as_str(), "b?c");
    let expected = pairs(&[("Host", "a"), ("authorization", "Bearer d")]);
    assert_eq!(headers(text), expected);
    assert_eq!(
        status("GET / HTTP/1.1\r\nHost: a\r\nAuthorization: caf\u{e9}\r\n\r\n"),
        400
    );
}

#[test]
fn the_authority_of_an_absolute_target_counts() {
    let text = "GET HTTP://real:1/x HTTP/1.1\r\nHost: other\r\n\r\n";
    assert_eq!(line(text), "GET /x HTTP/1.1\r\n");
    assert_eq!(headers(text), pairs(&[("Host", "real:1")]));
    assert!(line("GET http://a HTTP/1.0\r\n\r\n").starts_with("GET / HTTP"));
}

#[test]
fn an_incomplete_head_waits_at_every_byte() {
    let text = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n";
    for end in 0..text.len() {
        assert!(parse(&text.as_bytes()[..end], MAX).unwrap().is_none());
    }
    assert!(parse(text.as_bytes(), MAX).unwrap().is_some());
}

#[test]
fn what_can_be_read_in_two_ways_is_refused() {
    for (headers, expected) in [
        ("Content-Length: 1\r\nContent-Length: 2", 400),
        ("Content-Length: 1\r\nContent-Length: 1", 400),
        ("Content-Length: 1, 1", 400),
        ("Content-Length: +1", 400),
        ("Content-Length: -1", 400),
        ("Content-Length: 0x1", 400),
        ("Content-Length:", 400),
        ("Content-Length : 1", 400),
        ("Content-Length: 1\r\nTransfer-Encoding: chunked", 400),
        (
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            400,
        ),
        ("Transfer-Encoding: gzip, chunked", 501),
        ("Transfer-Encoding: xchunked", 501),
        ("Transfer-Encoding: identity", 501),
        ("Transfer-Encoding:\u{b}chunked", 400),
        ("X: a\r\n folded", 400),
        ("X: a\rb", 400),
        ("X: a\0b", 400),
        ("X: caf\u{e9}", 400),
        ("Host: b", 400),
        (": empty", 400),
        ("no colon", 400),
        ("Content-Length: 1048577", 413),
        ("Content-Length: 1000000000000000000", 413),
        ("Content-Length: 99999999999999999999999999", 413),
        ("Expect: a miracle", 417),
        ("Content-Encoding: gzip", 415),
        ("Content-Encoding: identity, br", 415),
    ] {
        let text = format!("POST / HTTP/1.1\r\nHost: a\r\n{headers}\r\n\r\n");
        assert_eq!(status(&text), expected, "{headers}");
    }
}

#[test]
fn request_lines() {
    for (line, expected) in [
        ("GET /", 400),
        ("GET  / HTTP/1.1", 400),
        ("GET / HTTP/1.1 x", 400),
        ("GET / HTTP/2.0", 505),
        ("PRI * HTTP/2.0", 505),
        ("GET / HTTP/3", 505),
        ("GET / HTTX/1.1", 400),
        ("GET x HTTP/1.1", 400),
        ("GET * HTTP/1.1", 400),
        ("GET /\u{e9} HTTP/1.1", 400),
        ("GET /#a HTTP/1.1", 400),
        ("GET https://a/ HTTP/1.1", 400),
        ("GET http:///x HTTP/1.1", 400),
        ("CONNECT a:1 HTTP/1.1", 400),
        ("G(T / HTTP/1.1", 400),
        ("\x16\x03\x01\x02\x00\x01", 400),
    ] {
        assert_eq!(
            status(&format!("{line}\r\nHost: a\r\n\r\n")),
            expected,
            "{line}"
        );
    }
    assert_eq!(status("GET / HTTP/1.1\r\n\r\n"), 400, "no host");
    let many = "X: y\r\n".repeat(65);
    assert_eq!(status(&format!("GET / HTTP/1.1\r\n{many}\r\n")), 431);
}

#[test]
fn a_glimpse_shows_what_came_before_the_fault() {
    let text = "PUT /a?b HTTP/1.1\r\nHost: a\r\nOrigin: https://b\r\n";
    for rest in ["", "X", "\r\n", "bad\r\n\r\n", &"X: y\r\n".repeat(70)] {
        let seen = glimpse(format!("{text}{rest}").as_bytes()).unwrap();
        assert_eq!((&*seen.method, &*seen.path), ("PUT", "/a"), "{rest:?}");
        assert_eq!(seen.header("Origin"), Some("https://b"), "{rest:?}");
    }
    assert!(glimpse(b"").is_none());
    assert!(glimpse(b"PUT /a").is_none());
    assert!(glimpse(b"\x16\x03\x01").is_none());
}

#[test]
fn persistence_follows_version_and_options() {
    let of = |version: &str, connection: &str| {
        head(&format!(
            "GET / HTTP/{version}\r\nHost: a\r\nConnection: {connection}\r\n\r\n"
        ))
        .persistence
    };
    assert_eq!(of("1.1", ""), Persistence::Keep);
    assert_eq!(of("1.1", "x, Close"), Persistence::Close);
    assert_eq!(of("1.0", ""), Persistence::Close);
    assert_eq!(of("1.0", "Keep-Alive"), Persistence::KeepSaid);
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_answered_without_a_panic(input: Vec<u8>) {
        let _ = parse(&input, MAX);
    }

    #[test]
    fn whatever_is_forwarded_is_one_request(value in "[ -~]{0,40}", target in "/[!-~]{0,20}") {
        let text = format!("GET {target} HTTP/1.1\r\nHost: a\r\nX: {value}\r\n\r\n");
        if let Ok(Some(head)) = parse(text.as_bytes(), MAX) {
            let lines = head.line.split(|&byte| byte == b'\n').count();
            proptest::prop_assert_eq!(lines, 2);
            proptest::prop_assert_eq!(head.parked.headers.iter().count(), 2);
        }
    }
}
