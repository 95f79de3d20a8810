//! Memory that is shared with the kernel.

use std::os::fd::{AsRawFd, BorrowedFd};
use std::ptr;

use crate::error::SystemError;

/// A mapping of a file, until it is dropped.
#[derive(Debug)]
pub(super) struct Mapping {
    start: *mut libc::c_void,
    length: usize,
}

impl Mapping {
    pub(super) fn new(
        fd: BorrowedFd<'_>,
        offset: libc::off_t,
        length: usize,
    ) -> Result<Self, SystemError> {
        // SAFETY: the kernel chooses the address; nothing that is there is replaced.
        let start = unsafe {
            libc::mmap(
                ptr::null_mut(),
                length,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_SHARED | libc::MAP_POPULATE,
                fd.as_raw_fd(),
                offset,
            )
        };
        if start == libc::MAP_FAILED {
            return Err(SystemError::last("mmap"));
        }
        Ok(Self { start, length })
    }

    /// The address of `count` `T`s from a byte on.
    ///
    /// # Panics
    /// When they are not all inside, or not aligned: the kernel has said where they are.
    pub(super) fn at<T>(&self, offset: usize, count: usize) -> *mut T {
        let end = count.checked_mul(size_of::<T>()).and_then(|bytes| bytes.checked_add(offset));
        assert!(end.is_some_and(|end| end <= self.length), "outside of what is mapped");
        let start = self.start.wrapping_byte_add(offset).cast::<T>();
        assert!(start.is_aligned(), "not aligned");
        start
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: start and length are those of a mapping that nobody else has.
        unsafe { libc::munmap(self.start, self.length) };
    }
}
