//! Segmentation: a super-frame becomes the frames that the kernel's own segmentation makes of it
//! (`skb_gso_segment`), and a partial checksum a whole one.

use crate::complete::checksum;
use crate::offload::{PartialChecksum, SuperFrame, Work};
use crate::progress::Progress;
use crate::queue::HEADER;
use crate::slab::{Described, Frame, Frames, Packer};
use crate::template::Template;

/// Makes frames for the wire of the frames `from` to `from + count - 1`, the first from `offset` of its
/// payload on, and writes `max` of them at most.
///
/// Ends when the output is full, and goes on where it ended when called again with the same input. It
/// always comes a step further with room for one frame of any size (`queue::RX_ROOM`).
#[must_use]
pub fn segment_burst(
    input: Frames<'_>,
    from: usize,
    count: usize,
    offset: usize,
    output: Frames<'_>,
    max: usize,
) -> Progress {
    let mut packer = Packer::new(output, max);
    let mut progress = Progress { offset, ..Progress::default() };
    while progress.consumed < count {
        let Some(described) = input.get(from.saturating_add(progress.consumed)) else { break };
        match described {
            Described::Dropped => {}
            Described::Bad => progress.refused += 1,
            Described::Frame(frame) => match segment(input, frame, progress.offset, &mut packer) {
                Step::Done => {}
                Step::Refused => progress.refused += 1,
                Step::Full(offset) => {
                    progress.offset = offset;
                    break;
                }
            },
        }
        progress.offset = 0;
        progress.consumed += 1;
    }
    progress.written = packer.count();
    progress
}

/// How a frame ended.
enum Step {
    Done,
    Refused,
    /// With no room left, that much of its payload is written.
    Full(usize),
}

fn segment(input: Frames<'_>, frame: Frame, offset: usize, packer: &mut Packer<'_>) -> Step {
    let done = match Work::of(input, frame) {
        Some(Work::Segments(whole)) => return segments(input, frame, &whole, offset, packer),
        // Its input has changed since the offset was told.
        _ if offset != 0 => None,
        Some(work) => {
            let Some(place) = packer.place(frame.length) else { return Step::Full(0) };
            copy(input, frame, &work, place, packer)
        }
        None => None,
    };
    if done.is_some() { Step::Done } else { Step::Refused }
}

/// Copies a frame, its checksum completed.
fn copy(
    input: Frames<'_>,
    frame: Frame,
    work: &Work,
    place: Frame,
    packer: &mut Packer<'_>,
) -> Option<()> {
    let slab = packer.slab();
    if let Work::Checksum(PartialChecksum { start, field }) = *work {
        input.slab.copy(frame.offset, start, slab, place.offset)?;
        let length = frame.length - start;
        let sum =
            input.slab.copy_and_sum(frame.offset + start, length, slab, place.offset + start)?;
        slab.write(place.offset + field, &checksum(sum))?;
        slab.write(place.offset - HEADER, &[0; HEADER])?;
    } else {
        input.slab.copy(frame.offset, frame.length, slab, place.offset)?;
        slab.write(place.offset - HEADER, &input.header(frame).ready().to_bytes())?;
    }
    packer.push(place);
    Some(())
}

/// Writes the segments of a super-frame, from `offset` of its payload on.
fn segments(
    input: Frames<'_>,
    frame: Frame,
    whole: &SuperFrame,
    mut offset: usize,
    packer: &mut Packer<'_>,
) -> Step {
    let end = whole.packet.end - whole.payload;
    let (first, gso_size) = (frame.offset + whole.payload, whole.gso_size);
    if offset >= end || !offset.is_multiple_of(gso_size) {
        return Step::Refused;
    }
    let template = Template::new(whole);
    let headers = whole.payload;
    while offset < end {
        let length = gso_size.min(end - offset);
        let Some(place) = packer.place(headers + length) else { return Step::Full(offset) };
        let slab = packer.slab();
        let at = place.offset + headers;
        let Some(sum) = input.slab.copy_and_sum(first + offset, length, slab, at) else {
            return Step::Refused;
        };
        let next = offset + length;
        template.write(slab, place.offset, offset..next, next == end, sum);
        packer.push(place);
        offset = next;
    }
    Step::Done
}
