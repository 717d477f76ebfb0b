//! The `tokenpass` program.

fn main() {}
