//! What to do where there is no `io_uring`.

use std::fs;

use crate::error::SystemError;

/// `kernel.io_uring_disabled`: 0 for all, 1 for nobody without `CAP_SYS_ADMIN` but the group
/// `kernel.io_uring_group`, 2 for nobody.
const DISABLED: &str = "/proc/sys/kernel/io_uring_disabled";

/// The same error, with a hint that says where it comes from.
pub(super) fn explain(error: SystemError) -> SystemError {
    let disabled = fs::read_to_string(DISABLED).unwrap_or_default();
    match hint(&error, disabled.trim()) {
        Some(hint) => error.with_hint(hint),
        None => error,
    }
}

fn hint(error: &SystemError, disabled: &str) -> Option<&'static str> {
    match (error.errno(), disabled) {
        (libc::EPERM, "1") => Some(
            "sysctl kernel.io_uring_disabled is 1: set it to 0, or join the group kernel.io_uring_group",
        ),
        (libc::EPERM, "2") => Some("sysctl kernel.io_uring_disabled is 2: set it to 0"),
        (libc::EPERM | libc::EACCES, _) => Some(
            "a seccomp filter or security module forbids io_uring, as those of containers do: allow io_uring_setup, io_uring_enter and io_uring_register",
        ),
        (libc::ENOSYS, _) => Some(
            "this kernel was built without io_uring or is older than Linux 5.6, or a seccomp filter says so",
        ),
        (libc::ENOMEM, _) => Some(
            "there is no memory for a ring: raise RLIMIT_MEMLOCK (ulimit -l) or the memory limit of the control group",
        ),
        (libc::EMFILE, _) => {
            Some("a ring is an open file, and there are too many: raise RLIMIT_NOFILE (ulimit -n)")
        }
        (libc::EOPNOTSUPP | libc::EINVAL | libc::EAGAIN, _) => Some(
            "this kernel's tun driver can't read without waiting in io_uring: that needs Linux 6.4",
        ),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_who_forbids_it() {
        let told = |errno, disabled| {
            hint(&SystemError::new("io_uring_setup", errno), disabled).unwrap_or_default()
        };
        assert!(told(libc::EPERM, "2").contains("io_uring_disabled is 2"));
        assert!(told(libc::EPERM, "1").contains("io_uring_group"));
        assert!(told(libc::EPERM, "0").contains("seccomp"));
        assert!(told(libc::EPERM, "").contains("seccomp"));
        assert!(told(libc::ENOSYS, "0").contains("without io_uring"));
        assert!(told(libc::ENOMEM, "0").contains("RLIMIT_MEMLOCK"));
        assert!(told(libc::EMFILE, "0").contains("RLIMIT_NOFILE"));
        assert!(told(libc::EOPNOTSUPP, "0").contains("Linux 6.4"));
        assert_eq!(told(libc::EIO, "0"), "");
    }
}
