//! The part of `linux/io_uring.h` that bursts need: structures and numbers that never change.

use libc::{c_int, c_long, c_uint, c_void};

pub(super) const SETUP_CLAMP: u32 = 1 << 4;
pub(super) const SETUP_SUBMIT_ALL: u32 = 1 << 7;
pub(super) const SETUP_COOP_TASKRUN: u32 = 1 << 8;
pub(super) const SETUP_SINGLE_ISSUER: u32 = 1 << 12;
pub(super) const SETUP_DEFER_TASKRUN: u32 = 1 << 13;
pub(super) const SETUP_NO_SQARRAY: u32 = 1 << 16;

pub(super) const FEATURE_SINGLE_MMAP: u32 = 1;

pub(super) const OFFSET_RINGS: libc::off_t = 0;
pub(super) const OFFSET_ENTRIES: libc::off_t = 0x1000_0000;

pub(super) const ENTER_GETEVENTS: u32 = 1;

pub(super) const REGISTER_FILES: u32 = 2;
pub(super) const UNREGISTER_FILES: u32 = 3;

pub(super) const OP_ASYNC_CANCEL: u8 = 14;
pub(super) const OP_READ: u8 = 22;
pub(super) const OP_WRITE: u8 = 23;

pub(super) const FIXED_FILE: u8 = 1;

/// linux/fs.h: a read or write that would have to wait fails with EAGAIN instead.
pub(super) const RWF_NOWAIT: u32 = 8;

/// Where the fields of the submission ring are (`struct io_sqring_offsets`).
#[derive(Debug, Default)]
#[repr(C)]
pub(super) struct SubmissionOffsets {
    pub(super) head: u32,
    pub(super) tail: u32,
    pub(super) ring_mask: u32,
    pub(super) ring_entries: u32,
    pub(super) flags: u32,
    pub(super) dropped: u32,
    pub(super) array: u32,
    pub(super) reserved: u32,
    pub(super) user_address: u64,
}

/// Where the fields of the completion ring are (`struct io_cqring_offsets`).
#[derive(Debug, Default)]
#[repr(C)]
pub(super) struct CompletionOffsets {
    pub(super) head: u32,
    pub(super) tail: u32,
    pub(super) ring_mask: u32,
    pub(super) ring_entries: u32,
    pub(super) overflow: u32,
    pub(super) entries: u32,
    pub(super) flags: u32,
    pub(super) reserved: u32,
    pub(super) user_address: u64,
}

/// `struct io_uring_params`.
#[derive(Debug, Default)]
#[repr(C)]
pub(super) struct Parameters {
    pub(super) submission_entries: u32,
    pub(super) completion_entries: u32,
    pub(super) flags: u32,
    pub(super) thread_cpu: u32,
    pub(super) thread_idle: u32,
    pub(super) features: u32,
    pub(super) worker: u32,
    pub(super) reserved: [u32; 3],
    pub(super) submission: SubmissionOffsets,
    pub(super) completion: CompletionOffsets,
}

/// `struct io_uring_sqe`: what is asked for.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub(super) struct Submission {
    pub(super) opcode: u8,
    pub(super) flags: u8,
    pub(super) priority: u16,
    pub(super) file: i32,
    pub(super) offset: u64,
    pub(super) address: u64,
    pub(super) length: u32,
    pub(super) operation_flags: u32,
    pub(super) user_data: u64,
    pub(super) reserved: [u64; 3],
}

/// `struct io_uring_cqe`: what has come of it.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(super) struct Completion {
    pub(super) user_data: u64,
    pub(super) result: i32,
    pub(super) flags: u32,
}

/// `io_uring_setup`.
///
/// # Safety
/// `parameters` points to a `Parameters`.
pub(super) unsafe fn setup(entries: u32, parameters: *mut Parameters) -> c_int {
    // SAFETY: by the contract above.
    int(unsafe { libc::syscall(libc::SYS_io_uring_setup, entries, parameters) })
}

/// `io_uring_enter`, without a signal mask.
///
/// # Safety
/// The memory of everything that is submitted stays until it has completed.
pub(super) unsafe fn enter(fd: c_int, submit: u32, complete: u32, flags: u32) -> c_int {
    let mask: *const c_void = std::ptr::null();
    // SAFETY: by the contract above.
    let result =
        unsafe { libc::syscall(libc::SYS_io_uring_enter, fd, submit, complete, flags, mask, 0) };
    int(result)
}

/// `io_uring_register`.
///
/// # Safety
/// `argument` is what the operation takes, `count` of them.
pub(super) unsafe fn register(
    fd: c_int,
    operation: c_uint,
    argument: *const c_int,
    count: c_uint,
) -> c_int {
    // SAFETY: by the contract above.
    int(unsafe { libc::syscall(libc::SYS_io_uring_register, fd, operation, argument, count) })
}

fn int(result: c_long) -> c_int {
    c_int::try_from(result).unwrap_or(-1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structures_have_the_sizes_of_the_kernel() {
        assert_eq!(size_of::<Parameters>(), 120);
        assert_eq!(size_of::<Submission>(), 64);
        assert_eq!(size_of::<Completion>(), 16);
    }
}
