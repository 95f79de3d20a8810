//! Bursts by one call of the kernel for up to 64 frames.

use std::os::fd::BorrowedFd;

use super::outcome::{Outgoing, Received, Sent};
use super::ring::{ENTRIES, Ring, Transfer};
use super::{Engine, EngineKind, refusal};
use crate::error::SystemError;
use crate::queue::{Memory, RX_ROOM};

/// Bursts over a ring. It belongs to the thread that made it.
#[derive(Debug)]
pub struct IoUring {
    ring: Ring,
    /// How many frames to ask for first: one more than came the last time.
    expected: usize,
    frames: Vec<Outgoing>,
}

impl IoUring {
    /// Makes a ring for a file, and keeps that open until it is dropped; refused, with the reason in the
    /// hint, where the kernel or this process's sandbox has no `io_uring`.
    pub fn open(file: BorrowedFd<'_>) -> Result<Self, SystemError> {
        let ring = Ring::open(file).map_err(refusal::explain)?;
        Ok(Self { ring, expected: 1, frames: Vec::with_capacity(ENTRIES) })
    }

    /// Tries whether the file can be read without waiting, by a read of nothing; refused where it can't.
    /// EBADFD when it is a TAP's whose interface is gone.
    pub fn probe(&mut self) -> Result<(), SystemError> {
        self.ring.probe().map_err(refusal::explain)
    }

    /// Asks for frames; returns whether to ask for more.
    ///
    /// How long a frame is shows when it has come, and a read into less than that would cut it. So each
    /// has room for the longest: the first one behind the frames that are there, the others at the end of
    /// the slab, where it is the same memory for each call. They are moved behind the first one then.
    fn read(&mut self, received: &mut Received<'_>, wanted: usize) -> Result<bool, SystemError> {
        self.ring.clear();
        let (first, end) = (received.position(), received.end());
        let room = end.saturating_sub(first) / RX_ROOM;
        let asked = wanted.min(received.wanted()).min(room).min(ENTRIES);
        let place = |index: usize| if index == 0 { first } else { end - (asked - index) * RX_ROOM };
        for index in 0..asked {
            let Some(start) = received.room(place(index)) else { break };
            // SAFETY: `room` vouches for RX_ROOM bytes, which only the kernel writes, and `finish`
            // follows.
            unsafe { self.ring.push(Transfer::Read, start, ROOM) };
        }
        let mut more = asked > 0;
        for (index, result) in self.ring.finish()?.iter().enumerate() {
            more &= received.take(place(index), outcome(*result));
        }
        Ok(more)
    }

    /// Sends frames; returns whether to send more.
    fn write(&mut self, sent: &mut Sent<'_>) -> Result<bool, SystemError> {
        self.ring.clear();
        self.frames.clear();
        while self.frames.len() < ENTRIES {
            let Some(mut frame) = sent.frame(self.frames.len()) else { break };
            if let Outgoing::Frame { start, length, .. } = frame {
                match u32::try_from(length) {
                    // SAFETY: `frame` vouches for the bytes, which only the kernel reads, and `finish`
                    // follows.
                    Ok(length) => unsafe { self.ring.push(Transfer::Write, start, length) },
                    Err(_) => frame = Outgoing::Bad,
                }
            }
            self.frames.push(frame);
        }
        let results = self.ring.finish()?;
        // One that failed does not keep those behind it from being sent, and what was consumed is the
        // first ones: up to the last one that was sent.
        let mut to_send = results.iter().filter(|result| **result >= 0).count();
        let mut results = results.iter();
        for frame in &self.frames {
            let result = match frame {
                Outgoing::Skipped => Ok(()),
                Outgoing::Bad => Err(libc::EINVAL),
                Outgoing::Frame { .. } => {
                    let result =
                        results.next().map_or(Err(libc::EAGAIN), |result| outcome(*result));
                    to_send -= usize::from(result.is_ok());
                    result.map(|_| ())
                }
            };
            let result = result.map_err(|errno| if to_send > 0 { libc::EINVAL } else { errno });
            if !sent.take(*frame, result) {
                return Ok(false);
            }
        }
        Ok(!self.frames.is_empty())
    }
}

impl Engine for IoUring {
    fn kind(&self) -> EngineKind {
        EngineKind::IoUring
    }

    fn rx_burst(&mut self, memory: Memory<'_>, max: usize) -> Result<usize, SystemError> {
        let mut received = Received::new(memory, max);
        let mut wanted = self.expected;
        let failure = loop {
            match self.read(&mut received, wanted) {
                // A full answer has more behind it.
                Ok(true) => wanted = (2 * wanted).min(together(&received)),
                Ok(false) => break None,
                Err(failure) => break Some(failure),
            }
        };
        self.expected = (received.count() + 1).min(together(&received));
        match (failure, received.finish()) {
            (Some(failure), Ok(0)) => Err(failure),
            (_, result) => result,
        }
    }

    fn tx_burst(
        &mut self,
        memory: Memory<'_>,
        from: usize,
        count: usize,
    ) -> Result<usize, SystemError> {
        let mut sent = Sent::new(memory, from, count);
        let failure = loop {
            match self.write(&mut sent) {
                Ok(true) => {}
                Ok(false) => break None,
                Err(failure) => break Some(failure),
            }
        };
        match (failure, sent.finish()) {
            (Some(failure), Ok(0)) => Err(failure),
            (_, result) => result,
        }
    }
}

const ROOM: u32 = {
    assert!(RX_ROOM <= u32::MAX as usize);
    #[expect(clippy::cast_possible_truncation, reason = "the line above")]
    let room = RX_ROOM as u32;
    room
};

/// Frames longer than this cost more to move than a call of the kernel for each.
const LONG: usize = 4096;

/// How many frames of such lengths to ask for with one call.
fn together(received: &Received<'_>) -> usize {
    if received.position() > received.count() * LONG { 1 } else { ENTRIES }
}

/// A length, or an errno.
fn outcome(result: i32) -> Result<usize, i32> {
    usize::try_from(result).map_err(|_| -result)
}
