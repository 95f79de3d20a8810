//! Frames of a splice that are shown to somebody, who may be slow: the threads never wait for them.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, SyncSender};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::queue::HEADER;
use crate::region::Region;
use crate::splice::forwarder::Batch;
use crate::splice::{Context, Side, State};

/// Which frames are shown, and how much of each.
#[derive(Clone, Copy, Debug)]
pub struct Sampling {
    /// Every so many frames of a direction one, the first of them first.
    pub every: u32,
    /// Bytes of a frame at most.
    pub snap_length: usize,
    /// How many wait at most.
    pub limit: usize,
}

/// A frame that was read.
#[derive(Debug)]
pub(super) struct Sample {
    side: Side,
    queue: usize,
    /// Of the whole frame.
    length: usize,
    /// Nanoseconds since 1970.
    timestamp: u64,
    /// The virtio-net header and the first bytes.
    bytes: Box<[u8]>,
}

/// Chooses the frames of one direction.
#[derive(Debug)]
pub(super) struct Sampler {
    sampling: Sampling,
    side: Side,
    samples: SyncSender<Sample>,
    /// Frames before the next one.
    skip: usize,
}

impl Sampler {
    pub(super) fn new(sampling: Sampling, side: Side, samples: SyncSender<Sample>) -> Self {
        Self { sampling, side, samples, skip: 0 }
    }

    /// Shows those of the first `count` frames of a batch whose turn it is.
    pub(super) fn show(&mut self, context: &Context, queue: usize, batch: &Batch, count: usize) {
        let counts = context.state.counts.from(self.side);
        while self.skip < count {
            let (offset, length) = batch.frame(self.skip);
            let end = offset + length.min(self.sampling.snap_length);
            let sample = Sample {
                side: self.side,
                queue,
                length,
                timestamp: now(),
                bytes: batch.bytes()[offset - HEADER..end].into(),
            };
            if self.samples.try_send(sample).is_ok() {
                counts.shown.fetch_add(1, Ordering::Relaxed);
                if !context.state.awake.swap(true, Ordering::SeqCst) {
                    context.events.wake.set();
                }
            } else {
                counts.missed.fetch_add(1, Ordering::Relaxed);
            }
            self.skip += self.sampling.every as usize;
        }
        self.skip -= count;
    }
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}

/// The frames that are shown, oldest first, for one thread.
#[derive(Debug)]
pub struct Samples {
    samples: Receiver<Sample>,
    state: Arc<State>,
}

impl Samples {
    /// How many words tell of a sample.
    pub const DETAILS: usize = 4;

    pub(super) fn new(samples: Receiver<Sample>, state: Arc<State>) -> Self {
        Self { samples, state }
    }

    /// Copies the next one: its virtio-net header and first bytes; which side it came from (0: a), which queue of that, its
    /// whole length, and the time in nanoseconds since 1970. Returns how many bytes there are; 0 when there is none,
    /// and the next one wakes then.
    #[must_use]
    pub fn take(&self, bytes: Region<'_, u8>, details: Region<'_, u64>) -> usize {
        let next = self.samples.try_recv().or_else(|_| {
            self.state.awake.store(false, Ordering::SeqCst);
            // One may have come before that was said.
            self.samples.try_recv()
        });
        let Ok(sample) = next else { return 0 };
        let words = [sample.side as u64, sample.queue as u64, sample.length as u64];
        for (index, word) in words.into_iter().chain([sample.timestamp]).enumerate() {
            details.store(index, word);
        }
        let length = sample.bytes.len().min(bytes.len());
        if bytes.write(0, &sample.bytes[..length]).is_some() { length } else { 0 }
    }
}
