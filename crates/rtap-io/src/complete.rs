//! Checksums that the kernel left to be made.

use crate::checksum::fold;
use crate::offload::{PartialChecksum, Work};
use crate::progress::Progress;
use crate::queue::HEADER;
use crate::slab::{Described, Frame, Frames};

/// Completes the checksums of the frames `from` to `from + count - 1` in place, and stops at the first
/// super-frame. Frames whose header is not true of them are dropped, and counted as refused.
#[must_use]
pub fn complete_checksums(frames: Frames<'_>, from: usize, count: usize) -> Progress {
    let mut progress = Progress::default();
    while progress.consumed < count {
        let index = from.saturating_add(progress.consumed);
        let Some(described) = frames.get(index) else { break };
        let ready = match described {
            Described::Dropped => true,
            Described::Bad => false,
            Described::Frame(frame) => match Work::of(frames, frame) {
                Some(Work::Segments(_)) => break,
                Some(Work::Checksum(partial)) => complete(frames, frame, partial).is_some(),
                Some(Work::Nothing) => settle(frames, frame).is_some(),
                None => false,
            },
        };
        if !ready {
            frames.drop_frame(index);
            progress.refused += 1;
        }
        progress.consumed += 1;
    }
    progress
}

/// Makes the checksum of a frame, and says in its header that there is nothing left to do.
fn complete(frames: Frames<'_>, frame: Frame, partial: PartialChecksum) -> Option<()> {
    let sum = frames.slab.sum(frame.offset + partial.start, frame.length - partial.start)?;
    frames.slab.write(frame.offset + partial.field, &checksum(sum))?;
    frames.slab.write(frame.offset - HEADER, &[0; HEADER])
}

/// Says in the header of a frame that there is nothing left to do.
fn settle(frames: Frames<'_>, frame: Frame) -> Option<()> {
    let header = frames.header(frame);
    let ready = header.ready();
    if header == ready {
        Some(())
    } else {
        frames.slab.write(frame.offset - HEADER, &ready.to_bytes())
    }
}

/// What goes in the field. The kernel writes no 0 either (`skb_checksum_help`), which in UDP means that
/// there is no checksum; both are right.
pub(crate) fn checksum(sum: u64) -> [u8; 2] {
    match !fold(sum) {
        0 => [0xff; 2],
        value => value.to_ne_bytes(),
    }
}
