//! Engines: how bursts are carried out.
//!
//! Whichever it is, a burst means the same, and nothing of it is left with the kernel when it returns.

mod abi;
mod choice;
mod io_uring;
mod mapping;
pub(crate) mod outcome;
mod refusal;
mod ring;
#[cfg(test)]
mod tests;

use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;

pub use choice::EngineChoice;
pub use io_uring::IoUring;

use crate::error::SystemError;
use crate::other_header;
use crate::queue::{self, HEADER, Memory};

/// Which engine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EngineKind {
    /// A read or write for each frame.
    #[default]
    Syscall,
    /// One `io_uring_enter` for many frames.
    IoUring,
}

/// What carries out bursts on a queue's file.
pub trait Engine {
    /// Which one it is.
    fn kind(&self) -> EngineKind;

    /// As [`queue::rx_burst`].
    fn rx_burst(&mut self, memory: Memory<'_>, max: usize) -> Result<usize, SystemError>;

    /// As [`queue::tx_burst`]. Where one frame fails and a later one is sent, the one that failed is
    /// counted as refused, so that what was consumed is always the first ones.
    fn tx_burst(
        &mut self,
        memory: Memory<'_>,
        from: usize,
        count: usize,
    ) -> Result<usize, SystemError>;
}

/// The engine that works everywhere.
#[derive(Clone, Copy, Debug)]
pub struct Syscall<'file>(pub BorrowedFd<'file>);

impl Engine for Syscall<'_> {
    fn kind(&self) -> EngineKind {
        EngineKind::Syscall
    }

    fn rx_burst(&mut self, memory: Memory<'_>, max: usize) -> Result<usize, SystemError> {
        queue::rx_burst(self.0, memory, max)
    }

    fn tx_burst(
        &mut self,
        memory: Memory<'_>,
        from: usize,
        count: usize,
    ) -> Result<usize, SystemError> {
        queue::tx_burst(self.0, memory, from, count)
    }
}

/// System calls on a file whose header has another length than ours.
#[derive(Clone, Copy, Debug)]
struct OtherHeader<'file> {
    file: BorrowedFd<'file>,
    length: usize,
}

impl Engine for OtherHeader<'_> {
    fn kind(&self) -> EngineKind {
        EngineKind::Syscall
    }

    fn rx_burst(&mut self, memory: Memory<'_>, max: usize) -> Result<usize, SystemError> {
        other_header::rx_burst(self.file, self.length, memory, max)
    }

    fn tx_burst(
        &mut self,
        memory: Memory<'_>,
        from: usize,
        count: usize,
    ) -> Result<usize, SystemError> {
        other_header::tx_burst(self.file, self.length, memory, from, count)
    }
}

/// A queue's file, with the engine that was chosen for its device.
///
/// A ring is made by the first burst, for the thread that runs it: the queue stays on that thread. When
/// there can be none the device has the other engine from then on.
#[derive(Debug)]
pub struct QueueEngine<F> {
    choice: Arc<EngineChoice>,
    // Before the file: the ring has it open, too, and whoever closes it last waits for the kernel.
    ring: Option<IoUring>,
    header: usize,
    file: F,
}

impl<F: AsFd> QueueEngine<F> {
    /// For a queue of the device that has this choice.
    pub fn new(file: F, choice: Arc<EngineChoice>) -> Self {
        Self { choice, ring: None, header: HEADER, file }
    }

    /// For a file whose virtio-net header has this length, 0 for none: its device has no ring.
    #[must_use]
    pub fn of_header(self, header: usize) -> Self {
        Self { header, ..self }
    }

    /// The queue's file.
    pub fn file(&self) -> &F {
        &self.file
    }

    /// [`Engine::rx_burst`] of the engine that was chosen.
    pub fn rx_burst(&mut self, memory: Memory<'_>, max: usize) -> Result<usize, SystemError> {
        self.run(|engine| engine.rx_burst(memory, max))
    }

    /// [`Engine::tx_burst`] of the engine that was chosen.
    pub fn tx_burst(
        &mut self,
        memory: Memory<'_>,
        from: usize,
        count: usize,
    ) -> Result<usize, SystemError> {
        self.run(|engine| engine.tx_burst(memory, from, count))
    }

    fn run(
        &mut self,
        burst: impl Fn(&mut dyn Engine) -> Result<usize, SystemError>,
    ) -> Result<usize, SystemError> {
        if let Some(ring) = self.ring() {
            match burst(ring) {
                Err(error) if error.syscall() == ring::ENTER => self.refuse(error),
                result => return result,
            }
        }
        let file = self.file.as_fd();
        if self.header == HEADER {
            return burst(&mut Syscall(file));
        }
        burst(&mut OtherHeader { file, length: self.header })
    }

    /// The ring, if that is chosen and can be had.
    fn ring(&mut self) -> Option<&mut IoUring> {
        if self.choice.in_use() == EngineKind::Syscall {
            self.ring = None;
        } else if self.ring.is_none() {
            match IoUring::open(self.file.as_fd()) {
                Ok(ring) => self.ring = Some(ring),
                Err(error) => self.refuse(error),
            }
        }
        self.ring.as_mut()
    }

    fn refuse(&mut self, error: SystemError) {
        self.choice.refuse(refusal::explain(error));
        self.ring = None;
    }
}
