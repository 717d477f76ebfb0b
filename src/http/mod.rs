//! HTTP/1.1, from the sockets to a [`Handler`] and back. Knows nothing of what
//! the handler does.
//!
//! ```text
//!          accept        a reader per client        lanes      workers
//! client ─────────→ whole, bounded requests ──┬── tiny_http ──→ take up ──→ Handler
//!    ↑              (head, body, deadlines)   │   head, ticket    ↑ │
//!    │                                        └── connection ─────┘ │
//!    │                                       body, credentials,     │
//!    │                                       share of the budget    │
//!    └────────────────────────── answer ────────────────────────────┘
//! ```
//!
//! tiny_http listens, but not to the world: it believes every length, waits
//! for ever and stops at the first full file table. So clients never reach it.
//!
//! - `accept` lets clients in. At the limit of connections a newcomer takes
//!   the place of the one that has kept the server waiting longest.
//! - `reader`: one cheap thread per client takes in one request at a time,
//!   complete, well-formed, within bounds of size (`head`, `body`), memory
//!   (`budget`) and time. A slow client holds up its own thread only.
//! - `lanes`: the reader parks the body and what may be secret at the
//!   `connection` and sends the rest of the head, with a ticket in it,
//!   through one of a few private sockets to tiny_http.
//! - `worker`: one of a fixed number takes the request from tiny_http, finds
//!   the connection by the ticket, calls the `handler` and writes the answer
//!   straight to the client. What the client does not take at once is left to a
//!   thread of its own, so that no worker waits for a client.
//!
//! Every thread blocks; nothing polls, except that a stop has to wait for a
//! listener that can't be woken.
//!
//! **What tiny_http costs.** When this was laid out, its part (a lane, its
//! parser, two changes of thread) took 17 of the 89 µs of a request. Without it
//! a request would take 72 µs, and this room would be about 500 lines shorter:
//! readers would call the workers directly. Nothing here needs it. It is kept
//! because it was asked for; whoever may decide about that can take it out by
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
pub use self::whole::{Whole, read_whole};
