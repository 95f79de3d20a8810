//! A file descriptor of a TAP device, which only threads of ours close.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use crate::control;
use crate::error::SystemError;

/// An open TAP file descriptor.
///
/// The last close of a device takes the kernel 15 ms and more. Dropped on a control thread this
/// closes at once; dropped anywhere else (by a finalizer on a JavaScript thread) the close is handed
/// to one.
#[derive(Debug)]
pub struct DeviceFile(Option<OwnedFd>);

impl From<OwnedFd> for DeviceFile {
    fn from(fd: OwnedFd) -> Self {
        Self(Some(fd))
    }
}

impl DeviceFile {
    /// Another file descriptor of the same open file.
    pub fn try_clone(&self) -> Result<Self, SystemError> {
        let copy = self.as_fd().try_clone_to_owned();
        Ok(copy.map_err(|error| SystemError::from_io("fcntl F_DUPFD_CLOEXEC", &error))?.into())
    }
}

impl AsFd for DeviceFile {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match &self.0 {
            Some(fd) => fd.as_fd(),
            // Only `drop` takes it.
            None => unreachable!("a dropped DeviceFile is used"),
        }
    }
}

impl Drop for DeviceFile {
    fn drop(&mut self) {
        if let Some(fd) = self.0.take() {
            control::dispose(fd);
        }
    }
}
