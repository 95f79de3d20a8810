//! The loop of a splice's thread.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::device_file::DeviceFile;
use crate::error::SystemError;
use crate::queue::{ALIGNMENT, Memory, RX_ROOM};
use crate::region::Region;
use crate::splice::counts::Direction;
use crate::splice::sampling::Sampler;
use crate::splice::{Context, Failure, Side, readable};
use crate::syscall::retry;

/// Frames of one queue before the others have their turn.
const BURST: usize = 64;

/// Room for what is read before it is written: a burst of frames of the usual MTU.
const SLAB: usize = RX_ROOM + BURST * 1536;

/// Where super-frames come: one of them, which is still in the cache when it is written, or a burst of
/// acknowledgements.
const SLAB_OF_SUPER_FRAMES: usize = RX_ROOM + BURST * 128;

/// Longer frames are super-frames, or as good as such.
const ORDINARY: usize = 16_384;

/// Frames of one queue, on their way to another one.
#[derive(Clone, Debug)]
pub(super) struct Flow {
    /// Where they come from.
    pub(super) side: Side,
    pub(super) from: Arc<DeviceFile>,
    pub(super) to: Arc<DeviceFile>,
    /// The number of the queue there.
    pub(super) from_queue: usize,
    pub(super) to_queue: usize,
    /// Whether the last frame was a super-frame: more are to come.
    pub(super) super_frames: bool,
}

/// What was read, until it is written.
pub(super) struct Batch {
    slab: Vec<u8>,
    descriptors: Vec<u32>,
}

impl Batch {
    fn new() -> Self {
        Self { slab: vec![0; SLAB], descriptors: vec![0; 2 * BURST] }
    }

    fn memory<'a>(&'a mut self, room: usize, counters: Region<'a, u64>) -> Memory<'a> {
        Memory {
            slab: Region::from(&mut self.slab[..room]),
            descriptors: Region::from(&mut self.descriptors[..]),
            counters,
        }
    }

    /// Offset and length of a frame.
    pub(super) fn frame(&self, index: usize) -> (usize, usize) {
        (self.descriptors[2 * index] as usize, self.descriptors[2 * index + 1] as usize)
    }

    /// The bytes of the slab.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.slab
    }
}

/// Passes frames on until the splice is stopped or a device fails; lets go of the files then.
pub(super) fn forward(
    context: &Context,
    mut flows: Vec<Flow>,
    mut samplers: [Option<Sampler>; 2],
) -> Result<(), Failure> {
    let mut files = vec![readable(&context.events.stop)];
    files.extend(flows.iter().map(|flow| readable(&*flow.from)));
    let mut batch = Batch::new();
    loop {
        wait(&mut files)?;
        if files[0].revents != 0 {
            return Ok(());
        }
        for (flow, file) in flows.iter_mut().zip(&files[1..]) {
            if file.revents & libc::POLLIN != 0 {
                let sampler = &mut samplers[flow.side as usize];
                flow.pass(context, &mut batch, sampler.as_mut())?;
            } else if file.revents != 0 {
                // An interface that is being deleted says so before reads fail.
                let error = SystemError::new("poll", libc::EBADFD);
                return Err(Failure { side: Some(flow.side), error });
            }
        }
    }
}

fn wait(files: &mut [libc::pollfd]) -> Result<(), Failure> {
    let length = files.len() as libc::nfds_t;
    // SAFETY: pointer and length are those of `files`.
    retry("poll", || unsafe { libc::poll(files.as_mut_ptr(), length, -1) })
        .map(drop)
        .map_err(|error| Failure { side: None, error })
}

impl Flow {
    /// Passes on what is there, at most a burst.
    fn pass(
        &mut self,
        context: &Context,
        batch: &mut Batch,
        mut sampler: Option<&mut Sampler>,
    ) -> Result<(), Failure> {
        let counts = context.state.counts.from(self.side);
        let mut left = BURST;
        while left > 0 && !context.events.stopping.load(Ordering::Relaxed) {
            let room = if self.super_frames { SLAB_OF_SUPER_FRAMES } else { SLAB };
            let memory = batch.memory(room, counts.from(self.from_queue));
            let count = self
                .from
                .rx_burst(memory, left)
                .map_err(|error| Failure { side: Some(self.side), error })?;
            if count == 0 {
                return Ok(());
            }
            if let Some(sampler) = sampler.as_mut() {
                sampler.show(context, self.from_queue, batch, count);
            }
            let (offset, length) = batch.frame(count - 1);
            self.super_frames = length > ORDINARY;
            self.send(batch, count, counts)?;
            // With room left, reading ended because there was no more.
            if (offset + length).next_multiple_of(ALIGNMENT) + RX_ROOM <= room {
                return Ok(());
            }
            left -= count;
        }
        Ok(())
    }

    fn send(&self, batch: &mut Batch, count: usize, counts: &Direction) -> Result<(), Failure> {
        let mut done = 0;
        while done < count {
            let memory = batch.memory(SLAB, counts.to(self.to_queue));
            let dropped = match self.to.tx_burst(memory, done, count - done) {
                Ok(consumed) => {
                    done += consumed;
                    continue;
                }
                Err(error) => match error.errno() {
                    // The link is down, for all of them.
                    libc::EIO => count - done,
                    // No memory for this one.
                    libc::ENOMEM | libc::ENOBUFS | libc::EAGAIN => 1,
                    _ => return Err(Failure { side: Some(self.side.other()), error }),
                },
            };
            done += dropped;
            counts.dropped.fetch_add(dropped as u64, Ordering::Relaxed);
        }
        Ok(())
    }
}
