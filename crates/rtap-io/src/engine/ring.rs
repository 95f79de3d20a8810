//! A ring of `io_uring`, for reads and writes of one file that never wait.
//!
//! The kernel may read and write the memory of a request until the request has completed. So nothing
//! is in flight when a function of a ring returns.

use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::process::abort;
use std::sync::atomic::{AtomicU32, Ordering};

use libc::c_int;

use super::abi::{self, Completion, Parameters, Submission};
use super::mapping::Mapping;
use crate::error::SystemError;
use crate::syscall::raw;

/// How many requests one call of the kernel takes.
pub(super) const ENTRIES: usize = 64;

/// The call that a ring's own failure has in its error.
pub(super) const ENTER: &str = "io_uring_enter";

/// The result of a request that the kernel has not taken.
const NOT_TAKEN: i32 = -libc::EAGAIN;
/// The result of one that it has not completed; the kernel has none such.
const IN_FLIGHT: i32 = i32::MIN;
/// Marks a request that cancels another one.
const CANCELLATION: u64 = u64::MAX;

/// What to ask for, the best first; older kernels refuse flags that they don't know with EINVAL.
pub(super) const FLAGS: [u32; 4] = [
    ISSUED_HERE | abi::SETUP_NO_SQARRAY,
    ISSUED_HERE,
    ANYWHERE | abi::SETUP_COOP_TASKRUN | abi::SETUP_SUBMIT_ALL,
    ANYWHERE,
];
const ANYWHERE: u32 = abi::SETUP_CLAMP;
/// The thread that makes the ring is the only one that uses it, and what it completes waits for it.
const ISSUED_HERE: u32 =
    ANYWHERE | abi::SETUP_SUBMIT_ALL | abi::SETUP_SINGLE_ISSUER | abi::SETUP_DEFER_TASKRUN;

/// A ring with one registered file. It belongs to the thread that made it.
#[derive(Debug)]
pub(super) struct Ring {
    /// Requests that have been written, and were not given to the kernel.
    pushed: u32,
    /// What has come of each since `clear`.
    results: Vec<i32>,
    submissions: *mut Submission,
    submission_head: *mut AtomicU32,
    submission_tail: *mut AtomicU32,
    submission_mask: u32,
    completions: *mut Completion,
    completion_head: *mut AtomicU32,
    completion_tail: *mut AtomicU32,
    completion_mask: u32,
    fd: OwnedFd,
    _rings: Mapping,
    _entries: Mapping,
}

/// Which way bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Transfer {
    Read,
    Write,
}

impl Ring {
    /// Makes a ring for a file, which the ring keeps open until it is dropped.
    pub(super) fn open(file: BorrowedFd<'_>) -> Result<Self, SystemError> {
        Self::open_with(&FLAGS, file)
    }

    /// Makes one with the first of these sets of flags that the kernel knows.
    pub(super) fn open_with(flags: &[u32], file: BorrowedFd<'_>) -> Result<Self, SystemError> {
        let (fd, parameters) = setup(flags)?;
        if parameters.features & abi::FEATURE_SINGLE_MMAP == 0 {
            return Err(SystemError::new("io_uring_setup", libc::ENOSYS));
        }
        let Parameters {
            submission,
            completion,
            submission_entries,
            completion_entries,
            flags,
            ..
        } = parameters;
        let submission_entries = submission_entries as usize;
        let completion_entries = completion_entries as usize;
        let array = flags & abi::SETUP_NO_SQARRAY == 0;
        let after_array = submission.array as usize
            + if array { submission_entries * size_of::<u32>() } else { 0 };
        let after_completions =
            completion.entries as usize + completion_entries * size_of::<Completion>();
        let rings =
            Mapping::new(fd.as_fd(), abi::OFFSET_RINGS, after_array.max(after_completions))?;
        let length = submission_entries * size_of::<Submission>();
        let entries = Mapping::new(fd.as_fd(), abi::OFFSET_ENTRIES, length)?;
        if array {
            // Each place of the ring is for the entry of the same number, once and for all.
            let places = rings.at::<AtomicU32>(submission.array as usize, submission_entries);
            for number in 0..submission_entries {
                // SAFETY: `at` vouches for so many words.
                let place = unsafe { &*places.add(number) };
                place.store(u32::try_from(number).unwrap_or_default(), Ordering::Relaxed);
            }
        }
        let word = |offset: u32| rings.at::<AtomicU32>(offset as usize, 1);
        let ring = Self {
            pushed: 0,
            results: Vec::with_capacity(ENTRIES),
            submissions: entries.at(0, submission_entries),
            submission_head: word(submission.head),
            submission_tail: word(submission.tail),
            submission_mask: mask(submission_entries)?,
            completions: rings.at(completion.entries as usize, completion_entries),
            completion_head: word(completion.head),
            completion_tail: word(completion.tail),
            completion_mask: mask(completion_entries)?,
            fd,
            _rings: rings,
            _entries: entries,
        };
        // A request and one that cancels it, for each place: more can't be on their way.
        if submission_entries < ENTRIES || completion_entries < 2 * ENTRIES {
            return Err(SystemError::new("io_uring_setup", libc::ENOMEM));
        }
        ring.register(file)?;
        Ok(ring)
    }

    /// Whether the file can be read without waiting: a read of nothing is tried.
    pub(super) fn probe(&mut self) -> Result<(), SystemError> {
        let mut byte = 0_u8;
        // SAFETY: nothing is read.
        unsafe { self.push(Transfer::Read, &raw mut byte, 0) };
        let result = self.finish()?.first().copied().unwrap_or(NOT_TAKEN);
        self.clear();
        if result == 0 { Ok(()) } else { Err(SystemError::new("io_uring read", -result)) }
    }

    /// Writes a request down, for `finish`.
    ///
    /// # Panics
    /// When there are [`ENTRIES`] of them.
    ///
    /// # Safety
    /// `length` bytes from `start` stay where they are until `finish` has returned. A read writes to
    /// them.
    pub(super) unsafe fn push(&mut self, transfer: Transfer, start: *mut u8, length: u32) {
        let opcode = match transfer {
            Transfer::Read => abi::OP_READ,
            Transfer::Write => abi::OP_WRITE,
        };
        // Without the flag an empty queue would keep the request until a frame comes.
        self.request(opcode, abi::RWF_NOWAIT, start, length);
    }

    /// A read that waits.
    ///
    /// # Safety
    /// As for `push`.
    #[cfg(test)]
    pub(super) unsafe fn push_waiting(&mut self, start: *mut u8, length: u32) {
        self.request(abi::OP_READ, 0, start, length);
    }

    fn request(&mut self, opcode: u8, operation_flags: u32, start: *mut u8, length: u32) {
        let number = self.results.len();
        assert!(number < ENTRIES, "more than the ring has room for");
        self.results.push(NOT_TAKEN);
        self.write(Submission {
            opcode,
            // The only one that is registered.
            flags: abi::FIXED_FILE,
            file: 0,
            address: start.expose_provenance() as u64,
            length,
            operation_flags,
            user_data: number as u64,
            ..Submission::default()
        });
    }

    /// Has the kernel do what was pushed, in that order, and returns what has come of each: a length, or
    /// a negative errno. EAGAIN also stands for what the kernel did not take. `clear` comes before the
    /// next `push`.
    ///
    /// Fails when it took nothing at all. Nothing is in flight after it, in any case.
    pub(super) fn finish(&mut self) -> Result<&[i32], SystemError> {
        let (taken, failure) = self.submit();
        self.results[..taken].fill(IN_FLIGHT);
        let mut in_flight = taken - self.reap();
        if in_flight > 0 {
            // Writes that failed complete when they are asked for.
            self.events(0);
            in_flight -= self.reap();
        }
        if in_flight > 0 {
            in_flight += self.cancel();
        }
        while in_flight > 0 {
            self.events(1);
            in_flight -= self.reap();
        }
        match failure {
            Some(errno) if taken == 0 => {
                self.results.clear();
                Err(SystemError::new(ENTER, errno))
            }
            _ => Ok(&self.results),
        }
    }

    /// Forgets what has come of the last requests.
    pub(super) fn clear(&mut self) {
        self.results.clear();
    }

    /// Gives the kernel what was pushed: how many it took, and why not all.
    fn submit(&mut self) -> (usize, Option<i32>) {
        let mut taken = 0;
        let mut failure = None;
        while self.pushed > 0 {
            // SAFETY: by the contract of `push`, as `finish` returns after everything has completed.
            match raw(|| unsafe { abi::enter(self.fd.as_raw_fd(), self.pushed, 0, 0) }) {
                Ok(count) if count > 0 => {
                    self.pushed -= count.cast_unsigned();
                    taken += count.cast_unsigned() as usize;
                }
                other => {
                    failure = Some(other.err().unwrap_or(libc::EAGAIN));
                    // What it did not take it shall not find the next time. It looks here in a call only.
                    let head = word(self.submission_head).load(Ordering::Acquire);
                    word(self.submission_tail).store(head, Ordering::Release);
                    self.pushed = 0;
                }
            }
        }
        (taken, failure)
    }

    /// Takes what has completed; returns how many there were.
    fn reap(&mut self) -> usize {
        let head = word(self.completion_head).load(Ordering::Relaxed);
        let tail = word(self.completion_tail).load(Ordering::Acquire);
        let count = tail.wrapping_sub(head);
        for number in 0..count {
            let place = head.wrapping_add(number) & self.completion_mask;
            // SAFETY: the mask keeps it inside, and the kernel has written it before it moved the tail.
            let completion = unsafe { self.completions.add(place as usize).read() };
            let index = usize::try_from(completion.user_data).unwrap_or(usize::MAX);
            if let Some(result) = self.results.get_mut(index) {
                *result = completion.result;
            }
        }
        word(self.completion_head).store(tail, Ordering::Release);
        count as usize
    }

    /// Asks for an end of what is in flight; returns for how many, each of which completes, too.
    fn cancel(&mut self) -> usize {
        for number in 0..self.results.len() {
            if self.results[number] == IN_FLIGHT {
                self.write(Submission {
                    opcode: abi::OP_ASYNC_CANCEL,
                    address: number as u64,
                    user_data: CANCELLATION,
                    ..Submission::default()
                });
            }
        }
        match self.submit() {
            (taken, None) => taken,
            // The kernel has memory of JavaScript's, and there is no way to get it back.
            (_, Some(_)) => abort(),
        }
    }

    /// Waits until so many have completed.
    fn events(&self, count: u32) {
        let fd = self.fd.as_raw_fd();
        // SAFETY: nothing is submitted.
        if raw(|| unsafe { abi::enter(fd, 0, count, abi::ENTER_GETEVENTS) }).is_err() {
            // As in `cancel`.
            abort();
        }
    }

    /// The kernel has memory of JavaScript's, and won't say when it is done with it.
    fn write(&mut self, submission: Submission) {
        let tail = word(self.submission_tail);
        let position = tail.load(Ordering::Relaxed);
        let place = position & self.submission_mask;
        // SAFETY: the mask keeps it inside. The kernel reads it in a call only, and all that was there
        // before has been taken: there are never more than ENTRIES.
        unsafe { self.submissions.add(place as usize).write(submission) };
        tail.store(position.wrapping_add(1), Ordering::Release);
        self.pushed += 1;
    }

    fn register(&self, file: BorrowedFd<'_>) -> Result<(), SystemError> {
        let file: c_int = file.as_raw_fd();
        let ring = self.fd.as_raw_fd();
        // SAFETY: the argument is one file descriptor, alive during the call.
        raw(|| unsafe { abi::register(ring, abi::REGISTER_FILES, &raw const file, 1) })
            .map_err(|errno| SystemError::new("io_uring_register", errno))?;
        Ok(())
    }
}

impl Drop for Ring {
    fn drop(&mut self) {
        // The kernel takes a ring apart in its own time; the file would be open for as long.
        // SAFETY: the operation takes no argument.
        unsafe { abi::register(self.fd.as_raw_fd(), abi::UNREGISTER_FILES, std::ptr::null(), 0) };
    }
}

/// `io_uring_setup` with the first of these sets of flags that the kernel knows.
fn setup(sets: &[u32]) -> Result<(OwnedFd, Parameters), SystemError> {
    let mut refusal = libc::EINVAL;
    for flags in sets.iter().copied() {
        let mut parameters = Parameters { flags, ..Parameters::default() };
        let entries = u32::try_from(ENTRIES).unwrap_or_default();
        // SAFETY: `parameters` lives during the call.
        match raw(|| unsafe { abi::setup(entries, &raw mut parameters) }) {
            // SAFETY: the kernel has just made this file descriptor, and nobody else knows it.
            Ok(fd) => return Ok((unsafe { OwnedFd::from_raw_fd(fd) }, parameters)),
            Err(libc::EINVAL) => {}
            Err(errno) => {
                refusal = errno;
                break;
            }
        }
    }
    Err(SystemError::new("io_uring_setup", refusal))
}

/// The mask of a ring with so many entries, a power of two.
fn mask(entries: usize) -> Result<u32, SystemError> {
    u32::try_from(entries)
        .ok()
        .filter(|entries| entries.is_power_of_two())
        .map(|entries| entries - 1)
        .ok_or_else(|| SystemError::new("io_uring_setup", libc::EINVAL))
}

/// A word that is shared with the kernel.
fn word<'ring>(place: *mut AtomicU32) -> &'ring AtomicU32 {
    // SAFETY: only addresses of words inside a mapping are given, by `open`, and the ring, whose methods
    // are the only callers, has the mapping.
    unsafe { &*place }
}
