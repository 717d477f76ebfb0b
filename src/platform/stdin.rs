//! Standard input without a buffer.

use std::fs::File;
use std::io;

/// Standard input as a file of its own. The standard library's handle reads
/// ahead into a buffer that lives as long as the process and is never wiped;
/// a password read through this one is only where the caller put it.
pub fn unbuffered() -> io::Result<File> {
    imp::duplicate()
}

#[cfg(unix)]
mod imp {
    use std::fs::File;
    use std::io;
    use std::os::fd::AsFd;

    pub(super) fn duplicate() -> io::Result<File> {
        io::stdin().as_fd().try_clone_to_owned().map(File::from)
    }
}

#[cfg(windows)]
mod imp {
    use std::fs::File;
    use std::io;
    use std::os::windows::io::AsHandle;

    pub(super) fn duplicate() -> io::Result<File> {
        io::stdin().as_handle().try_clone_to_owned().map(File::from)
    }
}
