//! Files that are rtap's own, by their numbers.
//!
//! Who gives a file by its number may give it twice. It would be closed twice then, the second time perhaps
//! as somebody else's, who has got the number meanwhile: so what is ours is not taken again.

use std::collections::BTreeSet;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::sync::{Mutex, MutexGuard, PoisonError};

use libc::{c_int, c_long};

use crate::error::SystemError;
use crate::syscall::raw;

/// linux/fcntl.h; libc lacks it.
const F_DUPFD_QUERY: c_int = 1027;
/// linux/kcmp.h; libc lacks it.
const KCMP_FILE: c_long = 0;

static NUMBERS: Mutex<BTreeSet<RawFd>> = Mutex::new(BTreeSet::new());
static TAKING: Mutex<()> = Mutex::new(());

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

/// Keeps others from taking files by their numbers: from before [`borrow`] until they are [`OwnFile`]s.
pub(crate) fn taking() -> MutexGuard<'static, ()> {
    lock(&TAKING)
}

/// What is said of a number that is no file's.
pub(crate) const NOT_OPEN: &str = "there is no open file of this number";

/// Whether there is an open file of this number.
pub(crate) fn is_open(number: RawFd) -> bool {
    // SAFETY: fcntl takes any number, and no memory.
    raw(|| unsafe { libc::fcntl(number, libc::F_GETFD) }).is_ok()
}

/// An open file by its number; EBADF when there is none, EBUSY when it is ours already.
pub(crate) fn borrow<'file>(number: RawFd) -> Result<BorrowedFd<'file>, SystemError> {
    let name = "fcntl F_GETFD";
    if !is_open(number) {
        return Err(SystemError::new(name, libc::EBADF).with_hint(NOT_OPEN));
    }
    if lock(&NUMBERS).contains(&number) {
        return Err(SystemError::new(name, libc::EBUSY)
            .with_hint("the file belongs to a device or a connection of this process already"));
    }
    // SAFETY: it is open, and who gives the number keeps it so until it is taken.
    Ok(unsafe { BorrowedFd::borrow_raw(number) })
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
        let file = OwnedFd::from(File::open("/dev/null").expect("a file"));
        let number = file.as_raw_fd();
        assert!(borrow(number).is_ok());
        let own = OwnFile::from(file);
        assert_eq!(borrow(number).expect_err("ours").code(), "EBUSY");
        let copy = own.as_fd().try_clone_to_owned().expect("a copy");
        assert!(borrow(copy.as_raw_fd()).is_ok(), "a number of its own");
        drop(own);
        assert_ne!(borrow(number).map_err(|error| error.errno()).err(), Some(libc::EBUSY));
    }
}
