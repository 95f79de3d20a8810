//! What a burst has come to so far: the same for every engine.

use crate::counter::{self, Tally};
use crate::error::SystemError;
use crate::queue::{ALIGNMENT, DISCARD_MAX, FRAME_MIN, HEADER, Memory, RX_ROOM};
use crate::region::Region;

/// A frame longer than this is a super-frame, or as good as one: a call for each hardly counts.
const LONG: usize = 16 * 1024;

/// How many bytes of a burst are enough when there are such frames.
const ENOUGH: usize = 128 * 1024;

/// Frames that are being read, packed from the start of the slab.
#[derive(Debug)]
pub(crate) struct Received<'a> {
    memory: Memory<'a>,
    max: usize,
    tally: Tally,
    count: usize,
    errors: u64,
    position: usize,
    failure: Option<i32>,
}

impl<'a> Received<'a> {
    /// None yet, of at most `max`.
    #[inline]
    pub(crate) fn new(memory: Memory<'a>, max: usize) -> Self {
        let max = max.min(memory.descriptors.len() / 2);
        Self {
            memory,
            max,
            tally: Tally::default(),
            count: 0,
            errors: 0,
            position: 0,
            failure: None,
        }
    }

    /// How many more may come.
    #[inline]
    pub(crate) fn wanted(&self) -> usize {
        if self.errors < u64::from(DISCARD_MAX) { self.max - self.count } else { 0 }
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Where the next frame goes: what is before it is taken.
    #[inline]
    pub(crate) fn position(&self) -> usize {
        self.position
    }

    /// Where the slab ends.
    pub(crate) fn end(&self) -> usize {
        self.memory.slab.len() / ALIGNMENT * ALIGNMENT
    }

    /// Room for a read, [`RX_ROOM`] bytes, from some place in the slab on; nothing when there is none.
    #[inline]
    pub(crate) fn room(&self, at: usize) -> Option<*mut u8> {
        self.memory.slab.part(at, RX_ROOM)
    }

    /// Takes the result of a read to some place behind the frames, or right behind them: a length, header
    /// included, or an errno. Returns whether to read on.
    #[expect(
        clippy::inline_always,
        reason = "a burst keeps all of this in registers then: 4 ns a frame"
    )]
    #[inline(always)]
    pub(crate) fn take(&mut self, at: usize, result: Result<usize, i32>) -> bool {
        match result {
            Ok(length) => {
                let Memory { slab, descriptors, .. } = self.memory;
                let position = self.position;
                if at != position {
                    slab.copy(at, length, slab, position);
                }
                let frame = length.saturating_sub(HEADER);
                store(descriptors, self.count, position + HEADER, frame);
                self.count += 1;
                self.tally.count(slab.words(position).unwrap_or_default(), frame);
                self.position = (position + length).next_multiple_of(ALIGNMENT);
                // More would push the first ones out of the cache before anybody has seen them.
                frame <= LONG || self.position < ENOUGH
            }
            // A super-frame of a kind that has no name in the header. It is gone from the queue.
            Err(libc::EINVAL) => {
                self.errors += 1;
                true
            }
            Err(errno) => {
                self.failure = Some(errno);
                false
            }
        }
    }

    /// Counts what came; how many, or why there is none.
    #[inline]
    pub(crate) fn finish(mut self) -> Result<usize, SystemError> {
        let counters = self.memory.counters;
        self.tally.add_received(counters);
        let failure = self.failure.filter(|errno| *errno != libc::EAGAIN && self.count == 0);
        if failure.is_some_and(|errno| errno != libc::EBADFD) {
            self.errors += 1;
        }
        counters.add(counter::RX_ERRORS, self.errors);
        failure.map_or(Ok(self.count), |errno| Err(SystemError::new("read", errno)))
    }
}

/// What a descriptor asks to be sent.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Outgoing {
    /// Nothing: length 0.
    Skipped,
    /// What is no frame of the slab.
    Bad,
    /// A frame.
    Frame {
        /// Where its header begins.
        start: *mut u8,
        /// Its length, header included.
        length: usize,
        /// Where in the slab that is.
        position: usize,
    },
}

/// Frames that are being sent.
#[derive(Debug)]
pub(crate) struct Sent<'a> {
    memory: Memory<'a>,
    from: usize,
    count: usize,
    tally: Tally,
    consumed: usize,
    errors: u64,
    failure: Option<i32>,
}

impl<'a> Sent<'a> {
    /// None yet, of the descriptors `from` to `from + count - 1`.
    #[inline]
    pub(crate) fn new(memory: Memory<'a>, from: usize, count: usize) -> Self {
        let tally = Tally::default();
        Self { memory, from, count, tally, consumed: 0, errors: 0, failure: None }
    }

    /// What is to be sent so many behind the next one; nothing at the end.
    #[inline]
    pub(crate) fn frame(&self, behind: usize) -> Option<Outgoing> {
        let Memory { slab, descriptors, .. } = self.memory;
        let index = self.consumed + behind;
        if index >= self.count {
            return None;
        }
        let (offset, length) = load(descriptors, self.from + index)?;
        if length == 0 {
            return Some(Outgoing::Skipped);
        }
        let frame =
            offset.checked_sub(HEADER).filter(|_| length >= FRAME_MIN).and_then(|position| {
                let length = HEADER + length;
                Some(Outgoing::Frame { start: slab.part(position, length)?, length, position })
            });
        Some(frame.unwrap_or(Outgoing::Bad))
    }

    /// Takes what has come of the next one: nothing, or an errno. Returns whether to send on.
    #[expect(clippy::inline_always, reason = "as for received frames")]
    #[inline(always)]
    pub(crate) fn take(&mut self, frame: Outgoing, result: Result<(), i32>) -> bool {
        match (result, frame) {
            (Ok(()), Outgoing::Frame { length, position, .. }) => {
                let start = self.memory.slab.words(position).unwrap_or_default();
                self.tally.count(start, length - HEADER);
            }
            (Ok(()), _) => {}
            (Err(libc::EINVAL), _) => self.errors += 1,
            (Err(errno), _) => {
                self.failure = Some(errno);
                return false;
            }
        }
        self.consumed += 1;
        true
    }

    /// Counts what was sent; how many were consumed, or why none.
    #[inline]
    pub(crate) fn finish(self) -> Result<usize, SystemError> {
        let counters = self.memory.counters;
        self.tally.add_sent(counters);
        counters.add(counter::TX_ERRORS, self.errors);
        match self.failure {
            Some(errno) if self.consumed == 0 => Err(SystemError::new("write", errno)),
            _ => Ok(self.consumed),
        }
    }
}

fn store(descriptors: Region<'_, u32>, frame: usize, offset: usize, length: usize) {
    // A slab is far smaller than 4 GiB; what would not fit becomes a frame that `tx_burst` refuses.
    descriptors.store(2 * frame, u32::try_from(offset).unwrap_or(u32::MAX));
    descriptors.store(2 * frame + 1, u32::try_from(length).unwrap_or(0));
}

fn load(descriptors: Region<'_, u32>, frame: usize) -> Option<(usize, usize)> {
    let offset = descriptors.load(2 * frame)?;
    let length = descriptors.load(2 * frame + 1)?;
    Some((offset as usize, length as usize))
}
