//! What all threads of a server share.

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use super::budget::Budget;
use super::connections::Connections;
use super::handler::{Handler, SafeHandler};
use super::lanes::Lanes;
use super::limits::Limits;

pub(super) struct Service {
    pub(super) limits: Limits,
    pub(super) handler: SafeHandler,
    pub(super) connections: Arc<Connections>,
    pub(super) lanes: Lanes,
    pub(super) bodies: Arc<Budget>,
    /// Connections that are kept open long so that a client reads its refusal.
    pub(super) lingering: AtomicUsize,
}

impl Service {
    pub(super) fn start(handler: Arc<dyn Handler>, limits: Limits) -> io::Result<Self> {
        let handler = SafeHandler::new(handler);
        let connections = Arc::<Connections>::default();
        let lanes = Lanes::open(Arc::clone(&connections), handler.clone(), limits.workers)?;
        Ok(Self {
            handler,
            connections,
            lanes,
            bodies: Budget::new(limits.body_memory),
            lingering: AtomicUsize::new(0),
            limits,
        })
    }
}
