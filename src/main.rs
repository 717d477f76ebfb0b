//! The `tokenpass` program.

#[cfg(not(target_env = "musl"))]
use std::alloc::System as Allocator;
use std::process::ExitCode;

#[cfg(target_env = "musl")]
use mimalloc::MiMalloc as Allocator;
use zeroizing_alloc::ZeroAlloc;

/// Wipes what is freed. Types that hold secrets wipe themselves; this is for the
/// copies that others make of them: a parser's texts, a buffer that grew.
#[global_allocator]
static HEAP: ZeroAlloc<Allocator> = ZeroAlloc(Allocator);

fn main() -> ExitCode {
    tokenpass::run()
}
