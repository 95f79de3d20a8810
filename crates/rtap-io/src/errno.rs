//! Names of errno values, as `errno.h` spells them.

macro_rules! names {
    ($($name:ident)*) => {
        const NAMES: &[(i32, &str)] = &[$((libc::$name, stringify!($name))),*];
    };
}

names! {
    EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT
    ENOTBLK EBUSY EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG
    ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY
    ELOOP ENOMSG EIDRM ENODATA ETIME ENOSR ENOLINK EPROTO EBADMSG EOVERFLOW ENOTUNIQ EBADFD
    EREMCHG EILSEQ EUSERS ENOTSOCK EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT EPROTONOSUPPORT
    ESOCKTNOSUPPORT EOPNOTSUPP EPFNOSUPPORT EAFNOSUPPORT EADDRINUSE EADDRNOTAVAIL ENETDOWN
    ENETUNREACH ENETRESET ECONNABORTED ECONNRESET ENOBUFS EISCONN ENOTCONN ESHUTDOWN ETIMEDOUT
    ECONNREFUSED EHOSTDOWN EHOSTUNREACH EALREADY EINPROGRESS ESTALE EDQUOT ECANCELED
}

/// The name of an errno value ("EBUSY"), or "UNKNOWN" for one that is not in the table.
#[must_use]
pub fn name(errno: i32) -> &'static str {
    NAMES.iter().find(|(number, _)| *number == errno).map_or("UNKNOWN", |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_what_the_kernel_answers() {
        // Numbers of asm-generic/errno.h, which x86-64 and arm64 use.
        for (number, expected) in [
            (1, "EPERM"),
            (5, "EIO"),
            (11, "EAGAIN"),
            (16, "EBUSY"),
            (77, "EBADFD"),
            (105, "ENOBUFS"),
        ] {
            assert_eq!(name(number), expected);
        }
    }

    #[test]
    fn has_a_name_for_the_unknown() {
        assert_eq!(name(0), "UNKNOWN");
        assert_eq!(name(4095), "UNKNOWN");
    }
}
