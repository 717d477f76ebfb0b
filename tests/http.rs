//! The HTTP transport over real sockets, as its clients meet it.

#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "tests, which say what they skip"
)]

mod support;

use std::io::Write;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use tokenpass::testing::http::{Handler, HttpRequest, HttpResponse, HttpServer, Limits};

use support::http::{Answer, LONG, connect, exchange, is_closed, read_answer, read_head};

/// Answers with what it was asked.
#[derive(Default)]
struct Echo {
    handled: AtomicUsize,
    gate: Option<Arc<Barrier>>,
}

impl Echo {
    /// How many requests had been handled when the connection was first noted.
    fn note_of(&self, request: &HttpRequest) -> String {
        let handled = || self.handled.load(Ordering::SeqCst);
        request.connection.note(handled).unwrap().to_string()
    }
}

impl Handler for Echo {
    fn handle(&self, request: &HttpRequest) -> HttpResponse {
        self.handled.fetch_add(1, Ordering::SeqCst);
        match request.path.as_str() {
            "/panic" => panic!("a handler that panics, on purpose"),
            "/large" => return HttpResponse::new(200, "text/plain", vec![b'x'; 8 << 20]),
            "/empty" => return HttpResponse::empty(204),
            "/gate" => {
                let gate = self.gate.as_ref().unwrap();
                gate.wait();
                gate.wait();
            }
            _ => {}
        }
        let text = format!(
            "{} {}?{} {}",
            request.method,
            request.path,
            request.query.as_str(),
            String::from_utf8_lossy(&request.body)
        );
        HttpResponse::new(200, "text/plain", text)
            .with_header("X-Hosts", request.header_values("host").count().to_string())
            .with_header("X-Peer", request.connection.peer.to_string())
            .with_header("X-Local", request.connection.local.to_string())
            .with_header("X-Note", self.note_of(request))
    }

    fn refuse(&self, status: u16, why: &str, request: Option<&HttpRequest>) -> HttpResponse {
        let error = format!(r#"{{"error":"{why}","code":0,"success":false}}"#);
        let origin = request.and_then(|request| request.header("Origin"));
        HttpResponse::json(status, error)
            .with_header("X-Origin", origin.unwrap_or("unknown").to_owned())
    }
}

fn limits() -> Limits {
    Limits {
        workers: 2,
        head_time: LONG,
        body_time: LONG,
        ..Limits::default()
    }
}

fn serve_with(limits: Limits, handler: Arc<Echo>) -> HttpServer {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    HttpServer::start(vec![listener], handler, limits).unwrap()
}

fn serve() -> HttpServer {
    serve_with(limits(), Arc::default())
}

impl Answer {
    /// Asserts the shape of every error.
    fn is_refusal(&self, status: u16) {
        assert_eq!(self.status, status, "{}", self.text());
        let error = self.json();
        assert_eq!(
            (&error["code"], &error["success"]),
            (&0.into(), &false.into())
        );
        assert_eq!(self.header("Content-Type"), Some("application/json"));
        assert!(self.closes());
    }
}

/// Sends it on a connection of its own.
fn once(server: &HttpServer, request: impl AsRef<[u8]>) -> Answer {
    exchange(&mut connect(server.local_addrs()[0]), request)
}

#[test]
fn a_request_arrives_whole() {
    let server = serve();
    let mut stream = connect(server.local_addrs()[0]);
    let request = "PATCH /a%20b?c=d?e HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello";
    let answer = exchange(&mut stream, request);
    assert_eq!(answer.text(), "PATCH /a%20b?c=d?e hello");
    assert_eq!(answer.header("X-Hosts"), Some("1"));
    let ends = [stream.local_addr().unwrap(), server.local_addrs()[0]];
    let [peer, local] = ends.map(|end| end.to_string());
    assert_eq!(answer.header("X-Peer"), Some(&*peer));
    assert_eq!(answer.header("X-Local"), Some(&*local));
    assert!(answer.header("Date").unwrap().ends_with(" GMT"));
    assert!(answer.header("Connection").is_none());
}

#[test]
fn what_is_noted_of_a_connection_holds_for_its_requests() {
    let server = serve();
    let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    for first in ["1", "4", "7"] {
        let mut stream = connect(server.local_addrs()[0]);
        for _ in 0..3 {
            assert_eq!(exchange(&mut stream, get).header("X-Note"), Some(first));
        }
    }
}

#[test]
fn whoever_words_a_refusal_knows_what_was_readable() {
    let server = serve();
    let head = "POST / HTTP/1.1\r\nHost: a\r\nOrigin: https://app\r\n";
    for (rest, status) in [
        ("Content-Length: 1048577\r\n\r\n", 413),
        ("Content-Encoding: gzip\r\n\r\n", 415),
        ("Expect: a miracle\r\n\r\n", 417),
        ("bad\r\n\r\n", 400),
        ("Transfer-Encoding: chunked\r\n\r\nxyz", 400),
    ] {
        let answer = once(&server, format!("{head}{rest}"));
        answer.is_refusal(status);
        assert_eq!(answer.header("X-Origin"), Some("https://app"), "{rest:?}");
    }
    let answer = once(&server, "nonsense\r\n\r\n");
    answer.is_refusal(400);
    assert_eq!(answer.header("X-Origin"), Some("unknown"));
}

#[test]
fn malformed_requests_are_answered_in_json() {
    let server = serve();
    let get = |rest: &str| format!("GET / HTTP/1.1\r\nHost: a\r\n{rest}\r\n\r\n");
    for (request, status) in [
        ("nonsense\r\n\r\n".to_owned(), 400),
        ("GET\r\n\r\n".to_owned(), 400),
        ("GET /\r\n\r\n".to_owned(), 400),
        ("GET / HTTP/9.9\r\n\r\n".to_owned(), 505),
        ("\u{16}\u{3}\u{1}".to_owned(), 400),
        (get("X: caf\u{e9}"), 400),
        (get("X: a\r\n folded"), 400),
        (get("Content-Length: 1\r\nContent-Length: 2"), 400),
        (get("Content-Length: 1\r\nTransfer-Encoding: chunked"), 400),
        (get("Transfer-Encoding: gzip"), 501),
        (get("Expect: a miracle"), 417),
        (get(&"X: y\r\n".repeat(70)), 431),
        (get("Transfer-Encoding: chunked\r\n\r\nxyz"), 400),
    ] {
        let mut stream = connect(server.local_addrs()[0]);
        exchange(&mut stream, &request).is_refusal(status);
        assert!(is_closed(&mut stream), "{request:?}");
    }
    assert_eq!(once(&server, get("")).status, 200, "it goes on");
}

#[test]
fn bare_line_feeds_end_lines() {
    let server = serve();
    let answer = once(&server, "GET /lf HTTP/1.1\nHost: a\n\n");
    assert_eq!(answer.text(), "GET /lf? ");
}

#[test]
fn an_endless_head_is_cut_off() {
    let server = serve();
    for (start, status) in [
        ("GET / HTTP/1.1\r\nHost: a\r\nX: ", 431),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: y\r\nCookie: ", 431),
        ("GET /", 414),
    ] {
        let mut stream = connect(server.local_addrs()[0]);
        stream.write_all(start.as_bytes()).unwrap();
        // Far more than is ever kept. The server stops reading at some point.
        let flood = vec![b'a'; 64 * 1024];
        for _ in 0..1024 {
            if stream.write_all(&flood).is_err() {
                break;
            }
        }
        // After that much the reset may come before the answer.
        if let Some(answer) = read_answer(&mut stream, false) {
            answer.is_refusal(status);
        }
        let slightly = format!("{start}{}", "a".repeat(17 * 1024));
        once(&server, slightly).is_refusal(status);
    }
}

#[test]
fn a_large_body_is_refused_before_it_is_sent() {
    let server = serve();
    for length in ["1048577", "1000000000000000000", "99999999999999999999999"] {
        let head = format!("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n");
        once(&server, head).is_refusal(413);
    }
    let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2097152\r\n\r\n";
    let mut stream = connect(server.local_addrs()[0]);
    stream.write_all(head.as_bytes()).unwrap();
    let _ = stream.write_all(&vec![b' '; 128 * 1024]);
    read_answer(&mut stream, false).unwrap().is_refusal(413);
}

#[test]
fn the_largest_body_is_taken() {
    let server = serve();
    let mut request = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n".to_vec();
    request.extend(std::iter::repeat_n(b'z', 1 << 20));
    let answer = once(&server, request);
    assert_eq!(answer.body.len(), "POST /? ".len() + (1 << 20));
}

#[test]
fn chunked_bodies() {
    let server = serve();
    let post = |body: &str| {
        format!("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{body}")
    };
    let answer = once(
        &server,
        post("3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nT: u\r\n\r\n"),
    );
    assert_eq!(answer.text(), "POST /? abcde");
    once(&server, post("3\r\nabcd\r\n0\r\n\r\n")).is_refusal(400);
    once(&server, post("-1\r\n")).is_refusal(400);
    once(&server, post("100001\r\n")).is_refusal(413);
    once(&server, post("ffffffffffffffffff\r\n")).is_refusal(413);
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let server = serve();
    let mut stream = connect(server.local_addrs()[0]);
    let mut all = String::new();
    for number in 0..50 {
        let length = number % 3;
        let body = "b".repeat(length);
        all += &format!(
            "POST /{number} HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n{body}"
        );
    }
    all += "GET /bad HTTP/1.1\r\nHost: a\r\nbad\r\n\r\n";
    stream.write_all(all.as_bytes()).unwrap();
    for number in 0..50 {
        let answer = read_answer(&mut stream, false).unwrap();
        assert!(answer.text().starts_with(&format!("POST /{number}? ")));
    }
    read_answer(&mut stream, false).unwrap().is_refusal(400);
    assert!(is_closed(&mut stream));
}

#[test]
fn head_has_no_body() {
    let server = serve();
    let mut stream = connect(server.local_addrs()[0]);
    stream
        .write_all(b"HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n")
        .unwrap();
    let head = read_answer(&mut stream, true).unwrap();
    assert_eq!(head.header("Content-Length"), Some("9"));
    let next = exchange(&mut stream, "GET /empty HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!((next.status, next.header("Content-Length")), (204, None));
    assert_eq!(
        exchange(&mut stream, "GET /y HTTP/1.1\r\nHost: a\r\n\r\n").status,
        200
    );
}

#[test]
fn connections_stay_open_as_asked() {
    let server = serve();
    let mut stream = connect(server.local_addrs()[0]);
    for _ in 0..3 {
        assert!(!exchange(&mut stream, "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n").closes());
    }
    let close = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    assert!(exchange(&mut stream, close).closes());
    assert!(is_closed(&mut stream));

    let mut old = connect(server.local_addrs()[0]);
    let answer = exchange(&mut old, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    assert_eq!(answer.header("Connection"), Some("keep-alive"));
    assert!(exchange(&mut old, "GET / HTTP/1.0\r\n\r\n").closes());
    assert!(is_closed(&mut old));
}

#[test]
fn a_client_that_stops_sending_still_gets_its_answer() {
    let server = serve();
    let mut stream = connect(server.local_addrs()[0]);
    stream
        .write_all(b"GET /half HTTP/1.1\r\nHost: a\r\n\r\n")
        .unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    assert_eq!(
        read_answer(&mut stream, false).unwrap().text(),
        "GET /half? "
    );
    assert!(is_closed(&mut stream));
}

#[test]
fn an_expectation_is_met_before_the_body() {
    let server = serve();
    let mut stream = connect(server.local_addrs()[0]);
    let head = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    assert_eq!(
        read_head(&mut stream).unwrap(),
        "HTTP/1.1 100 Continue\r\n\r\n"
    );
    assert_eq!(exchange(&mut stream, "hi").text(), "POST /? hi");
    let at_once = exchange(&mut stream, format!("{head}hi"));
    assert_eq!(at_once.text(), "POST /? hi", "nothing to wait for");
    let large = head.replace(": 2", ": 2000000");
    exchange(&mut stream, large).is_refusal(413);
}

#[test]
fn slow_clients_delay_nobody() {
    let server = serve();
    let address = server.local_addrs()[0];
    let head = "POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 600\r\n\r\n";
    let mut slow: Vec<TcpStream> = (0..300).map(|_| connect(address)).collect();
    // A third each: silent, within the head, within the body.
    for (number, stream) in slow.iter_mut().enumerate() {
        let sent = [&head[..0], &head[..20], head][number % 3];
        stream.write_all(sent.as_bytes()).unwrap();
    }
    let mut normal = connect(address);
    for _ in 0..20 {
        let get = "GET /normal HTTP/1.1\r\nHost: a\r\n\r\n";
        assert_eq!(exchange(&mut normal, get).text(), "GET /normal? ");
        assert_eq!(once(&server, get).text(), "GET /normal? ");
        for stream in slow.iter_mut().skip(2).step_by(3) {
            stream.write_all(b"b").unwrap();
        }
    }
    let last = slow.last_mut().unwrap();
    let answer = exchange(last, "b".repeat(580));
    assert_eq!(answer.text(), format!("POST /slow? {}", "b".repeat(600)));
}

#[test]
fn a_client_that_does_not_read_holds_up_no_worker() {
    let limits = Limits {
        workers: 1,
        ..limits()
    };
    let server = serve_with(limits, Arc::default());
    let mut lazy: Vec<TcpStream> = (0..4).map(|_| connect(server.local_addrs()[0])).collect();
    for stream in &mut lazy {
        stream
            .write_all(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
            .unwrap();
    }
    let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    assert_eq!(once(&server, get).status, 200);
    for stream in &mut lazy {
        assert_eq!(read_answer(stream, false).unwrap().body.len(), 8 << 20);
        assert_eq!(exchange(stream, get).status, 200);
    }
}

/// Over in no time, however slow the machine.
const SHORT: Duration = Duration::from_millis(20);

#[test]
fn a_request_that_takes_too_long_is_told_so() {
    let limits = Limits {
        head_time: SHORT,
        body_time: SHORT,
        ..Limits::default()
    };
    let server = serve_with(limits, Arc::default());
    once(&server, "GET / HTT").is_refusal(408);
    let head = "POST / HTTP/1.1\r\nHost: a\r\nOrigin: https://app\r\n";
    for rest in ["X: y", "Content-Length: 9\r\n\r\nab"] {
        let answer = once(&server, format!("{head}{rest}"));
        answer.is_refusal(408);
        assert_eq!(answer.header("X-Origin"), Some("https://app"));
    }
}

#[test]
fn silent_connections_are_closed() {
    let limits = Limits {
        idle_time: SHORT,
        ..limits()
    };
    let server = serve_with(limits, Arc::default());
    let address = server.local_addrs()[0];
    assert!(is_closed(&mut connect(address)), "never said a word");
    loop {
        // A slow machine may be later than the server's patience.
        let mut stream = connect(address);
        let _ = stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        if let Some(answer) = read_answer(&mut stream, false) {
            assert!(!answer.closes());
            assert!(is_closed(&mut stream));
            break;
        }
    }
}

#[test]
fn a_newcomer_takes_the_place_of_who_is_idle() {
    let limits = Limits {
        connections: 1,
        ..limits()
    };
    let server = serve_with(limits, Arc::default());
    let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    let mut idle = connect(server.local_addrs()[0]);
    assert_eq!(exchange(&mut idle, get).status, 200);
    // Refused only as long as the worker has not let go of the first.
    while once(&server, get).status == 503 {}
    assert!(is_closed(&mut idle));
}

#[test]
fn half_sent_requests_give_way_to_whole_ones() {
    let limits = Limits {
        connections: 20,
        ..limits()
    };
    let server = serve_with(limits, Arc::default());
    let address = server.local_addrs()[0];
    let half = [
        "GET / HTTP/1.1\r\nHo",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nab",
    ];
    let mut slow = Vec::new();
    for number in 0..100 {
        let mut stream = connect(address);
        stream.write_all(half[number % 2].as_bytes()).unwrap();
        slow.push(stream);
        if number % 10 == 9 {
            let answer = once(&server, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assert_eq!(answer.status, 200, "after {number}");
        }
    }
    // The oldest are told, if anything of theirs had arrived.
    for stream in &mut slow[..60] {
        if let Some(answer) = read_answer(stream, false) {
            answer.is_refusal(408);
        }
        assert!(is_closed(stream));
    }
    let last = exchange(slow.last_mut().unwrap(), "b".repeat(7));
    assert_eq!(last.text(), "POST /? abbbbbbbb");
}

#[test]
fn half_sent_bodies_give_way_to_others() {
    let limits = Limits {
        body_memory: 1 << 20,
        ..limits()
    };
    let server = serve_with(limits, Arc::default());
    let address = server.local_addrs()[0];
    let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n";
    let half = [head.as_bytes(), &[b'a'; 250_000]].concat();
    let mut slow: Vec<TcpStream> = (0..10).map(|_| connect(address)).collect();
    for stream in &mut slow {
        // One that made room for another is not there to take all of it.
        let _ = stream.write_all(&half);
    }
    let whole = [head.as_bytes(), &[b'b'; 300_000]].concat();
    // Refused at most as long as the others are still arriving.
    let mut tries = 0..20;
    assert!(tries.any(|_| once(&server, &whole).status == 200));
}

#[test]
fn a_client_that_sends_on_reads_why_it_was_refused() {
    let server = serve();
    let long = vec![b' '; 8 << 20];
    for (head, status) in [
        ("Content-Length: 8388608\r\n\r\n", 413),
        ("Transfer-Encoding: gzip\r\n\r\n", 501),
        ("Content-Encoding: gzip\r\nContent-Length: 9\r\n\r\n", 415),
        ("Transfer-Encoding: chunked\r\n\r\n800000\r\n", 413),
        ("X: ", 431),
    ] {
        let mut stream = connect(server.local_addrs()[0]);
        let head = format!("POST / HTTP/1.1\r\nHost: a\r\n{head}");
        stream.write_all(head.as_bytes()).unwrap();
        // All of it first, as browsers do.
        stream.write_all(&long).unwrap();
        read_answer(&mut stream, false).unwrap().is_refusal(status);
    }
}

#[test]
fn one_client_too_many_is_told_so() {
    let gate = Arc::new(Barrier::new(2));
    let limits = Limits {
        connections: 1,
        ..limits()
    };
    let handler = Echo {
        gate: Some(Arc::clone(&gate)),
        ..Echo::default()
    };
    let server = serve_with(limits, Arc::new(handler));
    let mut busy = connect(server.local_addrs()[0]);
    busy.write_all(b"GET /gate HTTP/1.1\r\nHost: a\r\n\r\n")
        .unwrap();
    gate.wait();
    let answer = once(
        &server,
        "GET / HTTP/1.1\r\nHost: a\r\nOrigin: https://app\r\n\r\n",
    );
    answer.is_refusal(503);
    assert_eq!(answer.header("X-Origin"), Some("https://app"));
    gate.wait();
    assert_eq!(read_answer(&mut busy, false).unwrap().status, 200);
}

#[test]
fn bodies_share_a_bounded_memory() {
    let limits = Limits {
        body_memory: 64 * 1024,
        ..limits()
    };
    let server = serve_with(limits, Arc::default());
    let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n";
    let mut stream = connect(server.local_addrs()[0]);
    stream.write_all(head.as_bytes()).unwrap();
    let _ = stream.write_all(&[b'a'; 100_000]);
    read_answer(&mut stream, false).unwrap().is_refusal(503);
    assert_eq!(
        once(&server, "GET / HTTP/1.1\r\nHost: a\r\n\r\n").status,
        200
    );
}

#[test]
fn a_panic_in_the_handler_is_answered() {
    let server = serve();
    let mut stream = connect(server.local_addrs()[0]);
    for _ in 0..5 {
        let answer = exchange(&mut stream, "GET /panic HTTP/1.1\r\nHost: a\r\n\r\n");
        assert_eq!(answer.status, 500);
        assert!(answer.text().contains("internal error"));
    }
    let answer = exchange(&mut stream, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(answer.status, 200);
}

#[test]
fn a_stop_finishes_what_is_under_way() {
    let gate = Arc::new(Barrier::new(2));
    let handler = Arc::new(Echo {
        gate: Some(Arc::clone(&gate)),
        ..Echo::default()
    });
    let server = serve_with(limits(), Arc::clone(&handler));
    let address = server.local_addrs()[0];
    let mut idle = connect(address);
    exchange(&mut idle, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    let mut busy = connect(address);
    let gated = "GET /gate HTTP/1.1\r\nHost: a\r\n\r\n";
    // The second request is read, but not taken up before the first is answered.
    busy.write_all(gated.repeat(2).as_bytes()).unwrap();
    gate.wait();
    let stopping = thread::spawn(move || server.shutdown(LONG));
    assert!(is_closed(&mut idle));
    gate.wait();
    let answer = read_answer(&mut busy, false).unwrap();
    assert_eq!(answer.status, 200);
    assert!(answer.closes());
    assert!(is_closed(&mut busy));
    assert!(stopping.join().unwrap(), "everything was answered");
    assert!(TcpStream::connect(address).is_err());
    assert_eq!(handler.handled.load(Ordering::SeqCst), 2);
}

#[test]
fn a_stop_does_not_wait_for_ever() {
    let server = serve();
    let mut slow = connect(server.local_addrs()[0]);
    slow.write_all(b"GET / HTTP/1.1\r\nHo").unwrap();
    // Answered after the first bytes came in, so they are being read.
    once(&server, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    server.shutdown(Duration::ZERO);
    assert!(is_closed(&mut slow));
}

#[test]
fn a_stop_does_not_wait_for_a_handler_for_ever() {
    let gate = Arc::new(Barrier::new(2));
    let handler = Echo {
        gate: Some(Arc::clone(&gate)),
        ..Echo::default()
    };
    let server = serve_with(limits(), Arc::new(handler));
    let mut busy = connect(server.local_addrs()[0]);
    busy.write_all(b"GET /gate HTTP/1.1\r\nHost: a\r\n\r\n")
        .unwrap();
    gate.wait();
    assert!(!server.shutdown(Duration::ZERO), "something was cut off");
    assert!(is_closed(&mut busy));
    gate.wait();
}

#[test]
fn several_listeners_serve_alike() {
    let listeners = (0..2)
        .map(|_| TcpListener::bind(("127.0.0.1", 0)).unwrap())
        .collect();
    let server = HttpServer::start(listeners, Arc::new(Echo::default()), limits()).unwrap();
    for &address in server.local_addrs() {
        let answer = exchange(&mut connect(address), "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        assert_eq!(answer.status, 200);
    }
    assert!(server.shutdown(LONG));
}

#[test]
fn both_loopback_addresses_serve_alike() {
    let Ok(six) = TcpListener::bind(("::1", 0)) else {
        eprintln!("skipped: no IPv6 here");
        return;
    };
    let four = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let server = HttpServer::start(vec![four, six], Arc::new(Echo::default()), limits()).unwrap();
    for &address in server.local_addrs() {
        let mut stream = connect(address);
        let own = stream.local_addr().unwrap().to_string();
        let answer = exchange(&mut stream, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        assert_eq!(answer.header("X-Peer"), Some(&*own));
        assert_eq!(answer.header("X-Local"), Some(&*address.to_string()));
    }
    assert!(server.shutdown(LONG));
}

/// A server in a process of its own, which is this test program started again:
/// for what is one of the whole process, like its memory.
#[cfg(unix)]
mod own_process {
    use std::fs::File;
    use std::io::{BufRead, BufReader, Lines};
    use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    use super::*;

    const OPEN_FILES: &str = "TOKENPASS_TEST_OPEN_FILES";
    const GET: &str = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    struct Process {
        child: Child,
        commands: ChildStdin,
        lines: Lines<BufReader<ChildStdout>>,
        address: SocketAddr,
    }

    impl Process {
        /// Starts the test `name` again, as a server that may have so many open
        /// files. `None` in that process, when the server has stopped.
        fn start(name: &str, open_files: u64) -> Option<Self> {
            if let Ok(open_files) = std::env::var(OPEN_FILES) {
                serve_alone(open_files.parse().unwrap());
                return None;
            }
            let mut child = Command::new(std::env::current_exe().unwrap())
                .args(["--exact", &format!("own_process::{name}")])
                .args(["--nocapture", "--test-threads=1"])
                .env(OPEN_FILES, open_files.to_string())
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let mut process = Self {
                commands: child.stdin.take().unwrap(),
                lines: BufReader::new(child.stdout.take().unwrap()).lines(),
                address: SocketAddr::from(([127, 0, 0, 1], 0)),
                child,
            };
            process.address = process.next("listens on ").parse().unwrap();
            Some(process)
        }

        fn next(&mut self, prefix: &str) -> String {
            loop {
                let line = self.lines.next().unwrap().unwrap();
                if let Some((_, rest)) = line.split_once(prefix) {
                    return rest.to_owned();
                }
            }
        }

        fn command(&mut self, command: &str, done: &str) {
            self.commands.write_all(command.as_bytes()).unwrap();
            self.next(done);
        }

        fn stop(mut self) {
            drop(self.commands);
            assert!(self.child.wait().unwrap().success());
        }

        #[cfg(target_os = "linux")]
        fn memory_kib(&self, what: &str) -> u64 {
            let status = format!("/proc/{}/status", self.child.id());
            let status = std::fs::read_to_string(status).unwrap();
            let (_, rest) = status.split_once(what).unwrap();
            rest.split_whitespace().next().unwrap().parse().unwrap()
        }

        /// Whether something that matches stands anywhere in its memory; `None`
        /// where the system lets nobody look.
        #[cfg(target_os = "linux")]
        fn remembers(&self, pattern: &str) -> Option<bool> {
            use std::os::unix::fs::FileExt;
            let wanted = regex::bytes::Regex::new(&format!("(?-u){pattern}")).unwrap();
            let of = |name: &str| format!("/proc/{}/{name}", self.child.id());
            let maps = std::fs::read_to_string(of("maps")).unwrap();
            let memory = File::open(of("mem")).ok()?;
            Some(maps.lines().any(|line| {
                let (range, rest) = line.split_once(' ').unwrap();
                let (start, end) = range.split_once('-').unwrap();
                let [start, end] = [start, end].map(|at| u64::from_str_radix(at, 16).unwrap());
                let mut part = vec![0; (end - start) as usize];
                if !rest.starts_with("rw") || memory.read_exact_at(&mut part, start).is_err() {
                    return false;
                }
                // Most pages were never written to.
                let pages = part.chunks(4096).filter(|page| **page != [0; 4096]);
                wanted.is_match(&pages.collect::<Vec<_>>().concat())
            }))
        }
    }

    #[allow(clippy::print_stdout, reason = "speaks to the parent process")]
    fn serve_alone(open_files: u64) {
        let limit = Rlimit {
            current: Some(open_files),
            maximum: Some(open_files),
        };
        setrlimit(Resource::Nofile, limit).unwrap();
        let server = serve();
        println!("listens on {}", server.local_addrs()[0]);
        let mut held: Vec<File> = Vec::new();
        for command in std::io::stdin().lines() {
            match command.unwrap().as_str() {
                "fill" => {
                    held.extend(std::iter::from_fn(|| File::open("/dev/null").ok()));
                    println!("full");
                }
                _ => {
                    held.clear();
                    println!("free");
                }
            }
        }
        assert!(server.shutdown(LONG));
    }

    #[test]
    fn a_full_file_table_is_told_to_clients_and_recovered_from() {
        let name = "a_full_file_table_is_told_to_clients_and_recovered_from";
        let Some(mut process) = Process::start(name, 64) else {
            return;
        };
        let address = process.address;
        let mut early = connect(address);
        assert_eq!(exchange(&mut early, GET).status, 200);
        for _ in 0..3 {
            process.command("fill\n", "full");
            let mut held: Vec<TcpStream> = (0..12).map(|_| connect(address)).collect();
            let answers = held.iter_mut().map(|stream| exchange(stream, GET));
            // A few find room: what connections that were closed left free.
            let refused: Vec<Answer> = answers.filter(|answer| answer.status != 200).collect();
            assert!(!refused.is_empty());
            refused.iter().for_each(|answer| answer.is_refusal(503));
            assert_eq!(exchange(&mut early, GET).status, 200);
            process.command("free\n", "free");
            assert_eq!(exchange(&mut connect(address), GET).status, 200);
        }
        process.stop();
    }

    /// 1,000 clients that each announce 1 MiB and send 60 bytes of it.
    #[cfg(target_os = "linux")]
    #[test]
    fn announced_bodies_take_no_memory() {
        let Some(process) = Process::start("announced_bodies_take_no_memory", 4096) else {
            return;
        };
        let mut limit = getrlimit(Resource::Nofile);
        limit.current = limit.maximum;
        setrlimit(Resource::Nofile, limit).unwrap();
        const MIB: u64 = 1024;
        exchange(&mut connect(process.address), GET);
        let before = process.memory_kib("VmRSS:");
        let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n";
        for _ in 0..2 {
            let mut clients = Vec::new();
            for _ in 0..1000 {
                let mut client = connect(process.address);
                // Answered, so that no more connect at once than are let in.
                exchange(&mut client, GET);
                client.write_all(head.as_bytes()).unwrap();
                client.write_all(&[b'a'; 60]).unwrap();
                clients.push(client);
            }
            for mut client in clients {
                client.shutdown(Shutdown::Write).unwrap();
                assert!(is_closed(&mut client), "with all that was kept for it");
            }
        }
        // Mostly stacks: a few pages for each thread.
        assert!(process.memory_kib("VmHWM:") < before + 100 * MIB);
        assert!(process.memory_kib("VmRSS:") < before + 60 * MIB);
        process.stop();
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn an_answered_request_leaves_no_secret_in_memory() {
        let name = "an_answered_request_leaves_no_secret_in_memory";
        let Some(process) = Process::start(name, 256) else {
            return;
        };
        let mut stream = connect(process.address);
        for length in [30, 100, 100_000, 900_000] {
            let secret = |what: &str| format!("{what}-secret-of-{length}");
            let body = secret("body").repeat(length / 20);
            let request = format!(
                "POST /empty?{} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {}\r\n\
                 Content-Length: {}\r\n\r\n{body}",
                secret("query"),
                secret("token"),
                body.len(),
            );
            stream.write_all(request.as_bytes()).unwrap();
            assert_eq!(read_answer(&mut stream, false).unwrap().status, 204);
            match process.remembers(&format!("(query|token|body)-secret-of-{length}")) {
                Some(remembered) => assert!(!remembered, "{length}"),
                None => {
                    eprintln!("skipped: no access to another process's memory");
                    return process.stop();
                }
            }
        }
        // What it looks for it would find.
        stream.write_all(b"GET /unanswered-half").unwrap();
        while process.remembers("/unanswered-half") == Some(false) {}
        drop(stream);
        process.stop();
    }
}
