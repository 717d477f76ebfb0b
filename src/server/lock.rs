//! Locks the wallet when nobody has used it for a while.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::pipeline::App;

/// A thread that sleeps until the wallet could be idle long enough. Dropping
/// this ends it.
pub(super) struct AutoLock {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl AutoLock {
    pub(super) fn start(app: Arc<App>, after: Duration) -> io::Result<Self> {
        let (stop, stopped) = channel::<()>();
        let thread = thread::Builder::new()
            .name("auto-lock".into())
            .stack_size(256 * 1024)
            .spawn(move || {
                loop {
                    let left = after.saturating_sub(app.idle());
                    if left.is_zero() {
                        app.lock("not used");
                    }
                    // Locked or not, it cannot be idle again before `after`.
                    let wait = if left.is_zero() { after } else { left };
                    let wait = wait.max(Duration::from_millis(10));
                    match stopped.recv_timeout(wait) {
                        Err(RecvTimeoutError::Timeout) => {}
                        _ => return,
                    }
                }
            })?;
        Ok(Self {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for AutoLock {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // It panics nowhere; and a server that stops has nobody to tell.
            let _ = thread.join();
        }
    }
}
