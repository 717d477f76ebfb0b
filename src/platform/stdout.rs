//! Standard output without a buffer.

use std::fs::File;
use std::io;

/// Standard output as a file of its own: what is written through it is copied
/// into no buffer that nobody wipes.
pub fn unbuffered() -> io::Result<File> {
    imp::duplicate()
}

#[cfg(unix)]
mod imp {
    use std::fs::File;
    use std::io;
    use std::os::fd::AsFd;

    pub(super) fn duplicate() -> io::Result<File> {
        io::stdout().as_fd().try_clone_to_owned().map(File::from)
    }
}

#[cfg(windows)]
mod imp {
    use std::fs::File;
    use std::io;
    use std::os::windows::io::AsHandle;

    pub(super) fn duplicate() -> io::Result<File> {
        io::stdout()
            .as_handle()
            .try_clone_to_owned()
            .map(File::from)
    }
}
