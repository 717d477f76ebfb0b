//! The answer.

/// Who holds the client's end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeerOwner {
    /// A process of the user that this process acts as.
    SameUser,
    /// A process of another user of this machine.
    OtherUser,
    /// Nobody can tell: another machine or network namespace, a client that
    /// has closed its end already, or a system that does not say.
    Unknown,
}
