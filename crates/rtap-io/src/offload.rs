//! What the header of a frame asks for, believed only when the frame agrees.

use crate::packet::{
    Contents, HEADERS_MAX, Headers, IPPROTO_TCP, IPPROTO_UDP, Packet, UDP_LENGTH, checksum_offset,
};
use crate::queue::FRAME_MIN;
use crate::region::Region;
use crate::slab::{Frame, Frames};
use crate::virtio_net::{GSO_ECN, GSO_TCPV4, GSO_TCPV6, GSO_UDP_L4, VirtioNetHeader};

/// What has to be done to a frame before it can go out on a wire.
#[expect(clippy::large_enum_variant, reason = "nothing is allocated for a frame")]
#[derive(Debug)]
pub(crate) enum Work {
    /// Nothing.
    Nothing,
    /// Its checksum has to be completed.
    Checksum(PartialChecksum),
    /// It has to be segmented.
    Segments(SuperFrame),
}

/// A checksum whose field holds the sum of the pseudo-header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PartialChecksum {
    /// Where the sum begins; it goes to the end of the frame.
    pub(crate) start: usize,
    /// Where the checksum goes.
    pub(crate) field: usize,
}

/// Several segments in one frame, with one set of headers.
#[derive(Debug)]
pub(crate) struct SuperFrame {
    /// A copy of the first bytes.
    pub(crate) headers: Headers,
    pub(crate) packet: Packet,
    /// Where the payload begins; it goes to the end of the packet.
    pub(crate) payload: usize,
    /// Bytes of payload in each segment but the last.
    pub(crate) gso_size: usize,
    /// Whether the checksum field holds the sum of the pseudo-header.
    pub(crate) partial: bool,
}

impl Work {
    /// What a frame needs, or nothing when its header is not true of it.
    pub(crate) fn of(frames: Frames<'_>, frame: Frame) -> Option<Self> {
        let header = frames.header(frame);
        if header.is_gso() {
            let whole = SuperFrame::check(frames.slab, frame, header)?;
            // The kernel takes one that is a single segment for a common frame, too.
            if whole.packet.end - whole.payload > whole.gso_size {
                return Some(Self::Segments(whole));
            }
        }
        if header.needs_checksum() {
            return PartialChecksum::check(header, frame.length).map(Self::Checksum);
        }
        Some(Self::Nothing)
    }
}

impl PartialChecksum {
    fn check(header: VirtioNetHeader, length: usize) -> Option<Self> {
        let start = usize::from(header.csum_start);
        let field = start + usize::from(header.csum_offset);
        (start >= FRAME_MIN && field + 2 <= length).then_some(Self { start, field })
    }
}

impl SuperFrame {
    fn check(slab: Region<'_, u8>, frame: Frame, header: VirtioNetHeader) -> Option<Self> {
        let mut headers = Headers::NONE;
        headers.read(slab, frame.offset, frame.length, HEADERS_MAX)?;
        let Contents::Packet(packet) = headers.parse(frame.length) else { return None };
        let (ipv6, protocol) = match (header.gso_type & !GSO_ECN, header.gso_type & GSO_ECN) {
            (GSO_TCPV4, _) => (false, IPPROTO_TCP),
            (GSO_TCPV6, _) => (true, IPPROTO_TCP),
            (GSO_UDP_L4, 0) => (packet.ipv6, IPPROTO_UDP),
            _ => return None,
        };
        let agrees = packet.ipv6 == ipv6
            && packet.protocol == protocol
            && !packet.fragment
            && packet.end == frame.length;
        let partial = header.needs_checksum();
        let start = usize::from(header.csum_start);
        let offset = usize::from(header.csum_offset);
        let checksum = if partial {
            start == packet.transport && offset == checksum_offset(protocol)
        } else {
            // As the kernel has it: it makes the checksum of TCP anew, and refuses UDP.
            protocol == IPPROTO_TCP
        };
        // The largest is the kernel's word for segments of unequal length.
        let sized = (1..u16::MAX).contains(&header.gso_size);
        if !(agrees && checksum && sized) {
            return None;
        }
        let payload = packet.transport + headers.transport_length(&packet)?;
        let datagram = packet.end - packet.transport;
        if protocol == IPPROTO_UDP
            && headers.u16(packet.transport + UDP_LENGTH).map(usize::from) != Some(datagram)
        {
            return None;
        }
        let gso_size = usize::from(header.gso_size);
        Some(Self { headers, packet, payload, gso_size, partial })
    }
}
