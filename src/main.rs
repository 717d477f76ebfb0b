//! The `tokenpass` program.

use std::alloc::System;
use std::process::ExitCode;

use zeroizing_alloc::ZeroAlloc;

/// Wipes what is freed. Types that hold secrets wipe themselves; this is for the
/// copies that others make of them: a parser's texts, a buffer that grew.
#[global_allocator]
static HEAP: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    tokenpass::run()
}
