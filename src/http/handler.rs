//! Whoever answers the requests.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::message::{ConnectionInfo, HttpRequest, HttpResponse};

/// Answers requests; called by several threads at once.
///
/// A call holds one of the [workers](super::Limits::workers): one that may wait
/// long must not be let in by more callers than leave some of them free.
pub trait Handler: Send + Sync + 'static {
    /// A client has connected, and nothing that it sent has been read. What has
    /// to be known of it while it is surely there is found out now, and kept as
    /// the connection's [note](ConnectionInfo::note).
    fn connected(&self, _connection: &ConnectionInfo) {}

    /// Answers a complete request. A panic is answered with 500.
    fn handle(&self, request: &HttpRequest) -> HttpResponse;

    /// Words the answer to what could not become a request, or could not be
    /// handled: `status` with its cause, lower case without full stop. The
    /// connection is closed after it, except after a 500.
    ///
    /// `request` is what is known of the request, without its body: `None` if
    /// not even its first line was readable. Headers may be missing from it, so
    /// it can only decide how the answer is decorated.
    fn refuse(&self, status: u16, why: &str, request: Option<&HttpRequest>) -> HttpResponse;
}

/// A handler whose panics are answers too.
#[derive(Clone)]
pub(super) struct SafeHandler(Arc<dyn Handler>);

impl SafeHandler {
    pub(super) fn new(handler: Arc<dyn Handler>) -> Self {
        Self(handler)
    }

    pub(super) fn connected(&self, connection: &ConnectionInfo) {
        // What a panic left unknown is asked again with the first request.
        let _ = catch_unwind(AssertUnwindSafe(|| self.0.connected(connection)));
    }

    pub(super) fn handle(&self, request: &HttpRequest) -> HttpResponse {
        catch_unwind(AssertUnwindSafe(|| self.0.handle(request)))
            .unwrap_or_else(|_| self.refuse(500, "internal error", Some(request)))
    }

    pub(super) fn refuse(
        &self,
        status: u16,
        why: &str,
        request: Option<&HttpRequest>,
    ) -> HttpResponse {
        catch_unwind(AssertUnwindSafe(|| self.0.refuse(status, why, request)))
            .unwrap_or_else(|_| HttpResponse::empty(500))
    }
}
