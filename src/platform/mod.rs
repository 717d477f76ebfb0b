//! What differs between operating systems: one function per need, on every
//! system. Nothing above this room asks which system it runs on.

pub mod files;
pub mod process;
pub mod stdin;
