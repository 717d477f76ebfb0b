//! stub
mod message;
pub use message::*;
