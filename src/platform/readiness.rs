//! Which of many sockets have something to read: epoll, and nothing where a
//! system has none.

pub use imp::{Readiness, Room};

/// A socket with something to read.
pub struct Ready {
    /// As it was named when it was added.
    pub id: u64,
    /// After that nothing comes.
    pub has_ended: bool,
}

#[cfg(target_os = "linux")]
mod imp {
    use std::io;
    use std::net::TcpStream;
    use std::os::fd::OwnedFd;
    use std::time::Duration;

    use rustix::buffer::spare_capacity;
    use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};
    use rustix::event::{EventfdFlags, Timespec, eventfd};
    use rustix::io::{Errno, retry_on_intr, write};
    use rustix::net::{RecvFlags, recv};

    use super::Ready;

    /// Sockets that are told of at once.
    const AT_ONCE: usize = 64;

    /// What is told, and only when it changes.
    const FLAGS: EventFlags = EventFlags::IN
        .union(EventFlags::RDHUP)
        .union(EventFlags::ET);

    const ENDED: EventFlags = EventFlags::RDHUP
        .union(EventFlags::HUP)
        .union(EventFlags::ERR);

    /// Names the descriptor that ends a wait.
    const WAKE: u64 = u64::MAX;

    /// Where what is ready is told, again and again.
    pub struct Room(Vec<epoll::Event>);

    impl Default for Room {
        fn default() -> Self {
            Self(Vec::with_capacity(AT_ONCE))
        }
    }

    /// The sockets that are watched. A socket that is closed is watched no more.
    pub struct Readiness {
        epoll: OwnedFd,
        wake: OwnedFd,
    }

    impl Readiness {
        /// Watches nothing yet.
        ///
        /// # Errors
        /// `Unsupported` on other systems.
        pub fn open() -> io::Result<Self> {
            let epoll = epoll::create(CreateFlags::CLOEXEC)?;
            let wake = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
            let flags = EventFlags::IN | EventFlags::ET;
            epoll::add(&epoll, &wake, EventData::new_u64(WAKE), flags)?;
            Ok(Self { epoll, wake })
        }

        /// Watches `stream`, which [`Self::wait`] calls `id`: it is told of now, if
        /// there is something to read or it has ended, and each time more arrives.
        pub fn add(&self, stream: &TcpStream, id: u64) -> io::Result<()> {
            Ok(epoll::add(
                &self.epoll,
                stream,
                EventData::new_u64(id),
                FLAGS,
            )?)
        }

        /// Tells of it once more, as when it was added.
        pub fn tell_again(&self, stream: &TcpStream, id: u64) -> io::Result<()> {
            Ok(epoll::modify(
                &self.epoll,
                stream,
                EventData::new_u64(id),
                FLAGS,
            )?)
        }

        /// Watches it no more.
        pub fn remove(&self, stream: &TcpStream) -> io::Result<()> {
            Ok(epoll::delete(&self.epoll, stream)?)
        }

        /// Waits until a socket has something to read, the patience is over or
        /// somebody calls [`Self::wake`].
        pub fn wait(
            &self,
            patience: Duration,
            Room(events): &mut Room,
        ) -> io::Result<impl Iterator<Item = Ready>> {
            events.clear();
            let patience = Timespec::try_from(patience).ok();
            match epoll::wait(&self.epoll, spare_capacity(events), patience.as_ref()) {
                Ok(_) | Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
            let ready = events.iter().map(|event| Ready {
                id: event.data.u64(),
                has_ended: { event.flags }.intersects(ENDED),
            });
            Ok(ready.filter(|ready| ready.id != WAKE))
        }

        /// Ends a wait, or the next one.
        pub fn wake(&self) {
            // Fails only if 2^64 wakes are waiting.
            let _ = write(&self.wake, &1_u64.to_ne_bytes());
        }

        /// Reads what has arrived, without waiting for more.
        pub fn read(&self, stream: &TcpStream, into: &mut [u8]) -> io::Result<usize> {
            let read = retry_on_intr(|| recv(stream, &mut *into, RecvFlags::DONTWAIT));
            Ok(read?.0)
        }
    }
}

#[cfg(not(target_os = "linux"))]
#[allow(missing_docs, reason = "each is told above")]
mod imp {
    use std::io;
    use std::iter::Empty;
    use std::net::TcpStream;
    use std::time::Duration;

    use super::Ready;

    #[derive(Default)]
    pub struct Room;

    /// There is none.
    pub enum Readiness {}

    impl Readiness {
        pub fn open() -> io::Result<Self> {
            Err(io::ErrorKind::Unsupported.into())
        }

        pub fn add(&self, _: &TcpStream, _: u64) -> io::Result<()> {
            match *self {}
        }

        pub fn tell_again(&self, _: &TcpStream, _: u64) -> io::Result<()> {
            match *self {}
        }

        pub fn remove(&self, _: &TcpStream) -> io::Result<()> {
            match *self {}
        }

        pub fn wait(&self, _: Duration, _: &mut Room) -> io::Result<Empty<Ready>> {
            match *self {}
        }

        pub fn wake(&self) {
            match *self {}
        }

        pub fn read(&self, _: &TcpStream, _: &mut [u8]) -> io::Result<usize> {
            match *self {}
        }
    }
}
