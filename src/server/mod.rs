//! `tokenpass serve`: requests in, JSON out.

pub mod transport;
