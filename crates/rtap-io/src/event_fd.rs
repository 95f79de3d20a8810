//! An event that one thread tells another, through a file descriptor that both can wait for.

use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

use crate::error::SystemError;
use crate::syscall::{raw, retry};

/// An eventfd: readable from [`EventFd::set`] to [`EventFd::clear`].
#[derive(Debug)]
pub struct EventFd(OwnedFd);

impl EventFd {
    /// One that nothing was told by yet.
    pub fn new() -> Result<Self, SystemError> {
        let flags = libc::EFD_CLOEXEC | libc::EFD_NONBLOCK;
        // SAFETY: eventfd takes no memory.
        let fd = retry("eventfd", || unsafe { libc::eventfd(0, flags) })?;
        // SAFETY: the kernel has just made this file descriptor, and nobody else knows it.
        Ok(Self(unsafe { OwnedFd::from_raw_fd(fd) }))
    }

    /// Tells it, any number of times.
    pub fn set(&self) {
        let one = 1_u64.to_ne_bytes();
        // SAFETY: pointer and length are those of `one`. It fails only when the count is full, and so set.
        let _ = raw(|| unsafe { libc::write(self.0.as_raw_fd(), one.as_ptr().cast(), one.len()) });
    }

    /// Forgets that it was told.
    pub fn clear(&self) {
        let mut count = [0_u8; size_of::<u64>()];
        // SAFETY: pointer and length are those of `count`. It fails only when nothing was told.
        let _ = raw(|| unsafe {
            libc::read(self.0.as_raw_fd(), count.as_mut_ptr().cast(), count.len())
        });
    }
}

impl AsFd for EventFd {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
