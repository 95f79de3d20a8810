//! Splices: two devices connected by threads that pass on what comes from each to the other.
//!
//! Frames go as they come, super-frames and unfinished checksums with the virtio-net header that says so.

mod counts;
mod forwarder;
mod sampling;

use std::os::fd::{AsFd, AsRawFd};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, JoinHandle};

use crate::control;
use crate::device_file::DeviceFile;
use crate::error::SystemError;
use crate::event_fd::EventFd;
use crate::region::Region;

use counts::Counts;
use forwarder::{Flow, forward};
use sampling::Sampler;
pub use sampling::{Samples, Sampling};

/// The name of the threads, as `/proc/self/task/*/comm` shows it.
pub const THREAD_NAME: &str = "rtap-splice";

/// How often a thread that has ended is looked for before it is believed to be gone.
const LOOKS: u32 = 10_000;

/// How a splice works.
#[derive(Clone, Copy, Debug)]
pub struct SpliceOptions {
    /// Whether each direction has a thread of its own.
    pub two_threads: bool,
    /// Which frames are shown, if any.
    pub sampling: Option<Sampling>,
}

/// One of the two devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The first.
    A,
    /// The second.
    B,
}

impl Side {
    fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }
}

/// What a splice ended by that nobody had asked to end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Whose device it was, if one's.
    pub side: Option<Side>,
    /// EBADFD: the interface is gone.
    pub error: SystemError,
}

/// Two devices with threads between them, until it is stopped or dropped, or one of the devices goes.
#[derive(Debug)]
pub struct Splice {
    state: Arc<State>,
    /// Until the threads are gone.
    events: Mutex<Option<Arc<Events>>>,
    threads: Mutex<Vec<JoinHandle<libc::pid_t>>>,
}

/// What is known of a splice, also after its end.
#[derive(Debug)]
struct State {
    /// Whether a sample needs no waking: it was woken, or has not found it empty yet.
    awake: AtomicBool,
    running: AtomicUsize,
    failure: OnceLock<Failure>,
    counts: Counts,
}

/// What the threads are told by, and tell.
#[derive(Debug)]
struct Events {
    /// Ends each wait of the threads, once told for ever.
    stop: EventFd,
    /// The same for a thread that has no need to wait.
    stopping: AtomicBool,
    /// Wakes who has the splice: there are samples, or it has ended.
    wake: Arc<EventFd>,
}

impl Events {
    fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
        self.stop.set();
    }
}

/// What a thread works with.
#[derive(Clone, Debug)]
struct Context {
    state: Arc<State>,
    events: Arc<Events>,
}

impl Splice {
    /// Connects the queues of two devices: queue i of each with queue i of the other, or i modulo their number
    /// where the other has fewer.
    ///
    /// The files are held open until the threads have ended.
    pub fn start(
        a: &[Arc<DeviceFile>],
        b: &[Arc<DeviceFile>],
        options: SpliceOptions,
    ) -> Result<(Self, Samples), SystemError> {
        let to_b = flows(a, b, Side::A);
        let to_a = flows(b, a, Side::B);
        let work = if options.two_threads { vec![to_b, to_a] } else { vec![[to_b, to_a].concat()] };
        let events = Arc::new(Events {
            stop: EventFd::new()?,
            stopping: AtomicBool::new(false),
            wake: Arc::new(EventFd::new()?),
        });
        let state = Arc::new(State {
            awake: AtomicBool::new(true),
            running: AtomicUsize::new(work.len()),
            failure: OnceLock::new(),
            counts: Counts::new(a.len(), b.len()),
        });
        let splice = Self {
            state: Arc::clone(&state),
            events: Mutex::new(Some(Arc::clone(&events))),
            threads: Mutex::new(Vec::new()),
        };
        let limit = options.sampling.map_or(0, |sampling| sampling.limit);
        let (sender, receiver) = sync_channel(limit);
        let context = Context { state: Arc::clone(&state), events };
        control::pin_module();
        for flows in work {
            let samplers = [Side::A, Side::B].map(|side| {
                options.sampling.map(|sampling| Sampler::new(sampling, side, sender.clone()))
            });
            splice.spawn(context.clone(), flows, samplers)?;
        }
        Ok((splice, Samples::new(receiver, state)))
    }

    /// Dropped half-made, the splice ends what it has.
    fn spawn(
        &self,
        context: Context,
        flows: Vec<Flow>,
        samplers: [Option<Sampler>; 2],
    ) -> Result<(), SystemError> {
        let run = move || {
            control::enter_thread();
            let work = || forward(&context, flows, samplers);
            let failure = match catch_unwind(AssertUnwindSafe(work)) {
                Ok(outcome) => outcome.err(),
                Err(_) => Some(Failure { side: None, error: SystemError::panicked() }),
            };
            // The files were let go of in there, where closing may take its time.
            let Context { state, events } = context;
            if let Some(failure) = failure {
                // The first one counts.
                let _ = state.failure.set(failure);
            }
            // One direction alone is no splice.
            events.stop();
            if state.running.fetch_sub(1, Ordering::AcqRel) == 1 {
                events.wake.set();
            }
            // SAFETY: gettid takes nothing and can't fail.
            unsafe { libc::gettid() }
        };
        let thread = thread::Builder::new()
            .name(THREAD_NAME.to_owned())
            .spawn(run)
            .map_err(|error| SystemError::from_io("clone", &error))?;
        lock(&self.threads).push(thread);
        Ok(())
    }

    /// Asks the threads to end, from any thread, any number of times; they do within a burst.
    pub fn stop(&self) {
        if let Some(events) = &*lock(&self.events) {
            events.stop();
        }
    }

    /// What the threads ended by, if nobody had asked them to.
    #[must_use]
    pub fn failure(&self) -> Option<&Failure> {
        self.state.failure.get()
    }

    /// Waits until the threads are gone, and have let go of all files; [`Splice::failure`]. For threads that may wait.
    pub fn join(&self) -> Option<&Failure> {
        let threads = std::mem::take(&mut *lock(&self.threads));
        for thread in threads {
            if let Ok(thread) = thread.join() {
                await_end(thread);
            }
        }
        lock(&self.events).take();
        self.failure()
    }

    /// What is told when there are samples after [`Samples::take`] found none, and when all threads are done; nothing
    /// after [`Splice::join`].
    #[must_use]
    pub fn wake(&self) -> Option<Arc<EventFd>> {
        lock(&self.events).as_ref().map(|events| Arc::clone(&events.wake))
    }

    /// Answers what was told; whether all threads are done with the devices.
    #[must_use]
    pub fn woken(&self) -> bool {
        if let Some(events) = &*lock(&self.events) {
            events.wake.clear();
        }
        self.state.running.load(Ordering::Acquire) == 0
    }

    /// How many words [`Splice::copy_counters`] copies.
    #[must_use]
    pub fn words(&self) -> usize {
        self.state.counts.words()
    }

    /// Copies what was counted, at any moment: the words of each queue of a, then of each of b, by
    /// [`crate::counter`]; then for the direction from a, and for that from b, how many frames were dropped, how many
    /// were shown, and how many that were to be shown found no room.
    pub fn copy_counters(&self, words: Region<'_, u64>) {
        self.state.counts.copy(words);
    }
}

impl Drop for Splice {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Held for moments only: a JavaScript thread takes these locks, too.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn flows(from: &[Arc<DeviceFile>], to: &[Arc<DeviceFile>], side: Side) -> Vec<Flow> {
    let others = to.iter().enumerate().cycle();
    let pairs = from.iter().enumerate().zip(others);
    pairs
        .map(|((from_queue, from), (to_queue, to))| Flow {
            side,
            from: Arc::clone(from),
            to: Arc::clone(to),
            from_queue,
            to_queue,
            super_frames: false,
        })
        .collect()
}

/// Waits for the kernel's part of a thread's end, which comes a moment after the C library's.
fn await_end(thread: libc::pid_t) {
    for _ in 0..LOOKS {
        // SAFETY: tgkill takes integers; signal 0 is only asked for and never sent.
        let found = unsafe { libc::syscall(libc::SYS_tgkill, libc::getpid(), thread, 0) };
        if found != 0 {
            return;
        }
        thread::yield_now();
    }
}

/// The file to wait for.
fn readable(file: &impl AsFd) -> libc::pollfd {
    libc::pollfd { fd: file.as_fd().as_raw_fd(), events: libc::POLLIN, revents: 0 }
}

#[cfg(test)]
mod tests {
    use std::os::fd::OwnedFd;
    use std::os::unix::net::UnixDatagram;
    use std::time::Duration;

    use super::*;
    use crate::counter;
    use crate::queue::HEADER;

    /// A device, and the kernel's side of it: datagrams keep the boundaries of frames as a TAP does.
    fn device() -> (Arc<DeviceFile>, UnixDatagram) {
        let (device, kernel) = UnixDatagram::pair().expect("a socket pair");
        device.set_nonblocking(true).expect("non-blocking");
        kernel.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
        (Arc::new(DeviceFile::from(OwnedFd::from(device))), kernel)
    }

    fn frame(fill: u8, length: usize) -> Vec<u8> {
        [&[0; HEADER], vec![fill; length].as_slice()].concat()
    }

    fn receive(kernel: &UnixDatagram) -> Vec<u8> {
        let mut bytes = vec![0; 65_600];
        let length = kernel.recv(&mut bytes).expect("a frame");
        bytes.truncate(length);
        bytes
    }

    fn words(splice: &Splice) -> Vec<u64> {
        let mut words = vec![0; splice.words()];
        splice.copy_counters(Region::from(&mut words[..]));
        words
    }

    /// Waits for what a thread is about to do.
    fn until(condition: impl Fn() -> bool) {
        while !condition() {
            thread::yield_now();
        }
    }

    const OPTIONS: SpliceOptions = SpliceOptions { two_threads: false, sampling: None };

    #[test]
    fn passes_frames_with_their_headers_both_ways_and_lets_go_of_the_files() {
        for two_threads in [false, true] {
            let ((a, in_a), (b, in_b)) = (device(), device());
            let (a, b) = ([a], [b]);
            let options = SpliceOptions { two_threads, ..OPTIONS };
            let (splice, _samples) = Splice::start(&a, &b, options).expect("threads");
            let mut sent = frame(2, 60);
            sent[..HEADER].copy_from_slice(&[1, 0, 0, 0, 0, 0, 34, 0, 16, 0]);
            in_a.send(&sent).expect("send");
            assert_eq!(receive(&in_b), sent);
            // More than a burst, and more than the slab holds.
            for fill in 0..100 {
                let large = frame(fill, 30_000);
                in_b.send(&large).expect("send");
                assert_eq!(receive(&in_a), large);
            }
            splice.stop();
            assert_eq!(splice.join(), None);
            assert!(splice.woken() && splice.wake().is_none());
            assert_eq!([Arc::strong_count(&a[0]), Arc::strong_count(&b[0])], [1, 1]);
            let words = words(&splice);
            assert_eq!(words[counter::RX_PACKETS], 1);
            assert_eq!(words[counter::TX_PACKETS], 100);
            assert_eq!(words[counter::COUNT + counter::RX_BYTES], 3_000_000);
            assert_eq!(words[counter::COUNT + counter::TX_CHECKSUM_OFFLOAD], 1);
        }
    }

    #[test]
    fn gives_the_frames_of_queues_that_the_other_lacks_to_what_it_has() {
        let devices: Vec<_> = (0..3).map(|_| device()).collect();
        let files: Vec<_> = devices.iter().map(|(file, _)| Arc::clone(file)).collect();
        let (b, in_b) = device();
        let _splice = Splice::start(&files, &[b], OPTIONS).expect("threads");
        for (fill, (_, kernel)) in (0..).zip(&devices) {
            kernel.send(&frame(fill, 60)).expect("send");
            assert_eq!(receive(&in_b), frame(fill, 60));
        }
        in_b.send(&frame(9, 60)).expect("send");
        assert_eq!(receive(&devices[0].1), frame(9, 60));
    }

    #[test]
    fn drops_and_counts_what_finds_no_room() {
        let ((a, in_a), (b, in_b)) = (device(), device());
        let (splice, _samples) = Splice::start(&[a], &[b], OPTIONS).expect("threads");
        // A socket holds so many datagrams and no more.
        let count = 2000;
        for _ in 0..count {
            in_a.send(&frame(2, 60)).expect("send");
        }
        let of_b = counter::COUNT + counter::TX_PACKETS;
        until(|| words(&splice)[of_b] + words(&splice)[2 * counter::COUNT] == count);
        splice.stop();
        splice.join();
        let words = words(&splice);
        assert!(words[2 * counter::COUNT] > 0, "nothing was dropped");
        for _ in 0..words[of_b] {
            receive(&in_b);
        }
        in_b.set_nonblocking(true).expect("non-blocking");
        assert!(in_b.recv(&mut [0; 100]).is_err(), "more came than was counted");
    }

    #[test]
    fn ends_by_what_it_meets_on_either_side() {
        for two_threads in [false, true] {
            let ((a, in_a), (b, in_b)) = (device(), device());
            let options = SpliceOptions { two_threads, ..OPTIONS };
            let (splice, _samples) = Splice::start(&[a], &[b], options).expect("threads");
            // Nobody is there to write to.
            drop(in_b);
            in_a.send(&frame(2, 60)).expect("send");
            let failure = splice.join().expect("a failure");
            assert_eq!((failure.side, failure.error.code()), (Some(Side::B), "ECONNREFUSED"));
        }
    }

    #[test]
    fn shows_every_so_many_frames_and_wakes_who_found_none() {
        let ((a, in_a), (b, in_b)) = (device(), device());
        let sampling = Sampling { every: 3, snap_length: 20, limit: 2 };
        let options = SpliceOptions { sampling: Some(sampling), ..OPTIONS };
        let (splice, samples) = Splice::start(&[a], &[b], options).expect("threads");
        let mut bytes = [0; 100];
        let mut details = [0; Samples::DETAILS];
        let mut take = || {
            let memory = (Region::from(&mut bytes[..]), Region::from(&mut details[..]));
            let length = samples.take(memory.0, memory.1);
            (bytes[..length].to_vec(), details)
        };
        assert_eq!(take().0, []);
        let pass = |fill| {
            in_a.send(&frame(fill, 60)).expect("send");
            receive(&in_b);
        };
        (0..10).for_each(pass);
        let mut wake = readable(&*splice.wake().expect("running"));
        // SAFETY: `wake` is one pollfd, alive during the call.
        assert_eq!(unsafe { libc::poll(&raw mut wake, 1, 20_000) }, 1, "nobody was woken");
        assert!(!splice.woken());
        for fill in [0, 3] {
            let (bytes, [side, queue, length, timestamp]) = take();
            assert_eq!(bytes, frame(fill, 20));
            assert_eq!((side, queue, length), (0, 0, 60));
            assert!(timestamp > 1_700_000_000_000_000_000);
        }
        assert_eq!(take().0, []);
        // Frames 6 and 9 found no room.
        assert_eq!(words(&splice)[2 * counter::COUNT..][..3], [0, 2, 2]);
        (10..13).for_each(pass);
        splice.stop();
        splice.join();
        assert_eq!(take().0, frame(12, 20), "what is left at the end");
    }
}
