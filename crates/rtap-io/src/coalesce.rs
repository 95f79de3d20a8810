//! Coalescing: consecutive segments of a flow become one super-frame, by the rules of the kernel's
//! generic receive offload (`tcp_gro_receive`, `udp_gro_receive_segment`).
//!
//! What is put together with what is planned for some hundred frames at a time, so that flows may be
//! mixed while each super-frame is written in one piece.

use std::cell::RefCell;

use crate::candidate::{Candidate, Checksum, Class, HEADERS, classify};
use crate::checksum::{field, fold, sum};
use crate::flow::Flows;
use crate::packet::{
    Headers, IPPROTO_TCP, IPV4_CHECKSUM, IPV4_LENGTH, IPV6_LENGTH, Packet, TCP_FLAGS, UDP_LENGTH,
    checksum_offset, pseudo_header, to_u16,
};
use crate::queue::HEADER;
use crate::region::Region;
use crate::segment::Progress;
use crate::slab::{Described, Frame, Frames, Packer, Room, taken};
use crate::virtio_net::{F_NEEDS_CSUM, GSO_TCPV4, GSO_TCPV6, GSO_UDP_L4, VirtioNetHeader};

/// Frames that are planned for at a time: eleven super-frames of Ethernet's segments, and some.
const WINDOW: usize = 512;

/// Puts consecutive segments of the frames `from` to `from + count - 1` together, and writes `max`
/// frames at most.
///
/// A frame that can't be put together with others goes out exactly as it came, its header too. The
/// frames of a flow stay in their order, those of different flows need not. Ends when the output is
/// full, and goes on with what was not consumed when called again. It always comes a step further with
/// room for one frame of any size (`queue::RX_ROOM`).
#[must_use]
pub fn coalesce_burst(
    input: Frames<'_>,
    from: usize,
    count: usize,
    output: Frames<'_>,
    max: usize,
) -> Progress {
    PLAN.with_borrow_mut(|plan| plan.burst(input, from, count, Packer::new(output, max)))
}
/// A frame of the plan.
#[derive(Clone, Copy)]
struct Entry {
    frame: Frame,
    /// Whether it is put behind another one.
    follows: bool,
    /// Of a frame that others are put behind.
    whole: Whole,
    /// The next one of its super-frame.
    next: Option<usize>,
}

/// A super-frame that is planned.
#[derive(Clone, Copy)]
struct Whole {
    /// Where the headers are, and where they end.
    network: usize,
    transport: usize,
    payload: usize,
    protocol: u8,
    ipv6: bool,
    /// Flags of TCP that any of the others has.
    flags: u8,
    /// The last one that is put behind it.
    last: usize,
    /// Length of the whole frame.
    length: usize,
}

/// What becomes of the frames of a window.
struct Plan {
    entries: [Entry; WINDOW],
    count: usize,
    flows: Flows,
    /// Descriptors that were gone through, and those that were left out.
    consumed: usize,
    refused: usize,
}

thread_local! {
    /// It would cost a microsecond to make it anew for each burst.
    static PLAN: RefCell<Plan> = const { RefCell::new(Plan::NONE) };
}

impl Plan {
    #[expect(clippy::large_stack_arrays, reason = "it is never on a stack")]
    const NONE: Self = Self {
        entries: [Entry::new(Frame { offset: 0, length: 0 }, 0); WINDOW],
        count: 0,
        flows: Flows::NONE,
        consumed: 0,
        refused: 0,
    };

    fn burst(
        &mut self,
        input: Frames<'_>,
        from: usize,
        count: usize,
        mut packer: Packer<'_>,
    ) -> Progress {
        let mut progress = Progress::default();
        while progress.consumed < count {
            let start = from.saturating_add(progress.consumed);
            self.make(input, start, count - progress.consumed, packer.room());
            if self.consumed == 0 {
                break;
            }
            self.carry_out(input.slab, &mut packer);
            progress.consumed += self.consumed;
            progress.refused += self.refused;
        }
        progress.written = packer.count();
        progress
    }

    /// Plans for as many frames as there is room for what becomes of them.
    fn make(&mut self, input: Frames<'_>, start: usize, count: usize, mut room: Room) {
        (self.count, self.consumed, self.refused) = (0, 0, 0);
        self.flows.clear();
        let mut headers = Headers::NONE;
        while self.consumed < count && self.count < WINDOW {
            let Some(described) = input.get(start.saturating_add(self.consumed)) else { break };
            match described {
                Described::Dropped => {}
                Described::Bad => self.refused += 1,
                Described::Frame(frame) => {
                    let Some(left) = self.add(input, frame, &mut headers, room) else { break };
                    room = left;
                }
            }
            self.consumed += 1;
        }
    }

    /// Adds a frame; returns the room that is left, or nothing when there was none for it.
    fn add(
        &mut self,
        input: Frames<'_>,
        frame: Frame,
        headers: &mut Headers,
        room: Room,
    ) -> Option<Room> {
        match classify(input, frame, headers) {
            Class::Candidate(candidate) => self.add_candidate(input.slab, frame, candidate, room),
            Class::Alone(hash) => {
                self.flows.close(hash);
                self.push(frame, room)
            }
            Class::Any => {
                self.flows.clear();
                self.push(frame, room)
            }
            Class::Other => self.push(frame, room),
        }
    }

    /// Adds what may be a segment, behind others or as the first of its own super-frame.
    fn add_candidate(
        &mut self,
        slab: Region<'_, u8>,
        frame: Frame,
        mut candidate: Candidate<'_>,
        room: Room,
    ) -> Option<Room> {
        if let Some(flow) = self.flows.find(candidate.hash)
            && flow.takes(&candidate)
            && flow.checksum.settle(slab, flow.frame, candidate.packet.transport)
            && candidate.checksum.settle(slab, frame, candidate.packet.transport)
        {
            let whole = &mut self.entries[flow.entry].whole;
            let length = whole.length + candidate.length;
            let bytes = room.bytes.checked_sub(taken(0, length) - taken(0, whole.length))?;
            let last = std::mem::replace(&mut whole.last, self.count);
            whole.length = length;
            whole.flags |= candidate.flags;
            if flow.take(&candidate) {
                self.flows.close(candidate.hash);
            }
            self.entries[last].next = Some(self.count);
            self.entries[self.count] = Entry { follows: true, ..Entry::new(frame, self.count) };
            self.count += 1;
            return Some(Room { bytes, ..room });
        }
        let left = self.push(frame, room)?;
        let entry = self.count - 1;
        let Packet { ipv6, network, transport, protocol, .. } = candidate.packet;
        let whole = &mut self.entries[entry].whole;
        *whole = Whole { ipv6, network, transport, protocol, payload: candidate.payload, ..*whole };
        if candidate.is_last() || candidate.checksum == Checksum::Bad {
            self.flows.close(candidate.hash);
        } else {
            self.flows.open(&candidate, frame, entry);
        }
        Some(left)
    }

    /// Adds a frame that goes out alone, so far.
    fn push(&mut self, frame: Frame, room: Room) -> Option<Room> {
        let frames = room.frames.checked_sub(1)?;
        let bytes = room.bytes.checked_sub(taken(0, frame.length))?;
        self.entries[self.count] = Entry::new(frame, self.count);
        self.count += 1;
        Some(Room { frames, bytes })
    }

    /// Writes what was planned, in the order of first frames.
    fn carry_out(&self, slab: Region<'_, u8>, packer: &mut Packer<'_>) {
        for entry in &self.entries[..self.count] {
            if entry.follows {
                continue;
            }
            // The plan has seen to the room.
            let Some(place) = packer.place(entry.whole.length) else { break };
            match entry.next {
                None => entry.copy(slab, place, packer.slab()),
                Some(next) => {
                    entry.write_headers(slab, place, packer.slab());
                    self.copy_payload(slab, entry, next, place, packer.slab());
                }
            }
            packer.push(place);
        }
    }

    /// Copies the payload of a super-frame's segments, one behind the other.
    fn copy_payload(
        &self,
        slab: Region<'_, u8>,
        first: &Entry,
        second: usize,
        place: Frame,
        to: Region<'_, u8>,
    ) {
        let payload = first.whole.payload;
        let length = first.frame.length - payload;
        slab.copy(first.frame.offset + payload, length, to, place.offset + payload);
        let mut at = place.offset + first.frame.length;
        let mut next = Some(second);
        while let Some(index) = next {
            let Entry { frame, next: following, .. } = self.entries[index];
            let length = frame.length - payload;
            slab.copy(frame.offset + payload, length, to, at);
            at += length;
            next = following;
        }
    }
}

impl Entry {
    /// A frame that is the `index`th of the plan.
    const fn new(frame: Frame, index: usize) -> Self {
        let whole = Whole {
            network: 0,
            transport: 0,
            payload: 0,
            protocol: 0,
            ipv6: false,
            flags: 0,
            last: index,
            length: frame.length,
        };
        Self { frame, follows: false, whole, next: None }
    }

    /// Copies a frame as it is, its virtio-net header too.
    fn copy(&self, slab: Region<'_, u8>, place: Frame, to: Region<'_, u8>) {
        let Frame { offset, length } = self.frame;
        slab.copy(offset - HEADER, HEADER + length, to, place.offset - HEADER);
    }

    /// Writes the headers of a super-frame: those of its first segment, with the lengths of the whole.
    fn write_headers(&self, slab: Region<'_, u8>, place: Frame, to: Region<'_, u8>) -> Option<()> {
        let Whole { network, transport, payload, protocol, ipv6, flags, length, .. } = self.whole;
        let mut bytes = [0; HEADER + HEADERS];
        let (virtio, rest) = bytes.split_at_mut(HEADER);
        let headers = &mut rest[..payload];
        slab.read(self.frame.offset, headers)?;
        let (ip, upper) = headers[network..].split_at_mut(transport - network);
        let datagram = to_u16(length - transport);
        if ipv6 {
            put(ip, IPV6_LENGTH, datagram.to_be_bytes());
        } else {
            put(ip, IPV4_LENGTH, to_u16(length - network).to_be_bytes());
            put(ip, IPV4_CHECKSUM, [0; 2]);
            put(ip, IPV4_CHECKSUM, (!fold(sum(ip))).to_ne_bytes());
        }
        let gso_type = match (protocol, ipv6) {
            (IPPROTO_TCP, false) => GSO_TCPV4,
            (IPPROTO_TCP, true) => GSO_TCPV6,
            _ => GSO_UDP_L4,
        };
        if protocol == IPPROTO_TCP {
            upper[TCP_FLAGS] |= flags;
        } else {
            put(upper, UDP_LENGTH, datagram.to_be_bytes());
        }
        let partial = fold(pseudo_header(ip, ipv6, protocol) + field(datagram));
        put(upper, checksum_offset(protocol), partial.to_ne_bytes());
        let header = VirtioNetHeader {
            flags: F_NEEDS_CSUM,
            gso_type,
            hdr_len: to_u16(payload),
            gso_size: to_u16(self.frame.length - payload),
            csum_start: to_u16(transport),
            csum_offset: to_u16(checksum_offset(protocol)),
        };
        put(virtio, 0, header.to_bytes());
        to.write(place.offset - HEADER, &bytes[..HEADER + payload])
    }
}

fn put<const LENGTH: usize>(bytes: &mut [u8], at: usize, value: [u8; LENGTH]) {
    bytes[at..at + LENGTH].copy_from_slice(&value);
}
