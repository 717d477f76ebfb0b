//! A request between the client's thread and a worker.

use std::time::Instant;

use zeroize::Zeroizing;

use super::budget::Share;
use super::head::{Head, Persistence};
use super::message::Parked;

/// A request under way.
pub(super) struct Pending {
    /// Unique in this server.
    pub(super) ticket: u64,
    /// Which private server it is sent through.
    pub(super) generation: u64,
    pub(super) received: Instant,
    pub(super) form: AnswerForm,
    /// What does not travel with the ticket.
    pub(super) parked: Parked,
    pub(super) body: Zeroizing<Vec<u8>>,
    /// Given back when the request has been answered.
    pub(super) share: Share,
}

impl Pending {
    /// A request whose last byte has just been read: the line that goes on, and what
    /// waits for it.
    pub(super) fn new(head: Head, body: Zeroizing<Vec<u8>>, share: Share) -> (Vec<u8>, Self) {
        let pending = Self {
            ticket: 0,
            generation: 0,
            received: Instant::now(),
            form: AnswerForm {
                persistence: head.persistence,
                is_head: head.is_head,
            },
            parked: head.parked,
            body,
            share,
        };
        (head.line, pending)
    }
}

/// What a request says about the form of its answer.
#[derive(Clone, Copy)]
pub(super) struct AnswerForm {
    pub(super) persistence: Persistence,
    pub(super) is_head: bool,
}
