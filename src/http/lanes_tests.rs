#![allow(clippy::unwrap_used, reason = "tests")]

use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};

use super::*;
use crate::http::head;
use crate::http::message::{ConnectionInfo, Handler};

struct Echo;

impl Handler for Echo {
    fn handle(&self, request: &HttpRequest) -> HttpResponse {
        HttpResponse::new(200, "text/plain", request.path.as_bytes())
    }

    fn refuse(&self, status: u16, _: &str, _: Option<&HttpRequest>) -> HttpResponse {
        HttpResponse::empty(status)
    }
}

fn connected(registry: &Registry) -> (TcpStream, Arc<Connection>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (stream, peer) = listener.accept().unwrap();
    let connection = Arc::new(Connection::new(
        7,
        stream,
        ConnectionInfo::new(peer, listener.local_addr().unwrap()),
        Duration::from_secs(5),
        registry.stopping(),
    ));
    registry.add(&connection);
    (client, connection)
}

fn status_line(client: &TcpStream) -> String {
    BufReader::new(client).lines().next().unwrap().unwrap()
}

fn request() -> Head {
    head::parse(b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n", 0)
        .unwrap()
        .unwrap()
}

#[test]
fn a_private_server_that_fails_is_replaced() {
    let registry = Arc::new(Registry::new(Arc::new(Echo)));
    let hop = Hop::open(Arc::clone(&registry), 1).unwrap();
    let (client, connection) = connected(&registry);
    for lane in &hop.current().lanes {
        lane.lock().unwrap().shutdown(Shutdown::Both).unwrap();
    }
    hop.forward(&connection, &request(), b"").unwrap();
    assert_eq!(status_line(&client), "HTTP/1.1 200 OK");
    assert_eq!(hop.current().number, 1);
    hop.close(true);
}

#[test]
fn what_was_lost_with_it_is_answered() {
    let registry = Arc::new(Registry::new(Arc::new(Echo)));
    let (client, connection) = connected(&registry);
    connection.queue(Pending {
        ticket: 1,
        generation: 3,
        received: Instant::now(),
        persistence: head::Persistence::Keep,
        is_head: false,
    });
    registry.give_up(2);
    assert!(connection.is_busy());
    registry.give_up(3);
    assert_eq!(status_line(&client), "HTTP/1.1 503 Service Unavailable");
    assert!(connection.claim(1).is_none());
}

#[test]
fn a_request_without_the_secret_reaches_no_handler() {
    let registry = Arc::new(Registry::new(Arc::new(Echo)));
    let hop = Hop::open(Arc::clone(&registry), 1).unwrap();
    let (client, connection) = connected(&registry);
    let forged = format!(
        "GET /x HTTP/1.1\r\n{TICKET}: {} 7 0\r\n\r\n",
        "0".repeat(32)
    );
    hop.current().send(0, forged.as_bytes(), b"").unwrap();
    hop.current()
        .send(0, b"GET /x HTTP/1.1\r\n\r\n", b"")
        .unwrap();
    hop.forward(&connection, &request(), b"").unwrap();
    assert_eq!(status_line(&client), "HTTP/1.1 200 OK");
    hop.close(true);
}

#[cfg(unix)]
#[test]
fn nobody_else_can_connect() {
    let registry = Arc::new(Registry::new(Arc::new(Echo)));
    let hop = Hop::open(registry, 1).unwrap();
    assert!(hop.current()._listener.connect().is_err());
    hop.close(true);
}
