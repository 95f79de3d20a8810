//! Results of C calls.

use crate::error::SystemError;

/// What a C function returns, -1 meaning "look at errno".
pub(crate) trait Returned: Copy {
    /// Whether this is the -1 of a failed call.
    fn failed(self) -> bool;
}

impl Returned for libc::c_int {
    fn failed(self) -> bool {
        self == -1
    }
}

impl Returned for libc::ssize_t {
    fn failed(self) -> bool {
        self == -1
    }
}

/// Runs `call` again while a signal interrupts it, and turns -1 into the errno.
pub(crate) fn raw<T: Returned>(mut call: impl FnMut() -> T) -> Result<T, i32> {
    loop {
        let result = call();
        if !result.failed() {
            return Ok(result);
        }
        let errno = std::io::Error::last_os_error().raw_os_error().unwrap_or(libc::EIO);
        if errno != libc::EINTR {
            return Err(errno);
        }
    }
}

/// `read` as a bare system call.
///
/// The C library's is a point where a thread may be cancelled, which costs 15 ns where there are several threads: a
/// burst has one per frame, and Node has several threads.
///
/// # Safety
/// As for `read`: `bytes` has room for `length` bytes, which only the kernel writes to meanwhile.
#[inline]
pub(crate) unsafe fn read(fd: libc::c_int, bytes: *mut libc::c_void, length: usize) -> isize {
    // SAFETY: by the contract above.
    let result = unsafe { libc::syscall(libc::SYS_read, fd, bytes, length) };
    isize::try_from(result).unwrap_or(-1)
}

/// `write` as a bare system call, for the reason of [`read`].
///
/// # Safety
/// As for `write`: `bytes` has `length` bytes, which nobody writes to meanwhile.
#[inline]
pub(crate) unsafe fn write(fd: libc::c_int, bytes: *const libc::c_void, length: usize) -> isize {
    // SAFETY: by the contract above.
    let result = unsafe { libc::syscall(libc::SYS_write, fd, bytes, length) };
    isize::try_from(result).unwrap_or(-1)
}

/// [`raw`] with the name of the call in its error.
pub(crate) fn retry<T: Returned>(
    name: &'static str,
    call: impl FnMut() -> T,
) -> Result<T, SystemError> {
    raw(call).map_err(|errno| SystemError::new(name, errno))
}
