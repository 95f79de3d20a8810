//! A helper process that shares this one's memory and files, but not its namespaces.
//!
//! The kernel lets a process of several threads neither make nor join a user namespace, so somebody
//! else has to. This one is made as `vfork` makes one: the calling thread stands still until it ends,
//! nothing of the heap is copied, and the files that it opens are this process's at once.

use std::os::raw::c_void;

use libc::c_int;

use crate::error::SystemError;
use crate::syscall::{raw, retry};

/// Its stack, in pieces that are aligned as the kernel wants it: 64 KiB.
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
