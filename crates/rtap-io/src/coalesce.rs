//! Coalescing: consecutive segments of a flow become one super-frame, by the rules of the kernel's
//! generic receive offload (`tcp_gro_receive`, `udp_gro_receive_segment`).

use std::cell::RefCell;

use crate::candidate::HEADERS;
use crate::checksum::{field, fold, sum};
use crate::packet::{
    IPPROTO_TCP, IPV4_CHECKSUM, IPV4_LENGTH, IPV6_LENGTH, TCP_FLAGS, UDP_LENGTH, checksum_offset,
    pseudo_header, to_u16,
};
use crate::plan::{Entry, Plan, Whole};
use crate::progress::Progress;
use crate::queue::HEADER;
use crate::region::Region;
use crate::slab::{Frame, Frames, Packer};
use crate::virtio_net::{F_NEEDS_CSUM, GSO_TCPV4, GSO_TCPV6, GSO_UDP_L4, VirtioNetHeader};

thread_local! {
    /// It would cost a microsecond to make it anew for each burst.
    static PLAN: RefCell<Plan> = const { RefCell::new(Plan::NONE) };
}

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
    let mut packer = Packer::new(output, max);
    let mut progress = Progress::default();
    PLAN.with_borrow_mut(|plan| {
        while progress.consumed < count {
            let start = from.saturating_add(progress.consumed);
            plan.make(input, start, count - progress.consumed, packer.room());
            if plan.consumed == 0 {
                break;
            }
            carry_out(plan, input.slab, &mut packer);
            progress.consumed += plan.consumed;
            progress.refused += plan.refused;
        }
    });
    progress.written = packer.count();
    progress
}

/// Writes what was planned, in the order of first frames.
fn carry_out(plan: &Plan, slab: Region<'_, u8>, packer: &mut Packer<'_>) {
    for entry in plan.entries() {
        if entry.follows {
            continue;
        }
        // The plan has seen to the room.
        let Some(place) = packer.place(entry.whole.length) else { break };
        match entry.next {
            None => copy_frame(entry, slab, place, packer.slab()),
            Some(next) => {
                write_headers(entry, slab, place, packer.slab());
                copy_payload(plan, slab, entry, next, place, packer.slab());
            }
        }
        packer.push(place);
    }
}

/// Copies the payload of a super-frame's segments, one behind the other.
fn copy_payload(
    plan: &Plan,
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
        let Entry { frame, next: following, .. } = plan.entries()[index];
        let length = frame.length - payload;
        slab.copy(frame.offset + payload, length, to, at);
        at += length;
        next = following;
    }
}

/// Copies a frame as it is, its virtio-net header too.
fn copy_frame(entry: &Entry, slab: Region<'_, u8>, place: Frame, to: Region<'_, u8>) {
    let Frame { offset, length } = entry.frame;
    slab.copy(offset - HEADER, HEADER + length, to, place.offset - HEADER);
}

/// Writes the headers of a super-frame: those of its first segment, with the lengths of the whole.
fn write_headers(
    entry: &Entry,
    slab: Region<'_, u8>,
    place: Frame,
    to: Region<'_, u8>,
) -> Option<()> {
    let Whole { network, transport, payload, protocol, ipv6, flags, length, .. } = entry.whole;
    let mut bytes = [0; HEADER + HEADERS];
    let (virtio, rest) = bytes.split_at_mut(HEADER);
    let headers = &mut rest[..payload];
    slab.read(entry.frame.offset, headers)?;
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
        gso_size: to_u16(entry.frame.length - payload),
        csum_start: to_u16(transport),
        csum_offset: to_u16(checksum_offset(protocol)),
    };
    put(virtio, 0, header.to_bytes());
    to.write(place.offset - HEADER, &bytes[..HEADER + payload])
}

fn put<const LENGTH: usize>(bytes: &mut [u8], at: usize, value: [u8; LENGTH]) {
    bytes[at..at + LENGTH].copy_from_slice(&value);
}
