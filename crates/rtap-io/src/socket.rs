//! What netlink, ICMP, packet and probe sockets have in common.

use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, BorrowedFd};

use libc::c_int;

use crate::error::SystemError;
use crate::syscall::retry;

/// A plain value that crosses the boundary of `setsockopt`: any bytes make a valid one.
pub(crate) trait Plain: Copy {}
impl Plain for c_int {}
impl Plain for libc::sock_fprog {}
impl Plain for libc::packet_mreq {}

/// setsockopt with a value of fixed size.
pub(crate) fn set_option<T: Plain>(
    fd: BorrowedFd<'_>,
    level: c_int,
    option: c_int,
    name: &'static str,
    value: &T,
) -> Result<(), SystemError> {
    let length = length_of::<T>();
    // SAFETY: the pointer and length are those of `value`, which outlives the call. A sock_fprog
    // points to its program, which its maker (`attach_filter`) keeps for as long.
    retry(name, || unsafe {
        libc::setsockopt(fd.as_raw_fd(), level, option, (&raw const *value).cast(), length)
    })?;
    Ok(())
}

/// Sets the size of the receive buffer, above the system's limit where allowed, and returns what the
/// kernel counts with: twice of what it granted.
pub(crate) fn set_receive_buffer(fd: BorrowedFd<'_>, bytes: u32) -> Result<u32, SystemError> {
    let value = c_int::try_from(bytes).unwrap_or(c_int::MAX);
    let level = libc::SOL_SOCKET;
    if set_option(fd, level, libc::SO_RCVBUFFORCE, "setsockopt SO_RCVBUFFORCE", &value).is_err() {
        set_option(fd, level, libc::SO_RCVBUF, "setsockopt SO_RCVBUF", &value)?;
    }
    let granted = int_option(fd, level, libc::SO_RCVBUF, "getsockopt SO_RCVBUF")?;
    Ok(granted.cast_unsigned())
}

/// getsockopt of an int.
pub(crate) fn int_option(
    fd: BorrowedFd<'_>,
    level: c_int,
    option: c_int,
    name: &'static str,
) -> Result<c_int, SystemError> {
    let mut value: c_int = 0;
    let mut length = length_of::<c_int>();
    // SAFETY: `value` and `length` are writable and outlive the call; `length` is the size of `value`.
    retry(name, || unsafe {
        libc::getsockopt(fd.as_raw_fd(), level, option, (&raw mut value).cast(), &raw mut length)
    })?;
    Ok(value)
}

/// The size of a C structure as socket calls want it.
pub(crate) fn length_of<T>() -> libc::socklen_t {
    libc::socklen_t::try_from(size_of::<T>()).unwrap_or(libc::socklen_t::MAX)
}

/// A socket address of any family, zeroed, to be filled by the kernel.
pub(crate) fn empty_address<T: Address>() -> T {
    // SAFETY: socket addresses are structures of integers, for which zero bytes are valid.
    unsafe { MaybeUninit::<T>::zeroed().assume_init() }
}

/// The socket addresses this crate uses: structures of integers alone.
pub(crate) trait Address: Copy {}
impl Address for libc::sockaddr_nl {}
impl Address for libc::sockaddr_in {}
impl Address for libc::sockaddr_ll {}
impl Address for libc::sockaddr_in6 {}
impl Address for libc::sockaddr_storage {}

/// The int at the front of `bytes`, in the machine's order.
pub(crate) fn int_at(bytes: &[u8]) -> Option<c_int> {
    let word = bytes.get(..size_of::<c_int>())?.try_into().ok()?;
    Some(c_int::from_ne_bytes(word))
}
