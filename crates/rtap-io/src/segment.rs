//! Segmentation: what was left to be done in frames that the kernel gave, done.
//!
//! A super-frame becomes the frames that the kernel's own segmentation makes of it
//! (`skb_gso_segment`), and a partial checksum a whole one.

use std::ops::Range;

use crate::checksum::{field, fold, sum};
use crate::offload::{PartialChecksum, SuperFrame, Work};
use crate::packet::{
    HEADERS_MAX, IPPROTO_TCP, IPV4_CHECKSUM, IPV4_ID, IPV4_LENGTH, IPV6, IPV6_LENGTH, Packet,
    TCP_CWR, TCP_FIN, TCP_FLAGS, TCP_PSH, TCP_SEQUENCE, UDP_LENGTH, checksum_offset, clear_own,
    to_u16,
};
use crate::queue::HEADER;
use crate::region::Region;
use crate::slab::{Described, Frame, Frames, Packer};

/// How far a burst came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Frames that were written.
    pub written: usize,
    /// Frames that are done with, from the first on: written, dropped or refused.
    pub consumed: usize,
    /// Bytes of payload of the next one that have been written already.
    pub offset: usize,
    /// Frames that were left out, as their header is not true of them.
    pub refused: usize,
}

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
fn checksum(sum: u64) -> [u8; 2] {
    match !fold(sum) {
        0 => [0xff; 2],
        value => value.to_ne_bytes(),
    }
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

/// The headers of the segments of a super-frame.
struct Template {
    /// All, behind an empty virtio-net header; what changes from segment to segment is 0.
    bytes: [u8; HEADER + HEADERS_MAX],
    /// Length of the headers, without that of virtio-net.
    length: usize,
    /// Where the IP header is, and the one of TCP or UDP.
    network: usize,
    transport: usize,
    ipv6: bool,
    protocol: u8,
    gso_size: usize,
    /// Sums of the IP header, and of the pseudo-header and the header of TCP or UDP, without what changes.
    network_sum: u64,
    transport_sum: u64,
    /// What changes, as the super-frame has it.
    id: u16,
    sequence: u32,
    flags: u8,
}

impl Template {
    fn new(whole: &SuperFrame) -> Self {
        let SuperFrame { headers, packet, payload, gso_size, partial } = whole;
        let Packet { network, transport, ipv6, protocol, .. } = *packet;
        let pseudo_header = if *partial {
            // As the kernel has it: the sum that is there, less the length of the whole.
            let length = to_u16(packet.end - transport);
            headers.u16(transport + checksum_offset(protocol)).map_or(0, field) + field(!length)
        } else {
            headers.pseudo_header(packet)
        };
        let mut bytes = [0; HEADER + HEADERS_MAX];
        let all = &mut bytes[HEADER..HEADER + payload];
        all.copy_from_slice(&headers.bytes[..*payload]);
        clear_own(all, packet);
        let flags = all.get_mut(transport + TCP_FLAGS).filter(|_| protocol == IPPROTO_TCP);
        let flags = flags.map_or(0, std::mem::take);
        Self {
            network_sum: sum(&all[network..transport]),
            transport_sum: pseudo_header + sum(&all[transport..]),
            bytes,
            length: *payload,
            network,
            transport,
            ipv6,
            protocol,
            gso_size: *gso_size,
            id: headers.u16(network + IPV4_ID).unwrap_or(0),
            sequence: headers.u32(transport + TCP_SEQUENCE).unwrap_or(0),
            flags,
        }
    }

    /// Writes the headers of the segment of the bytes `part` of the payload, whose sum is `sum`, for the
    /// frame at `place`.
    fn write(&self, slab: Region<'_, u8>, place: usize, part: Range<usize>, last: bool, sum: u64) {
        slab.write(place - HEADER, &self.bytes[..HEADER + self.length]);
        let datagram = to_u16(self.length - self.transport + part.len());
        self.write_network(slab, place + self.network, part.start, datagram);
        let transport = place + self.transport;
        // The length counts in the pseudo-header.
        let mut sum = self.transport_sum + sum + field(datagram);
        if self.protocol == IPPROTO_TCP {
            let sequence = self.sequence.wrapping_add(u32::try_from(part.start).unwrap_or(0));
            let later = if last { 0 } else { TCP_FIN | TCP_PSH };
            let before = if part.start == 0 { 0 } else { TCP_CWR };
            let flags = self.flags & !later & !before;
            slab.write(transport + TCP_SEQUENCE, &sequence.to_be_bytes());
            slab.write(transport + TCP_FLAGS, &[flags]);
            sum += u64::from(sequence.to_be()) + field(flags.into());
        } else {
            slab.write(transport + UDP_LENGTH, &datagram.to_be_bytes());
            sum += field(datagram);
        }
        // In TCP 0 is as good as ffff, and what the kernel's segmentation writes.
        let value = match !fold(sum) {
            0 if self.protocol != IPPROTO_TCP => u16::MAX,
            value => value,
        };
        slab.write(transport + checksum_offset(self.protocol), &value.to_ne_bytes());
    }

    /// Writes what changes in the IP header before `datagram` bytes of TCP or UDP.
    fn write_network(&self, slab: Region<'_, u8>, at: usize, offset: usize, datagram: u16) {
        let header = self.transport - self.network;
        if self.ipv6 {
            let length = datagram + to_u16(header - IPV6);
            slab.write(at + IPV6_LENGTH, &length.to_be_bytes());
            return;
        }
        let length = datagram + to_u16(header);
        // Whether or not it may be fragmented, each has the next number.
        let id = self.id.wrapping_add(to_u16(offset / self.gso_size));
        let value = !fold(self.network_sum + field(length) + field(id));
        slab.write(at + IPV4_LENGTH, &length.to_be_bytes());
        slab.write(at + IPV4_ID, &id.to_be_bytes());
        slab.write(at + IPV4_CHECKSUM, &value.to_ne_bytes());
    }
}
