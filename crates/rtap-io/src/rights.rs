//! Files that go from process to process with a message (`SCM_RIGHTS`, unix(7)).

use std::mem;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

use crate::error::SystemError;
use crate::syscall::raw;

/// How many files a message carries at most (`SCM_MAX_FD`).
pub const FILES_MAX: usize = 253;

/// Sends one message with files; the receiver gets its own descriptors of them.
pub fn send(
    socket: BorrowedFd<'_>,
    bytes: &[u8],
    files: &[BorrowedFd<'_>],
) -> Result<(), SystemError> {
    let name = "sendmsg";
    if files.len() > FILES_MAX {
        return Err(SystemError::new(name, libc::EINVAL));
    }
    let numbers: Vec<RawFd> = files.iter().map(AsRawFd::as_raw_fd).collect();
    let mut control = control_for(numbers.len());
    let mut part = libc::iovec { iov_base: bytes.as_ptr().cast_mut().cast(), iov_len: bytes.len() };
    // SAFETY: msghdr is pointers and integers (and padding on musl): zero bytes are valid.
    let mut header: libc::msghdr = unsafe { mem::zeroed() };
    header.msg_iov = &raw mut part;
    header.msg_iovlen = 1;
    if !numbers.is_empty() {
        header.msg_control = control.as_mut_ptr().cast();
        header.msg_controllen = space_of(numbers.len()) as _;
        // SAFETY: the control buffer has room for one message of so many ints, and is aligned for it.
        unsafe {
            let message = libc::CMSG_FIRSTHDR(&raw const header);
            (*message).cmsg_level = libc::SOL_SOCKET;
            (*message).cmsg_type = libc::SCM_RIGHTS;
            (*message).cmsg_len = libc::CMSG_LEN(size_of_ints(numbers.len())) as _;
            let data = libc::CMSG_DATA(message);
            std::ptr::copy_nonoverlapping(
                numbers.as_ptr().cast(),
                data,
                size_of_ints(numbers.len()) as usize,
            );
        }
    }
    let flags = libc::MSG_NOSIGNAL;
    // SAFETY: all that `header` points to lives in this function; lengths are those of the memory.
    raw(|| unsafe { libc::sendmsg(socket.as_raw_fd(), &raw const header, flags) })
        .map_err(|errno| SystemError::new(name, errno))?;
    Ok(())
}

/// Receives one message into `buffer`; its length, and its files, close-on-exec. What doesn't fit is lost.
pub fn receive(
    socket: BorrowedFd<'_>,
    buffer: &mut [u8],
) -> Result<(usize, Vec<OwnedFd>), SystemError> {
    let mut control = control_for(FILES_MAX);
    let mut part = libc::iovec { iov_base: buffer.as_mut_ptr().cast(), iov_len: buffer.len() };
    // SAFETY: as in `send`.
    let mut header: libc::msghdr = unsafe { mem::zeroed() };
    header.msg_iov = &raw mut part;
    header.msg_iovlen = 1;
    let flags = libc::MSG_CMSG_CLOEXEC;
    let length = raw(|| {
        header.msg_control = control.as_mut_ptr().cast();
        header.msg_controllen = space_of(FILES_MAX) as _;
        // SAFETY: as in `send`.
        unsafe { libc::recvmsg(socket.as_raw_fd(), &raw mut header, flags) }
    })
    .map_err(|errno| SystemError::new("recvmsg", errno))?;
    Ok((length.cast_unsigned(), files_of(&header)))
}

/// The files among the control messages of a received header.
fn files_of(header: &libc::msghdr) -> Vec<OwnedFd> {
    let mut files = Vec::new();
    // SAFETY: the kernel has filled the control buffer, and set its length, in the call before.
    let mut message = unsafe { libc::CMSG_FIRSTHDR(header) };
    while !message.is_null() {
        // SAFETY: FIRSTHDR and NXTHDR give a null pointer or a whole cmsghdr inside the buffer.
        let found = unsafe { &*message };
        if found.cmsg_level == libc::SOL_SOCKET && found.cmsg_type == libc::SCM_RIGHTS {
            // SAFETY: CMSG_LEN and CMSG_DATA are arithmetic; the message says how long its data is.
            let (data, length) = unsafe {
                let length = (found.cmsg_len as usize).saturating_sub(libc::CMSG_LEN(0) as usize);
                (libc::CMSG_DATA(message).cast::<[u8; 4]>(), length / size_of::<RawFd>())
            };
            for index in 0..length {
                // SAFETY: so many ints are in the message, and bytes ask for no alignment.
                let number = RawFd::from_ne_bytes(unsafe { data.add(index).read() });
                // SAFETY: the kernel has just made this descriptor, and nobody else knows it.
                files.push(unsafe { OwnedFd::from_raw_fd(number) });
            }
        }
        // SAFETY: `message` is inside the buffer of `header`.
        message = unsafe { libc::CMSG_NXTHDR(header, message) };
    }
    files
}

fn size_of_ints(count: usize) -> u32 {
    u32::try_from(count * size_of::<RawFd>()).unwrap_or(u32::MAX)
}

fn space_of(files: usize) -> usize {
    // SAFETY: arithmetic.
    unsafe { libc::CMSG_SPACE(size_of_ints(files)) as usize }
}

/// A buffer for the control message of so many files, aligned as a cmsghdr wants it.
fn control_for(files: usize) -> Vec<u64> {
    vec![0; space_of(files).div_ceil(size_of::<u64>())]
}
