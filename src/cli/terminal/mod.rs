//! The terminal: what is printed, and what is asked.

pub(super) mod escape;
pub(super) mod output;
pub(super) mod prompt;
