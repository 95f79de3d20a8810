//! A helper process that shares this one's memory and files, but not its namespaces.
//!
//! The kernel lets a process of several threads neither make nor join a user namespace, so somebody
//! else has to. This one is made as `vfork` makes one: the calling thread stands still until it ends,
//! nothing of the heap is copied, and the files that it opens are this process's at once.

use std::os::raw::c_void;

use libc::c_int;

use crate::error::SystemError;
use crate::syscall::{raw, retry};

/// Its stack, in pieces that are aligned as the kernel wants it: 64 KiB, of which the tasks use 2.
const STACK: usize = 4096;

struct Call<F, T> {
    task: Option<F>,
    result: Option<Result<T, SystemError>>,
}

/// Runs `task` in a process that has new namespaces as `namespaces` says (`CLONE_NEW*`), and returns
/// what it returns.
///
/// The task may only make async-signal-safe calls, allocate nothing and not panic: another thread may
/// hold any lock. Killed with this process or a little later, it ends by itself: it waits for nothing.
pub(crate) fn run<T, F>(namespaces: c_int, task: F) -> Result<T, SystemError>
where
    F: FnOnce() -> Result<T, SystemError>,
{
    let mut call = Call { task: Some(task), result: None };
    let mut stack = vec![0_u128; STACK];
    // No signal for its end: it is nobody's child but ours, whatever SIGCHLD does here.
    let flags = namespaces | libc::CLONE_VM | libc::CLONE_VFORK | libc::CLONE_FILES;
    let pid = without_signals(|| {
        let top = stack.as_mut_ptr_range().end.cast::<c_void>();
        // SAFETY: `stack` and `call` outlive the process, because CLONE_VFORK holds this thread up until
        // it has ended; `main` is for a call of just these types.
        retry("clone", || unsafe { libc::clone(main::<T, F>, top, flags, (&raw mut call).cast()) })
    })?;
    debug_assert!(
        stack[..STACK / 2].iter().all(|word| *word == 0),
        "a helper process has used more than half of its stack, which has no guard page"
    );
    // SAFETY: waitpid takes no memory here. The process has ended; this takes its number from the table.
    let _ = raw(|| unsafe { libc::waitpid(pid, std::ptr::null_mut(), libc::__WALL) });
    call.result.unwrap_or_else(|| {
        Err(SystemError::new("clone", libc::ECHILD)
            .with_hint("a helper process of rtap was killed: try it again"))
    })
}

extern "C" fn main<T, F>(argument: *mut c_void) -> c_int
where
    F: FnOnce() -> Result<T, SystemError>,
{
    // SAFETY: `run` gives a call of these types, and stands still meanwhile.
    let call = unsafe { &mut *argument.cast::<Call<F, T>>() };
    if let Some(task) = call.task.take() {
        call.result = Some(task());
    }
    0
}

/// Runs `action` with all signals blocked: the new process has our handlers, which are not for it.
fn without_signals<T>(action: impl FnOnce() -> T) -> T {
    // SAFETY: an all-zero sigset_t is a valid argument of sigfillset, and of pthread_sigmask to write to.
    let (mut all, mut before): (libc::sigset_t, libc::sigset_t) = unsafe { std::mem::zeroed() };
    // SAFETY: the pointers are to `all` and `before`, which live through the calls.
    unsafe {
        libc::sigfillset(&raw mut all);
        libc::pthread_sigmask(libc::SIG_BLOCK, &raw const all, &raw mut before);
    }
    let result = action();
    // SAFETY: `before` is the mask that the call above has written.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const before, std::ptr::null_mut()) };
    result
}

#[cfg(test)]
mod tests {
    use std::alloc::{GlobalAlloc, Layout, System};
    use std::ffi::CStr;
    use std::fs::File;
    use std::os::fd::AsFd;
    use std::process;
    use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
    use std::sync::{Mutex, PoisonError};

    use super::*;
    use crate::file_request::FileRequest;
    use crate::namespace::{Namespace, rootless};

    /// The system's allocator, which counts what helper processes ask of it: they write to this memory, too.
    struct Counting;

    static WATCHING: AtomicBool = AtomicBool::new(false);
    static OWN: AtomicU32 = AtomicU32::new(0);
    static ASKED: AtomicUsize = AtomicUsize::new(0);
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

    fn count() {
        if WATCHING.load(Ordering::Relaxed) && process::id() != OWN.load(Ordering::Relaxed) {
            ASKED.fetch_add(1, Ordering::Relaxed);
        }
    }

    // SAFETY: the system's allocator does all of it; what is counted doesn't allocate.
    unsafe impl GlobalAlloc for Counting {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            count();
            // SAFETY: by the caller's contract.
            unsafe { System.alloc(layout) }
        }

        unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
            count();
            // SAFETY: by the caller's contract.
            unsafe { System.dealloc(pointer, layout) }
        }
    }

    #[global_allocator]
    static ALLOCATOR: Counting = Counting;

    /// What `action` results in, and how often a helper process has asked the allocator for something meanwhile.
    fn watched<T>(
        action: impl FnOnce() -> Result<T, SystemError>,
    ) -> (Result<T, SystemError>, usize) {
        let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        OWN.store(process::id(), Ordering::Relaxed);
        ASKED.store(0, Ordering::Relaxed);
        WATCHING.store(true, Ordering::Relaxed);
        let result = action();
        WATCHING.store(false, Ordering::Relaxed);
        (result, ASKED.load(Ordering::Relaxed))
    }

    /// The code of what `task` fails with in a helper process, and how often it has asked.
    fn failure<T>(task: impl FnOnce() -> Result<T, SystemError>) -> (Option<&'static str>, usize) {
        let (result, asked) = watched(|| run(0, task));
        (result.err().map(|error| error.code()), asked)
    }

    /// Leaves the calling process without a number for another file.
    fn take_all_files() -> Result<(), SystemError> {
        let none = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        // SAFETY: `none` lives through the call. The limit is the helper process's own.
        retry("setrlimit", || unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &raw const none) })?;
        Ok(())
    }

    fn enter_root(path: &CStr) -> Result<(), SystemError> {
        // SAFETY: `path` is a C string that is alive during the call. The root is the helper process's own.
        retry("chroot", || unsafe { libc::chroot(path.as_ptr()) })?;
        Ok(())
    }

    fn socket(family: c_int) -> FileRequest {
        FileRequest::Socket { family, kind: libc::SOCK_RAW, protocol: 0 }
    }

    /// Another thread may hold the allocator's lock for as long as this one stands still: for ever.
    #[test]
    fn a_task_does_not_touch_the_heap_when_it_fails() {
        let null = File::open("/dev/null").expect("a file");
        for request in [FileRequest::Tun, socket(libc::AF_NETLINK)] {
            let full = failure(|| {
                take_all_files()?;
                request.open()
            });
            assert_eq!(full, (Some("EMFILE"), 0));
        }
        assert_eq!(failure(|| socket(-1).open()), (Some("EAFNOSUPPORT"), 0));
        assert_eq!(failure(|| rootless::join(null.as_fd(), null.as_fd())), (Some("EINVAL"), 0));
        // With a hint; as root of a user namespace, where there may be one.
        let (hinted, asked) = watched(|| {
            run(libc::CLONE_NEWUSER, || {
                enter_root(c"/proc")?;
                FileRequest::Tun.open()
            })
        });
        let error = hinted.expect_err("no such file, or no such right");
        assert!(error.syscall() != "open /dev/net/tun" || error.hint().is_some(), "{error}");
        assert_eq!(asked, 0);
    }

    #[test]
    fn a_task_does_not_touch_the_heap_when_it_succeeds() {
        let (opened, asked) = watched(|| run(0, || socket(libc::AF_NETLINK).open()));
        assert!(opened.is_ok());
        assert_eq!(asked, 0);
        // Where there may be no such namespace this is another failure.
        assert_eq!(watched(Namespace::create_rootless).1, 0);
    }

    #[test]
    fn the_heap_of_a_task_is_watched() {
        let asked = failure(|| {
            drop(std::hint::black_box(Box::new(1)));
            Err::<(), _>(SystemError::new("nothing", libc::EIO))
        });
        assert_eq!(asked, (Some("EIO"), 2));
    }
}
