//! A file descriptor of a TAP device, which only threads of ours close.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use crate::control;
use crate::error::SystemError;
use crate::other_header;
use crate::own_file::OwnFile;
use crate::queue::{self, HEADER, Memory};

/// An open TAP file descriptor.
///
/// The last close of a device takes the kernel 15 ms and more. Dropped on a control thread this
/// closes at once; dropped anywhere else (by a finalizer on a JavaScript thread) the close is handed
/// to one.
#[derive(Debug)]
pub struct DeviceFile {
    fd: Option<OwnFile>,
    header: usize,
}

impl From<OwnedFd> for DeviceFile {
    fn from(fd: OwnedFd) -> Self {
        Self::with_header(fd.into(), HEADER)
    }
}

impl DeviceFile {
    /// The file of a device whose header somebody else has chosen: its length, 0 for none.
    #[must_use]
    pub(crate) fn with_header(fd: OwnFile, header: usize) -> Self {
        Self { fd: Some(fd), header }
    }

    /// How long the virtio-net header is that the kernel has before each frame: 0 for none.
    #[must_use]
    pub fn header(&self) -> usize {
        self.header
    }

    /// Another file descriptor of the same open file.
    pub fn try_clone(&self) -> Result<Self, SystemError> {
        let copy = self.as_fd().try_clone_to_owned();
        let fd = copy.map_err(|error| SystemError::from_io("fcntl F_DUPFD_CLOEXEC", &error))?;
        Ok(Self::with_header(fd.into(), self.header))
    }

    /// [`queue::rx_burst`], whatever header the kernel has.
    pub fn rx_burst(&self, memory: Memory<'_>, max: usize) -> Result<usize, SystemError> {
        if self.header == HEADER {
            return queue::rx_burst(self.as_fd(), memory, max);
        }
        other_header::rx_burst(self.as_fd(), self.header, memory, max)
    }

    /// [`queue::tx_burst`], whatever header the kernel has.
    pub fn tx_burst(
        &self,
        memory: Memory<'_>,
        from: usize,
        count: usize,
    ) -> Result<usize, SystemError> {
        if self.header == HEADER {
            return queue::tx_burst(self.as_fd(), memory, from, count);
        }
        other_header::tx_burst(self.as_fd(), self.header, memory, from, count)
    }
}

impl AsFd for DeviceFile {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match &self.fd {
            Some(fd) => fd.as_fd(),
            // Only `drop` takes it.
            None => unreachable!("a dropped DeviceFile is used"),
        }
    }
}

impl Drop for DeviceFile {
    fn drop(&mut self) {
        if let Some(fd) = self.fd.take() {
            control::dispose(fd);
        }
    }
}
