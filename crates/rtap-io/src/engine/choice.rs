//! Which engine a device has.

use std::os::fd::BorrowedFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{EngineKind, IoUring};
use crate::error::SystemError;

/// The engine of a device, for all its queues, on whatever threads they are.
#[derive(Debug, Default)]
pub struct EngineChoice {
    /// Whether it is `io_uring`: looked at by each burst.
    io_uring: AtomicBool,
    /// Why it is not, when that was wanted.
    refusal: Mutex<Option<SystemError>>,
}

impl EngineChoice {
    /// Chooses an engine: the one that is wanted, if it works with this file, one of the device's.
    ///
    /// Fails with EBADFD when the interface is gone, and changes nothing then.
    pub fn choose(&self, wanted: EngineKind, file: BorrowedFd<'_>) -> Result<(), SystemError> {
        let refusal = match wanted {
            EngineKind::Syscall => None,
            EngineKind::IoUring => IoUring::open(file).and_then(|mut ring| ring.probe()).err(),
        };
        if let Some(gone) = refusal.as_ref().filter(|refusal| refusal.errno() == libc::EBADFD) {
            return Err(gone.clone());
        }
        let works = refusal.is_none();
        *self.lock() = refusal;
        self.io_uring.store(wanted == EngineKind::IoUring && works, Ordering::Release);
        Ok(())
    }

    /// Has the engine that works everywhere, because of something that isn't the ring's fault.
    pub(crate) fn settle(&self, wanted: EngineKind, reason: SystemError) {
        *self.lock() = (wanted == EngineKind::IoUring).then_some(reason);
        self.io_uring.store(false, Ordering::Release);
    }

    /// The one that is used.
    #[must_use]
    pub fn in_use(&self) -> EngineKind {
        if self.io_uring.load(Ordering::Acquire) {
            EngineKind::IoUring
        } else {
            EngineKind::Syscall
        }
    }

    /// Why it is not the one that was wanted.
    #[must_use]
    pub fn refusal(&self) -> Option<SystemError> {
        self.lock().clone()
    }

    /// There is no ring to be had: the other engine has to do.
    pub(super) fn refuse(&self, error: SystemError) {
        *self.lock() = Some(error);
        self.io_uring.store(false, Ordering::Release);
    }

    /// Held for moments only: a JavaScript thread takes this lock, too.
    fn lock(&self) -> MutexGuard<'_, Option<SystemError>> {
        self.refusal.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
