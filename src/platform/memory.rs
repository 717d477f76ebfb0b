//! The process's own memory: what was secret there does not stay.

use zeroize::zeroize_stack;

/// More than the deepest that a request or an unlocking was seen to go: 37 KiB, and
/// optimised between 4 and 12. (JSON nested as deep as the parser allows goes
/// deeper, but has only pointers there.) `tests/memory` searches the whole of each
/// stack.
const DEPTH: usize = if cfg!(debug_assertions) { 64 } else { 32 } * 1024;

/// Runs something that handles keys, then wipes the stack that it used.
///
/// A function leaves on the stack what it held: copies of keys that moved from
/// one variable to the next, the state of a hash or a cipher. The thread's next
/// work overwrites some of that, at some time. So whoever has a thread do
/// something with keys does it in here. Secrets in the answer must be on the
/// heap, where each type wipes its own.
pub fn wiped_stack<T>(work: impl FnOnce() -> T) -> T {
    // Also when the work panics: the answer to that may leave the thread alive.
    let _wipe = WipeBelow;
    out_of_line(work)
}

/// In a frame of its own, which then lies in the part that is wiped.
#[inline(never)]
fn out_of_line<T>(work: impl FnOnce() -> T) -> T {
    work()
}

struct WipeBelow;

impl Drop for WipeBelow {
    fn drop(&mut self) {
        zeroize_stack::<DEPTH>();
    }
}
