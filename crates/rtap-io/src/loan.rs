//! Queues that one JavaScript thread hands to another.
//!
//! The file stays the device's, and a [`Loan`] stands between it and the thread that has received it:
//! whoever lends can end that thread's use of the file without its help, however busy it is.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use libc::c_int;

use crate::control::Lane;
use crate::device_file::DeviceFile;
use crate::error::SystemError;
use crate::event_fd::EventFd;
use crate::syscall::{raw, retry};

/// What waits to be received, by its ticket.
static WAITING: Mutex<BTreeMap<u64, Arc<Loan>>> = Mutex::new(BTreeMap::new());

/// The use of a queue's file by another thread.
#[derive(Debug)]
pub struct Loan {
    index: u32,
    interface: String,
    /// Whether a burst may begin. Looked at before the lock is taken, so that a thread that does
    /// nothing but bursts doesn't keep out whoever waits for the end of one.
    open: AtomicBool,
    /// Locked while a burst runs.
    held: Mutex<Held>,
    /// What the other thread listens to; locked for moments only.
    listening: Mutex<Option<Arc<Wakeup>>>,
}

#[derive(Debug)]
struct Held {
    /// Nothing when the loan has ended, or was given up.
    file: Option<Arc<DeviceFile>>,
    wakeup: Option<Arc<Wakeup>>,
}

/// An epoll instance that has the queue's file in it while frames are waited for.
///
/// An event loop holds this open and not the file: the file can be closed while the loop's thread does
/// something else.
#[derive(Debug)]
pub struct Wakeup {
    epoll: OwnedFd,
    /// Set when something is told: whoever lends says so, or the loan ends.
    news: EventFd,
    /// Whether it was, so that a wake-up for frames need not ask the kernel.
    told: AtomicBool,
}

impl AsFd for Wakeup {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.epoll.as_fd()
    }
}

impl Wakeup {
    fn open() -> Result<Self, SystemError> {
        let name = "epoll_create1";
        // SAFETY: takes flags only.
        let fd = retry(name, || unsafe { libc::epoll_create1(libc::EPOLL_CLOEXEC) })?;
        // SAFETY: the kernel has just made this file descriptor, and nobody else knows it.
        let epoll = unsafe { OwnedFd::from_raw_fd(fd) };
        let wakeup = Self { epoll, news: EventFd::new()?, told: AtomicBool::new(false) };
        wakeup
            .control(libc::EPOLL_CTL_ADD, &wakeup.news)
            .map_err(|errno| SystemError::new("epoll_ctl EPOLL_CTL_ADD", errno))?;
        Ok(wakeup)
    }

    fn control(&self, operation: c_int, file: &impl AsFd) -> Result<(), i32> {
        let mut event = libc::epoll_event { events: libc::EPOLLIN.cast_unsigned(), u64: 0 };
        let (own, other) = (self.epoll.as_raw_fd(), file.as_fd().as_raw_fd());
        // SAFETY: both are open during the call, and so is the event, which the kernel only reads.
        raw(|| unsafe { libc::epoll_ctl(own, operation, other, &raw mut event) })?;
        Ok(())
    }

    /// Wakes who listens.
    fn tell(&self) {
        self.news.set();
        // After it: who finds this is to find that, and forget it.
        self.told.store(true, Ordering::Release);
    }

    /// Whether something was told since this was asked last.
    pub fn heard(&self) -> bool {
        let mut heard = false;
        // Once more, as what was told between the two steps would be forgotten with the first.
        while self.told.swap(false, Ordering::AcqRel) {
            self.news.clear();
            heard = true;
        }
        heard
    }

    fn remove(&self, file: &DeviceFile) {
        // It is not there when nobody waits for frames.
        let _ = self.control(libc::EPOLL_CTL_DEL, file);
    }
}

impl Loan {
    /// The queue's number in its device.
    #[must_use]
    pub fn index(&self) -> u32 {
        self.index
    }

    /// What the interface was called when the device was opened.
    #[must_use]
    pub fn interface(&self) -> &str {
        &self.interface
    }

    /// Lets bursts begin.
    pub fn resume(&self) {
        self.open.store(true, Ordering::Release);
    }

    /// Lets no further burst begin; one may still run.
    pub fn suspend(&self) {
        self.open.store(false, Ordering::Release);
    }

    /// Wakes the thread that has received the queue, if one has; never waits.
    pub fn tell(&self) {
        if let Some(wakeup) = &*self.listener() {
            wakeup.tell();
        }
    }

    /// Waits for the end of a burst that runs. For threads that may wait.
    pub fn settle(&self) {
        let held = self.lock();
        if let (Some(file), Some(wakeup)) = (&held.file, &held.wakeup) {
            wakeup.remove(file);
        }
    }

    /// Lets go of the file, when no burst runs any more. For threads that may wait.
    pub fn end(&self) {
        self.suspend();
        let mut held = self.lock();
        let (file, wakeup) = (held.file.take(), held.wakeup.take());
        if let (Some(file), Some(wakeup)) = (&file, &wakeup) {
            wakeup.remove(file);
        }
        drop(held);
        self.listener().take();
        if let Some(wakeup) = wakeup {
            wakeup.tell();
        }
        drop(file);
    }

    fn listener(&self) -> MutexGuard<'_, Option<Arc<Wakeup>>> {
        self.listening.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Held for as long as a burst takes, and otherwise for moments only.
    fn lock(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A loan on the side of the one who lends. Dropping it ends the loan.
#[derive(Debug)]
pub struct Lender {
    loan: Arc<Loan>,
    ticket: u64,
}

impl Lender {
    /// Lends a queue, and lets no burst begin yet.
    #[must_use]
    pub fn new(file: Arc<DeviceFile>, index: u32, interface: String) -> Self {
        let loan = Arc::new(Loan {
            index,
            interface,
            open: AtomicBool::new(false),
            held: Mutex::new(Held { file: Some(file), wakeup: None }),
            listening: Mutex::new(None),
        });
        let mut waiting = lock_waiting();
        // The keys are the system's randomness, so that no ticket tells another one.
        let ticket = loop {
            let ticket = RandomState::new().hash_one(Arc::as_ptr(&loan).addr());
            if !waiting.contains_key(&ticket) {
                break ticket;
            }
        };
        waiting.insert(ticket, Arc::clone(&loan));
        Self { loan, ticket }
    }

    /// What [`Receiver::new`] takes, once.
    #[must_use]
    pub fn ticket(&self) -> u64 {
        self.ticket
    }

    /// The loan itself.
    #[must_use]
    pub fn loan(&self) -> &Arc<Loan> {
        &self.loan
    }

    /// Makes the ticket worthless.
    pub fn withdraw(&self) {
        let waiting = lock_waiting().remove(&self.ticket);
        drop(waiting);
    }
}

impl Drop for Lender {
    fn drop(&mut self) {
        self.withdraw();
        self.loan.suspend();
        let loan = Arc::clone(&self.loan);
        // A burst may run, and this may be a finalizer on a JavaScript thread.
        Lane::new().post(move || loan.end());
    }
}

/// A loan on the side of the one who has received it. Dropping it gives the queue up.
#[derive(Debug)]
pub struct Receiver {
    loan: Arc<Loan>,
    wakeup: Arc<Wakeup>,
}

impl Receiver {
    /// Takes what a ticket is for; nothing when it is for nothing (any more). An error leaves it good.
    pub fn new(ticket: u64) -> Result<Option<Self>, SystemError> {
        let wakeup = Arc::new(Wakeup::open()?);
        let Some(loan) = lock_waiting().remove(&ticket) else { return Ok(None) };
        let mut held = loan.lock();
        held.wakeup = Some(Arc::clone(&wakeup));
        if held.file.is_some() {
            *loan.listener() = Some(Arc::clone(&wakeup));
        } else {
            // It has ended since, and nobody else would tell.
            wakeup.tell();
        }
        drop(held);
        Ok(Some(Self { loan, wakeup }))
    }

    /// The loan itself.
    #[must_use]
    pub fn loan(&self) -> &Loan {
        &self.loan
    }

    /// What is readable when there are frames, while they are waited for, and when the loan has ended.
    #[must_use]
    pub fn wakeup(&self) -> Arc<Wakeup> {
        Arc::clone(&self.wakeup)
    }

    /// Whether the loan has ended, and nothing will bring it back.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.loan.lock().file.is_none()
    }

    /// Does something with the file; nothing when whoever lends doesn't let it.
    pub fn with<T>(&self, action: impl FnOnce(&DeviceFile) -> T) -> Option<T> {
        if !self.loan.open.load(Ordering::Acquire) {
            return None;
        }
        let held = self.loan.lock();
        let file = held.file.as_ref().filter(|_| self.loan.open.load(Ordering::Acquire))?;
        Some(action(file))
    }

    /// Waits for frames, or the end of the interface. Nothing happens when the file may not be used.
    pub fn arm(&self) -> Result<(), SystemError> {
        match self.with(|file| self.wakeup.control(libc::EPOLL_CTL_ADD, file)) {
            Some(Err(errno)) if errno != libc::EEXIST => {
                Err(SystemError::new("epoll_ctl EPOLL_CTL_ADD", errno))
            }
            _ => Ok(()),
        }
    }

    /// Waits for nothing.
    pub fn disarm(&self) {
        if let Some(file) = &self.loan.lock().file {
            self.wakeup.remove(file);
        }
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.disarm();
        let mut held = self.loan.lock();
        let (file, wakeup) = (held.file.take(), held.wakeup.take());
        drop(held);
        self.loan.listener().take();
        drop((file, wakeup));
    }
}

fn lock_waiting() -> MutexGuard<'static, BTreeMap<u64, Arc<Loan>>> {
    WAITING.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixDatagram;
    use std::sync::mpsc::channel;
    use std::thread;

    use super::*;

    fn lend() -> (UnixDatagram, Lender) {
        let (device, kernel) = UnixDatagram::pair().expect("a socket pair");
        let file = Arc::new(DeviceFile::from(OwnedFd::from(device)));
        (kernel, Lender::new(file, 3, "tap0".into()))
    }

    fn receive(lender: &Lender) -> Receiver {
        Receiver::new(lender.ticket()).expect("an epoll").expect("a loan")
    }

    /// Whether the far end finds nobody any more.
    fn is_closed(kernel: &UnixDatagram) -> bool {
        kernel.send(&[0]).is_err()
    }

    /// Returns when it does: a control thread closes the file.
    fn wait_until_closed(kernel: &UnixDatagram) {
        while !is_closed(kernel) {
            thread::yield_now();
        }
    }

    fn is_readable(wakeup: &Wakeup) -> bool {
        let mut poll =
            libc::pollfd { fd: wakeup.epoll.as_raw_fd(), events: libc::POLLIN, revents: 0 };
        // SAFETY: `poll` is one pollfd, alive during the call.
        unsafe { libc::poll(&raw mut poll, 1, 0) == 1 }
    }

    #[test]
    fn a_ticket_is_good_once_and_tells_no_other() {
        let (_kernel, lender) = lend();
        let (_other_kernel, other) = lend();
        assert_ne!(lender.ticket(), other.ticket());
        assert!(Receiver::new(lender.ticket() ^ 1).expect("an epoll").is_none(), "a guess");
        let receiver = receive(&lender);
        assert_eq!((receiver.loan().index(), receiver.loan().interface()), (3, "tap0"));
        assert!(Receiver::new(lender.ticket()).expect("an epoll").is_none(), "the second time");
        other.withdraw();
        assert!(Receiver::new(other.ticket()).expect("an epoll").is_none(), "withdrawn");
    }

    #[test]
    fn is_used_while_the_lender_lets_it() {
        let (kernel, lender) = lend();
        let receiver = receive(&lender);
        assert_eq!(receiver.with(|_| ()), None, "not yet");
        lender.loan().resume();
        assert_eq!(receiver.with(|_| ()), Some(()));
        lender.loan().suspend();
        lender.loan().settle();
        assert_eq!(receiver.with(|_| ()), None, "suspended");
        lender.loan().resume();
        assert!(!is_closed(&kernel));
        lender.loan().end();
        lender.loan().resume();
        assert_eq!(receiver.with(|_| ()), None, "ended for good");
        // Though the receiver is still there.
        wait_until_closed(&kernel);
    }

    #[test]
    fn the_end_waits_for_a_burst() {
        let (kernel, lender) = lend();
        let receiver = receive(&lender);
        lender.loan().resume();
        let (told, running) = channel();
        let (leave, stay) = channel::<()>();
        let burst = thread::spawn(move || {
            receiver.with(|_| {
                told.send(()).expect("a listener");
                stay.recv().expect("a word");
            });
            receiver
        });
        running.recv().expect("a burst");
        let loan = Arc::clone(lender.loan());
        let end = thread::spawn(move || loan.end());
        assert!(!is_closed(&kernel), "a burst runs");
        assert!(!end.is_finished());
        leave.send(()).expect("a listener");
        end.join().expect("no panic");
        wait_until_closed(&kernel);
        burst.join().expect("no panic");
    }

    #[test]
    fn is_woken_while_it_waits() {
        let (kernel, lender) = lend();
        let receiver = receive(&lender);
        let wakeup = receiver.wakeup();
        lender.loan().resume();
        kernel.send(&[1]).expect("send");
        assert!(!is_readable(&wakeup), "nobody waits");
        receiver.arm().expect("armed");
        receiver.arm().expect("armed again");
        assert!(is_readable(&wakeup));
        receiver.disarm();
        assert!(!is_readable(&wakeup), "nobody waits any more");
        receiver.arm().expect("armed");
        lender.loan().suspend();
        lender.loan().settle();
        assert!(!is_readable(&wakeup), "suspended");
        receiver.arm().expect("nothing happens");
        assert!(!is_readable(&wakeup), "suspended still");
        assert!(!receiver.is_over());
        assert!(!wakeup.heard(), "nothing was told");
        lender.loan().tell();
        lender.loan().tell();
        assert!(is_readable(&wakeup), "told");
        assert!(wakeup.heard());
        assert!(!wakeup.heard() && !is_readable(&wakeup), "heard once");
        lender.loan().resume();
        receiver.arm().expect("armed");
        assert!(is_readable(&wakeup));
        assert!(!wakeup.heard(), "frames are no news");
        lender.loan().end();
        assert!(is_readable(&wakeup) && wakeup.heard(), "ended");
        lender.loan().tell();
        assert!(!wakeup.heard(), "nobody listens any more");
        assert!(receiver.is_over());
    }

    #[test]
    fn either_side_may_go_first() {
        let (kernel, lender) = lend();
        let receiver = receive(&lender);
        drop(receiver);
        wait_until_closed(&kernel);
        lender.loan().end();
        drop(lender);

        let (kernel, lender) = lend();
        let receiver = receive(&lender);
        lender.loan().resume();
        drop(lender);
        wait_until_closed(&kernel);
        assert_eq!(receiver.with(|_| ()), None);

        let (kernel, lender) = lend();
        let ticket = lender.ticket();
        drop(lender);
        wait_until_closed(&kernel);
        assert!(Receiver::new(ticket).expect("an epoll").is_none(), "nothing waits for ever");
    }
}
