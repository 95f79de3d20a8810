//! The one error of this crate: a system call that failed.

use std::borrow::Cow;
use std::fmt;
use std::io;

use crate::errno;

/// A system call that failed, or a check that refused with the errno the kernel would have given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemError {
    syscall: Cow<'static, str>,
    errno: i32,
    hint: Option<&'static str>,
}

impl SystemError {
    /// The failure of `syscall` ("ioctl TUNSETIFF", "open /dev/net/tun") with `errno` (positive).
    #[must_use]
    pub fn new(syscall: impl Into<Cow<'static, str>>, errno: i32) -> Self {
        Self { syscall: syscall.into(), errno, hint: None }
    }

    /// The failure of the call this thread made last.
    #[must_use]
    pub fn last(syscall: impl Into<Cow<'static, str>>) -> Self {
        Self::from_io(syscall, &io::Error::last_os_error())
    }

    /// The failure that the standard library reports; EIO when it carries no errno.
    #[must_use]
    pub fn from_io(syscall: impl Into<Cow<'static, str>>, error: &io::Error) -> Self {
        let errno = error.raw_os_error().unwrap_or_else(|| match error.kind() {
            // What the standard library refuses itself: a name with a NUL byte in it, mostly.
            io::ErrorKind::InvalidInput => libc::EINVAL,
            _ => libc::EIO,
        });
        Self::new(syscall, errno)
    }

    /// A job on a thread of ours that did not end as it should.
    #[must_use]
    pub fn panicked() -> Self {
        Self::new("a control job", libc::EIO).with_hint("this is a bug in rtap: please report it")
    }

    /// The same error with a sentence that says what to do.
    #[must_use]
    pub fn with_hint(mut self, hint: &'static str) -> Self {
        self.hint = Some(hint);
        self
    }

    /// What was called.
    #[must_use]
    pub fn syscall(&self) -> &str {
        &self.syscall
    }

    /// The errno, positive.
    #[must_use]
    pub fn errno(&self) -> i32 {
        self.errno
    }

    /// The errno's name ("EBUSY").
    #[must_use]
    pub fn code(&self) -> &'static str {
        errno::name(self.errno)
    }

    /// What to do about it, where this crate knows.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        self.hint
    }

    /// What the errno means, in the C library's words and lower case, as Node writes it.
    #[must_use]
    pub fn description(&self) -> String {
        let text = io::Error::from_raw_os_error(self.errno).to_string();
        text.split(" (os error").next().unwrap_or_default().to_lowercase()
    }
}

impl fmt::Display for SystemError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}, {}", self.code(), self.description(), self.syscall)
    }
}

impl std::error::Error for SystemError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_node_writes_it() {
        let error = SystemError::new("ioctl TUNSETIFF", libc::EBUSY);
        assert_eq!(error.to_string(), "EBUSY: device or resource busy, ioctl TUNSETIFF");
        assert_eq!((error.code(), error.errno(), error.hint()), ("EBUSY", 16, None));
    }

    #[test]
    fn keeps_the_errno_of_the_standard_library() {
        let error = SystemError::from_io("open x", &io::Error::from_raw_os_error(libc::ENOENT));
        assert_eq!(error.errno(), libc::ENOENT);
        let refused = io::Error::new(io::ErrorKind::InvalidInput, "nul byte");
        assert_eq!(SystemError::from_io("open x", &refused).errno(), libc::EINVAL);
    }
}
