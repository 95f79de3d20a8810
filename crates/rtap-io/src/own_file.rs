//! Files that are rtap's own, by their numbers.
//!
//! Who gives a file by its number may give it twice. It would be closed twice then, the second time perhaps
//! as somebody else's, who has got the number meanwhile: so what is ours is not taken again.

use std::collections::BTreeSet;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::sync::{Mutex, MutexGuard, PoisonError};

use libc::{c_int, c_long};

use crate::error::SystemError;
use crate::syscall::raw;

/// linux/fcntl.h; libc lacks it.
const F_DUPFD_QUERY: c_int = 1027;
/// linux/kcmp.h; libc lacks it.
const KCMP_FILE: c_long = 0;

static NUMBERS: Mutex<BTreeSet<RawFd>> = Mutex::new(BTreeSet::new());

/// A file that nobody can give us by its number.
#[derive(Debug)]
pub(crate) struct OwnFile(OwnedFd);

impl From<OwnedFd> for OwnFile {
    fn from(fd: OwnedFd) -> Self {
        lock(&NUMBERS).insert(fd.as_raw_fd());
        Self(fd)
    }
}

impl AsFd for OwnFile {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

impl Drop for OwnFile {
    fn drop(&mut self) {
        // It is closed after this, so the number can't be another file's yet.
        lock(&NUMBERS).remove(&self.0.as_raw_fd());
    }
}

/// What is said of a number that is no file's.
pub(crate) const NOT_OPEN: &str = "there is no open file of this number";

/// Whether there is an open file of this number.
pub(crate) fn is_open(number: RawFd) -> bool {
    // SAFETY: fcntl takes any number, and no memory.
    raw(|| unsafe { libc::fcntl(number, libc::F_GETFD) }).is_ok()
}

/// Files that were given by their numbers, on their way to become ours: nobody else can give them meanwhile.
/// Dropped before, it leaves them to whom they belong.
#[derive(Debug)]
pub(crate) struct Claim(Vec<RawFd>);

impl Claim {
    /// All of them or none; EBADF when one isn't open, EBUSY when it is ours already, or becomes so. Each stands
    /// there once.
    pub(crate) fn new(numbers: Vec<RawFd>) -> Result<Self, SystemError> {
        let name = "fcntl F_GETFD";
        let mut ours = lock(&NUMBERS);
        for number in &numbers {
            if !is_open(*number) {
                return Err(SystemError::new(name, libc::EBADF).with_hint(NOT_OPEN));
            }
            if ours.contains(number) {
                return Err(SystemError::new(name, libc::EBUSY).with_hint(
                    "the file belongs to a device or a connection of this process already",
                ));
            }
        }
        ours.extend(&numbers);
        Ok(Self(numbers))
    }

    /// The files, to be looked at.
    pub(crate) fn files(&self) -> Vec<BorrowedFd<'_>> {
        // SAFETY: they are open, and who gives the numbers keeps them so until they are taken.
        self.0.iter().map(|number| unsafe { BorrowedFd::borrow_raw(*number) }).collect()
    }

    /// They are ours from here on.
    pub(crate) fn take(mut self) -> Vec<OwnFile> {
        let numbers = std::mem::take(&mut self.0);
        // SAFETY: each is open and there once, and whoever gave it has given it away; nobody else can take it.
        let own = |number| OwnFile(unsafe { OwnedFd::from_raw_fd(number) });
        numbers.into_iter().map(own).collect()
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let mut ours = lock(&NUMBERS);
        for number in &self.0 {
            ours.remove(number);
        }
    }
}

/// Whether two numbers are of one open file, as `dup` makes them; false where the kernel doesn't say.
pub(crate) fn is_same(one: BorrowedFd<'_>, other: BorrowedFd<'_>) -> bool {
    let (one, other) = (one.as_raw_fd(), other.as_raw_fd());
    // SAFETY: fcntl with integers.
    if let Ok(answer) = raw(|| unsafe { libc::fcntl(one, F_DUPFD_QUERY, other) }) {
        return answer == 1;
    }
    // Before Linux 6.10. A container may forbid this question, which is about any processes.
    let own = c_long::from(std::process::id().cast_signed());
    let (one, other) = (c_long::from(one), c_long::from(other));
    // SAFETY: kcmp takes integers, each as wide as a register.
    unsafe { libc::syscall(libc::SYS_kcmp, own, own, KCMP_FILE, one, other) == 0 }
}

/// Sets what each file of ours has: `O_NONBLOCK`, `FD_CLOEXEC`. It can't fail on a file that is open.
pub(crate) fn prepare(fd: BorrowedFd<'_>) {
    let number = fd.as_raw_fd();
    // SAFETY: fcntl of an open file with integers.
    unsafe {
        libc::fcntl(number, libc::F_SETFD, libc::FD_CLOEXEC);
        let flags = libc::fcntl(number, libc::F_GETFL);
        libc::fcntl(number, libc::F_SETFL, flags | libc::O_NONBLOCK);
    }
}

/// No code of ours panics while it holds one of these, so a poisoned one is whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::os::fd::IntoRawFd;

    use super::*;

    #[test]
    fn one_open_file_by_two_numbers_is_told_from_two() {
        let file = File::open("/dev/null").expect("a file");
        let (copy, another) = (file.try_clone(), File::open("/dev/null"));
        let (copy, another) = (copy.expect("a copy"), another.expect("a file"));
        assert!(is_same(file.as_fd(), copy.as_fd()));
        assert!(!is_same(file.as_fd(), another.as_fd()));
    }

    #[test]
    fn what_is_ours_is_not_given_again_while_it_is_open() {
        let number = File::open("/dev/null").expect("a file").into_raw_fd();
        let claim = || Claim::new(vec![number]);
        let refused = || claim().err().map(|error| error.errno());
        let first = claim().expect("nobody's");
        assert_eq!(refused(), Some(libc::EBUSY), "while another one takes it");
        drop(first);
        let own = claim().expect("left to whom it belongs").take();
        assert_eq!(refused(), Some(libc::EBUSY), "ours");
        let copy = own[0].as_fd().try_clone_to_owned().expect("a copy");
        assert!(Claim::new(vec![copy.as_raw_fd()]).is_ok(), "a number of its own");
        drop(own);
        assert_ne!(refused(), Some(libc::EBUSY));
    }

    #[test]
    fn all_are_claimed_or_none() {
        let file = File::open("/dev/null").expect("a file");
        let number = file.as_raw_fd();
        let closed = Claim::new(vec![number, RawFd::MAX]);
        assert_eq!(closed.err().map(|error| error.errno()), Some(libc::EBADF));
        assert!(Claim::new(vec![number]).is_ok());
    }
}
