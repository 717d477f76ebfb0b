//! The threads that call the handler.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use subtle::ConstantTimeEq;
use tiny_http::{Method, Request, Server};

use super::connection::Connection;
use super::connections::Connections;
use super::handler::SafeHandler;
use super::head::TICKET;
use super::message::HttpRequest;
use super::pending::Pending;

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
            let whole = HttpRequest {
                method: method(request.method()),
                path: request.url().to_owned(),
                query: pending.parked.query,
                headers: pending.parked.headers,
                body: pending.body,
                connection: Arc::clone(&connection.info),
                received: pending.received,
            };
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

/// What follows the secret in the ticket of a request that has it.
pub(super) fn ticket<'a>(request: &'a Request, secret: &str) -> Option<&'a str> {
    let mut headers = request.headers().iter();
    let header = headers.find(|header| header.field.equiv(TICKET))?;
    let (proof, rest) = header.value.as_str().split_at_checked(secret.len())?;
    bool::from(proof.as_bytes().ct_eq(secret.as_bytes())).then(|| rest.trim())
}

/// The method as text, which takes no memory where it is a usual one.
fn method(method: &Method) -> Cow<'static, str> {
    match method {
        Method::Get => "GET".into(),
        Method::Post => "POST".into(),
        Method::Options => "OPTIONS".into(),
        other => other.as_str().to_owned().into(),
    }
}
