//! rtap's own threads, for everything that may wait for the kernel.
//!
//! Work is posted to a [`Lane`]; the jobs of a lane run one at a time, in order, on any of at most
//! [`THREADS_MAX`] threads. Threads are made on demand and end after a second without work. Nothing
//! here uses libuv's pool, so that a slow kernel never holds up a file read or a DNS look-up.

use std::cell::Cell;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, Once, PoisonError};
use std::thread;
use std::time::Duration;

/// How many control threads a process has at most.
pub const THREADS_MAX: usize = 4;

/// How long a control thread waits for work before it ends.
pub const IDLE: Duration = Duration::from_secs(1);

/// The name of the control threads, as `/proc/self/task/*/comm` shows it.
pub const THREAD_NAME: &str = "rtap-control";

type Job = Box<dyn FnOnce() + Send>;

thread_local! {
    static MAY_WAIT: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread belongs to rtap and so may wait for the kernel.
#[must_use]
pub fn may_wait() -> bool {
    MAY_WAIT.get()
}

/// Prepares a thread that was started for rtap: it may wait, and signals are left to the others.
pub fn enter_thread() {
    MAY_WAIT.set(true);
    // SAFETY: an all-zero sigset_t is a valid argument of sigfillset, which initialises it.
    let mut all: libc::sigset_t = unsafe { std::mem::zeroed() };
    // SAFETY: both pointers are to `all`, which lives through both calls; the old mask is not asked for.
    unsafe {
        libc::sigfillset(&raw mut all);
        libc::pthread_sigmask(libc::SIG_BLOCK, &raw const all, std::ptr::null_mut());
    }
}

/// Keeps this module's code mapped for the rest of the process.
///
/// Node unloads an addon that only a worker used when that worker ends; a thread of ours may still
/// be running its code then.
pub(crate) fn pin_module() {
    static PINNED: Once = Once::new();
    PINNED.call_once(|| {
        // SAFETY: an all-zero Dl_info (four pointers) is valid, and dladdr fills it.
        let mut found: libc::Dl_info = unsafe { std::mem::zeroed() };
        let address = (pin_module as *const ()).cast();
        // SAFETY: `address` is a code address, `found` is writable. dlopen gets the path that dladdr
        // gave (NUL-terminated, owned by the linker) and only adds a reference to what is loaded.
        unsafe {
            if libc::dladdr(address, &raw mut found) != 0 && !found.dli_fname.is_null() {
                let flags = libc::RTLD_LAZY | libc::RTLD_NOLOAD | libc::RTLD_NODELETE;
                libc::dlopen(found.dli_fname, flags);
            }
        }
    });
}

/// A queue of jobs that run one at a time and in the order of their posting.
#[derive(Clone, Default)]
pub struct Lane {
    shared: Arc<Mutex<LaneState>>,
}

#[derive(Default)]
struct LaneState {
    jobs: VecDeque<Job>,
    /// Whether the pool knows of this lane: it waits there, or a thread runs one of its jobs.
    scheduled: bool,
}

struct Pool {
    state: Mutex<PoolState>,
    work: Condvar,
}

struct PoolState {
    lanes: VecDeque<Lane>,
    threads: usize,
    idle: usize,
}

static POOL: Pool = Pool {
    state: Mutex::new(PoolState { lanes: VecDeque::new(), threads: 0, idle: 0 }),
    work: Condvar::new(),
};

/// No code of ours panics while it holds one of these locks, so a poisoned one is whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Lane {
    /// A lane with nothing in it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Runs `job` on a control thread, after everything posted to this lane before.
    ///
    /// Where no thread at all can be made (the process is at its limit) the job runs here: late and
    /// in the way, but not never.
    pub fn post(&self, job: impl FnOnce() + Send + 'static) {
        {
            let mut state = lock(&self.shared);
            state.jobs.push_back(Box::new(job));
            if state.scheduled {
                return;
            }
            state.scheduled = true;
        }
        if !POOL.submit(self.clone()) {
            while self.step() {}
        }
    }

    /// Runs the next job; false when there is none left, and the lane is then unscheduled.
    fn step(&self) -> bool {
        let job = {
            let mut state = lock(&self.shared);
            let Some(job) = state.jobs.pop_front() else {
                state.scheduled = false;
                return false;
            };
            job
        };
        // A panic ends the job, not the thread: whoever waits for the job sees its sender dropped.
        let _ = catch_unwind(AssertUnwindSafe(job));
        true
    }
}

impl Pool {
    /// Takes a lane that has work; false when there is no thread and none can be made.
    fn submit(&'static self, lane: Lane) -> bool {
        let mut state = lock(&self.state);
        state.lanes.push_back(lane);
        if state.idle >= state.lanes.len() {
            self.work.notify_one();
            return true;
        }
        if state.threads == THREADS_MAX {
            return true;
        }
        pin_module();
        let builder = thread::Builder::new().name(THREAD_NAME.to_owned());
        if builder.spawn(move || self.serve()).is_ok() {
            state.threads += 1;
            return true;
        }
        if state.threads > 0 {
            return true;
        }
        state.lanes.pop_back();
        false
    }

    fn serve(&self) {
        enter_thread();
        while let Some(lane) = self.next() {
            if lane.step() {
                // One job a turn, so that a busy lane does not starve the others.
                lock(&self.state).lanes.push_back(lane);
            }
        }
    }

    /// The next lane with work, or nothing when this thread was idle for [`IDLE`] and has to end.
    fn next(&self) -> Option<Lane> {
        let mut state = lock(&self.state);
        loop {
            if let Some(lane) = state.lanes.pop_front() {
                return Some(lane);
            }
            state.idle += 1;
            let (guard, timeout) =
                self.work.wait_timeout(state, IDLE).unwrap_or_else(PoisonError::into_inner);
            state = guard;
            state.idle -= 1;
            if timeout.timed_out() && state.lanes.is_empty() {
                state.threads -= 1;
                return None;
            }
        }
    }
}

/// Drops `value` where waiting is allowed: here, on a thread of ours, or else on a control thread.
pub fn dispose<T: Send + 'static>(value: T) {
    if may_wait() {
        drop(value);
    } else {
        Lane::new().post(move || drop(value));
    }
}
