//! A request between the client's thread and a worker.

use std::time::Instant;

use zeroize::Zeroizing;

use super::budget::Share;
use super::head::Persistence;
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
    /// A request whose last byte has just been read.
    pub(super) fn new(
        form: AnswerForm,
        parked: Parked,
        body: Zeroizing<Vec<u8>>,
        share: Share,
    ) -> Self {
        Self {
            ticket: 0,
            generation: 0,
            received: Instant::now(),
            form,
            parked,
            body,
            share,
        }
    }
}

/// What a request says about the form of its answer.
#[derive(Clone, Copy)]
pub(super) struct AnswerForm {
    pub(super) persistence: Persistence,
    pub(super) is_head: bool,
}
