#![allow(clippy::unwrap_used, reason = "tests")]

use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::sync::Barrier;
use std::time::Instant;

use tiny_http::{Header, TestRequest};

use super::*;
use crate::http::budget::Budget;
use crate::http::handler::Handler;
use crate::http::head::Persistence;
use crate::http::message::{ConnectionInfo, HttpRequest, HttpResponse};
use crate::http::pending::AnswerForm;

struct Echo;

impl Handler for Echo {
    fn handle(&self, request: &HttpRequest) -> HttpResponse {
        HttpResponse::new(200, "text/plain", request.path.as_bytes())
    }

    fn refuse(&self, status: u16, _: &str, _: Option<&HttpRequest>) -> HttpResponse {
        HttpResponse::empty(status)
    }
}

/// Answers nobody until so many wait for it.
struct Together(Barrier);

impl Handler for Together {
    fn handle(&self, _: &HttpRequest) -> HttpResponse {
        self.0.wait();
        HttpResponse::empty(204)
    }

    fn refuse(&self, status: u16, _: &str, _: Option<&HttpRequest>) -> HttpResponse {
        HttpResponse::empty(status)
    }
}

fn open() -> (Arc<Connections>, Lanes) {
    open_with(Echo, 1)
}

fn open_with(handler: impl Handler, workers: usize) -> (Arc<Connections>, Lanes) {
    let connections = Arc::<Connections>::default();
    let handler = SafeHandler::new(Arc::new(handler));
    let lanes = Lanes::open(Arc::clone(&connections), handler, workers).unwrap();
    (connections, lanes)
}

fn connected(connections: &Connections) -> (TcpStream, Arc<Connection>) {
    connected_as(7, connections)
}

/// A client, and its connection as it is when a whole request has arrived.
fn connected_as(id: u64, connections: &Connections) -> (TcpStream, Arc<Connection>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let client = TcpStream::connect(address).unwrap();
    let (stream, peer) = listener.accept().unwrap();
    let connection = Arc::new(Connection::new(
        id,
        stream,
        ConnectionInfo::new(peer, address),
        Duration::from_secs(5),
        connections.stopping(),
        None,
    ));
    connections.add(&connection);
    assert!(connection.begin());
    (client, connection)
}

fn status_line(client: &TcpStream) -> String {
    BufReader::new(client).lines().next().unwrap().unwrap()
}

const LINE: &[u8] = b"GET /x HTTP/1.1\r\n";

fn pending(ticket: u64, generation: u64) -> Pending {
    Pending {
        ticket,
        generation,
        received: Instant::now(),
        form: AnswerForm {
            persistence: Persistence::Keep,
            is_head: false,
        },
        parked: Default::default(),
        body: Default::default(),
        share: Budget::new(0).share(),
    }
}

#[test]
fn a_private_server_that_fails_is_replaced() {
    let (connections, lanes) = open();
    let (client, connection) = connected(&connections);
    for lane in &lanes.current().lanes {
        lane.lock().unwrap().shutdown(Shutdown::Both).unwrap();
    }
    assert_eq!(lanes.send(&connection, LINE, pending(0, 0)), Sent::Yes);
    assert_eq!(status_line(&client), "HTTP/1.1 200 OK");
    assert_eq!(lanes.current().number, 1);
    lanes.close(true);
}

#[test]
fn what_was_lost_with_it_is_answered() {
    let (connections, lanes) = open();
    let (client, connection) = connected(&connections);
    assert!(connection.queue(pending(1, 3)));
    lanes.give_up(2);
    assert!(connection.is_busy());
    lanes.give_up(3);
    assert_eq!(status_line(&client), "HTTP/1.1 503 Service Unavailable");
    assert!(connection.claim(1).is_none());
    lanes.close(true);
}

#[test]
fn a_request_without_the_secret_reaches_no_handler() {
    let (connections, lanes) = open();
    let (client, connection) = connected(&connections);
    let forged = format!("{TICKET}: {} 7 0\r\n\r\n", "0".repeat(22));
    for ticket in [forged.as_bytes(), b"\r\n"] {
        lanes.current().send(0, &[LINE, ticket].concat()).unwrap();
    }
    assert_eq!(lanes.send(&connection, LINE, pending(0, 0)), Sent::Yes);
    assert_eq!(status_line(&client), "HTTP/1.1 200 OK");
    lanes.close(true);
}

#[test]
fn there_are_as_many_workers_as_are_busy_at_once() {
    const MOST: usize = 4;
    let (connections, lanes) = open_with(Together(Barrier::new(MOST)), MOST);
    let workers = Arc::clone(&lanes.current().workers);
    assert_eq!(workers.count(), 1);
    let clients: Vec<_> = (0..MOST as u64)
        .map(|id| connected_as(id, &connections))
        .collect();
    for (client, connection) in &clients {
        client
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        assert_eq!(lanes.send(connection, LINE, pending(0, 0)), Sent::Yes);
    }
    for (client, _) in &clients {
        assert_eq!(status_line(client), "HTTP/1.1 204 No Content");
    }
    assert_eq!(workers.count(), MOST);
    lanes.close(true);
    assert_eq!(workers.count(), 0);
}

#[cfg(unix)]
#[test]
fn nobody_else_can_connect() {
    let (_, lanes) = open();
    assert!(lanes.current()._listener.connect().is_err());
    lanes.close(true);
}

/// A machine that was asleep has lost no more than one of its seconds, and what others
/// send takes none.
#[test]
fn a_lane_has_a_minute_of_the_processs_own_to_be_read() {
    let ours = || {
        let value = format!("{TICKET}: secret");
        let header: Header = value.parse().unwrap();
        Request::from(TestRequest::new().with_header(header))
    };
    let mut late = 0..PATIENCE - 1;
    let mut foreign = 0..PATIENCE * 2;
    let read = await_ours("secret", || {
        Ok(match (late.next(), foreign.next()) {
            (Some(_), _) => None,
            (None, Some(_)) => Some(TestRequest::new().into()),
            (None, None) => Some(ours()),
        })
    });
    assert!(read.is_ok());
    let never = await_ours("secret", || Ok(None));
    assert_eq!(never.unwrap_err().kind(), io::ErrorKind::TimedOut);
}
