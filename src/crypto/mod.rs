//! Pure functions and key types; no I/O, no clock, no global state.

pub mod keys;
