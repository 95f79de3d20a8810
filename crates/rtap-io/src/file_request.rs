//! Files that belong to the network namespace of whoever opens them.
//!
//! Opening is all that has to happen in a namespace: what is done with such a file afterwards
//! (TUNSETIFF, bind, setsockopt) works from any thread, and is about the namespace of the file.

use std::os::fd::{FromRawFd, OwnedFd};

use libc::c_int;

use crate::error::SystemError;
use crate::syscall::retry;

/// A file to open in a network namespace; close-on-exec and non-blocking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileRequest {
    /// /dev/net/tun.
    Tun,
    /// A socket.
    Socket {
        /// Its address family.
        family: c_int,
        /// Its kind: `SOCK_RAW`, ...
        kind: c_int,
        /// Its protocol.
        protocol: c_int,
    },
}

impl FileRequest {
    /// Opens it in the namespace of the calling thread.
    ///
    /// Only makes async-signal-safe calls and allocates nothing, so that a helper process may.
    pub(crate) fn open(self) -> Result<OwnedFd, SystemError> {
        let fd = match self {
            Self::Tun => {
                let flags = libc::O_RDWR | libc::O_NONBLOCK | libc::O_CLOEXEC;
                // SAFETY: the path is a C string that lives for ever.
                retry("open /dev/net/tun", || unsafe {
                    libc::open(c"/dev/net/tun".as_ptr(), flags)
                })
                .map_err(explain_node)?
            }
            Self::Socket { family, kind, protocol } => {
                let flags = libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK;
                // SAFETY: socket takes no memory.
                retry("socket", || unsafe { libc::socket(family, kind | flags, protocol) })?
            }
        };
        // SAFETY: the kernel has just made this file descriptor, and nobody else knows it.
        Ok(unsafe { OwnedFd::from_raw_fd(fd) })
    }
}

fn explain_node(error: SystemError) -> SystemError {
    match error.errno() {
        libc::ENOENT => error.with_hint(
            "load the driver (sudo modprobe tun), or give the container --device /dev/net/tun",
        ),
        libc::ENODEV | libc::ENXIO => error.with_hint("load the driver: sudo modprobe tun"),
        libc::EACCES | libc::EPERM => error.with_hint(
            "this user may not open it: run as root, or change its mode (sudo chmod 0666 /dev/net/tun) or the container's device rules",
        ),
        _ => error,
    }
}
