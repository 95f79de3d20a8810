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

/// [`raw`] with the name of the call in its error.
pub(crate) fn retry<T: Returned>(
    name: &'static str,
    call: impl FnMut() -> T,
) -> Result<T, SystemError> {
    raw(call).map_err(|errno| SystemError::new(name, errno))
}
