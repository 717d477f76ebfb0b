//! The threads that call the handler.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use subtle::ConstantTimeEq;
use tiny_http::{Request, Server};
use zeroize::Zeroizing;

use super::connection::{Connection, Pending};
use super::connections::Connections;
use super::handler::SafeHandler;
use super::head::{Private, TICKET};
use super::message::HttpRequest;

#[derive(Clone)]
pub(super) struct Worker {
    pub(super) server: Arc<Server>,
    /// Set when the server behind it ends.
    pub(super) retired: Arc<AtomicBool>,
    pub(super) connections: Arc<Connections>,
    pub(super) handler: SafeHandler,
    /// What every ticket begins with.
    pub(super) secret: Arc<str>,
}

impl Worker {
    pub(super) fn run(&self) {
        loop {
            match self.server.recv() {
                Ok(request) => self.work(request),
                Err(_) if self.retired.load(Ordering::SeqCst) => break,
                // The accept loop has ended; nobody is to connect anyway.
                Err(_) => {}
            }
        }
    }

    fn work(&self, request: Request) {
        let claimed = self.claim(&request);
        let whole = claimed.map(|(connection, pending)| {
            let whole = join(
                &request,
                &connection,
                pending.received,
                pending.private,
                pending.body,
            );
            (connection, whole, pending.form, pending.share)
        });
        // A request that is just dropped gets an error from tiny_http, and
        // nobody reads answers from a lane.
        drop(request.into_writer());
        if let Some((connection, whole, form, share)) = whole {
            let response = self.handler.handle(&whole);
            drop((whole, share));
            connection.answer(form, &response);
        }
    }

    /// Takes up the request that a ticket names.
    fn claim(&self, request: &Request) -> Option<(Arc<Connection>, Pending)> {
        let numbers = ticket(request, &self.secret)?;
        let (id, number) = numbers.split_once(' ')?;
        let connection = self.connections.get(id.parse().ok()?)?;
        let pending = connection.claim(number.parse().ok()?)?;
        Some((connection, pending))
    }
}

/// The request as the client sent it: what tiny_http read, and what did not
/// travel with it.
fn join(
    request: &Request,
    connection: &Connection,
    received: Instant,
    private: Private,
    body: Zeroizing<Vec<u8>>,
) -> HttpRequest {
    let mut whole = HttpRequest::new(request.method().as_str(), request.url())
        .with_connection(Arc::clone(&connection.info));
    whole.received = received;
    whole.query = private.query;
    whole.body = body;
    for header in request.headers() {
        if !header.field.equiv(TICKET) {
            whole = whole.with_header(header.field.as_str().as_str(), header.value.as_str());
        }
    }
    whole.add_headers(private.headers);
    whole
}

/// What follows the secret in the ticket of a request that has it.
pub(super) fn ticket(request: &Request, secret: &str) -> Option<String> {
    let mut headers = request.headers().iter();
    let header = headers.find(|header| header.field.equiv(TICKET))?;
    let (proof, rest) = header.value.as_str().split_at_checked(secret.len())?;
    bool::from(proof.as_bytes().ct_eq(secret.as_bytes())).then(|| rest.trim().to_owned())
}
