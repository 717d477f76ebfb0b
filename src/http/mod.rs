//! HTTP/1.1, from the sockets to a [`Handler`] and back. Knows nothing of what
//! the handler does.
//!
//! ```text
//!        accept     one watcher for all, a      lanes      workers
//!                   reader for who is slow
//! client ───────→ whole, bounded requests ─┬── tiny_http ──→ take up ──→ Handler
//!    ↑            (head, body, deadlines)  │  first line,      ↑ │
//!    │                                     │    ticket         │ │
//!    │                                     └── connection ─────┘ │
//!    │                                    headers, body,         │
//!    │                                    share of the budget    │
//!    └────────────────────────── answer ─────────────────────────┘
//! ```
//!
//! tiny_http listens, but not to the world: it believes every length, waits
//! for ever and stops at the first full file table. So clients never reach it.
//!
//! - `accept` lets clients in. At the limit of connections a newcomer takes
//!   the place of the one that has kept the server waiting longest.
//! - `watcher`: one thread that waits for all clients at once (Linux), and takes
//!   in the requests that come in one piece: nearly all of them.
//! - `reader`: a cheap thread of its own for a client that takes patience. It
//!   takes in one request at a time, complete, well-formed, within bounds of size
//!   (`head`, `body`), memory (`budget`) and time, and holds up nobody else.
//! - `lanes`: the headers and the body are parked at the `connection`, and the
//!   first line goes, with a ticket, through one of a few private sockets to
//!   tiny_http.
//! - `worker`: one of a fixed number takes the request from tiny_http, finds
//!   the connection by the ticket, calls the `handler` and writes the answer
//!   straight to the client. What the client does not take at once is left to a
//!   thread of its own, so that no worker waits for a client.
//!
//! Every thread blocks; nothing polls, except that a stop has to wait for a
//! listener that can't be woken.
//!
//! **What tiny_http costs.** Its part is a lane, its parser and a change of thread,
//! a tenth of a request's time where many come at once. Nothing here needs it. It is
//! kept because it was asked for; whoever may decide about that can take it out by
//! replacing `lanes`.

mod accept;
mod body;
mod budget;
mod buffer;
mod connection;
mod connections;
mod handler;
mod head;
mod lanes;
mod limits;
mod message;
mod pending;
mod reader;
mod response;
mod server;
mod service;
mod watcher;
mod whole;
mod worker;

pub use self::handler::Handler;
pub use self::limits::Limits;
pub use self::message::{ConnectionInfo, HttpRequest, HttpResponse};
pub use self::server::HttpServer;
pub use self::whole::{Whole, read_request, read_whole};
