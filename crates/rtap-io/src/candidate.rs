//! Whether a frame could be one segment of several, looked at alone.

use crate::checksum::{field, fold, sum};
use crate::packet::{
    Contents, HEADERS_MAX, Headers, IPPROTO_TCP, IPPROTO_UDP, IPV4, IPV4_FRAGMENT, IPV4_ID, IPV6,
    Packet, TCP_CWR, TCP_FIN, TCP_FLAGS, TCP_PSH, TCP_RST, TCP_SEQUENCE, TCP_SYN, TCP_URG,
    UDP_LENGTH, checksum_offset,
};
use crate::region::Region;
use crate::slab::{Frame, Frames};
use crate::virtio_net::VirtioNetHeader;

/// How many first bytes of a segment are looked at, so that the headers of a super-frame are no longer:
/// room for two VLAN tags, IPv6 and TCP with all options.
pub(crate) const HEADERS: usize = 128;
const _: () = assert!(HEADERS <= HEADERS_MAX);

/// What a frame is to the order of others.
#[derive(Debug)]
pub(crate) enum Class<'a> {
    /// Of no flow that is coalesced.
    Other,
    /// A part of a packet, or something that contradicts itself: of any flow, perhaps.
    Any,
    /// Of the flow with that hash, but not to be coalesced.
    Alone(u64),
    /// Perhaps one segment of several.
    Candidate(Candidate<'a>),
}

/// A segment.
#[derive(Debug)]
pub(crate) struct Candidate<'a> {
    /// Of addresses, ports, protocol and VLAN tags. Two flows with one hash hinder each other, no more.
    pub(crate) hash: u64,
    pub(crate) headers: &'a Headers,
    pub(crate) packet: Packet,
    /// Where the payload begins.
    pub(crate) payload: usize,
    /// Bytes of payload, one or more.
    pub(crate) length: usize,
    /// Of TCP.
    pub(crate) flags: u8,
    pub(crate) sequence: u32,
    /// Of IPv4.
    pub(crate) id: u16,
    pub(crate) checksum: Checksum,
}

/// What is known of a frame's checksum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Checksum {
    Good,
    Bad,
    /// It has to be summed; the pseudo-header comes to that.
    Unknown(u64),
}

impl Checksum {
    /// Sums what has to be summed; returns whether it is good.
    pub(crate) fn settle(&mut self, slab: Region<'_, u8>, frame: Frame, transport: usize) -> bool {
        if let Self::Unknown(pseudo_header) = *self {
            let sum = slab.sum(frame.offset + transport, frame.length - transport);
            let good = sum.is_some_and(|sum| fold(pseudo_header + sum) == u16::MAX);
            *self = if good { Self::Good } else { Self::Bad };
        }
        *self == Self::Good
    }
}

/// Looks at a frame; its first bytes are put into `headers`.
pub(crate) fn classify<'a>(
    frames: Frames<'_>,
    frame: Frame,
    headers: &'a mut Headers,
) -> Class<'a> {
    if headers.read(frames.slab, frame.offset, frame.length, HEADERS).is_none() {
        return Class::Any;
    }
    let headers = &*headers;
    let packet = match headers.parse(frame.length) {
        Contents::Other => return Class::Other,
        Contents::Malformed => return Class::Any,
        Contents::Packet(packet) if packet.fragment => return Class::Any,
        Contents::Packet(packet) => packet,
    };
    if packet.protocol != IPPROTO_TCP && packet.protocol != IPPROTO_UDP {
        return Class::Other;
    }
    let Some(hash) = hash(headers, &packet) else { return Class::Any };
    match Candidate::new(hash, headers, packet, frame.length, frames.header(frame)) {
        Some(candidate) => Class::Candidate(candidate),
        None => Class::Alone(hash),
    }
}

/// Never 0.
fn hash(headers: &Headers, packet: &Packet) -> Option<u64> {
    let addresses = if packet.ipv6 { 8..IPV6 } else { 12..IPV4 };
    let known = headers.known();
    let network = packet.network;
    let ports = headers.u32(packet.transport).filter(|_| packet.transport + 4 <= packet.end)?;
    let mut hash = u64::from(ports) << 8 | u64::from(packet.protocol);
    let mut mix = |bytes: &[u8]| {
        let (words, _) = bytes.as_chunks();
        for word in words {
            let mixed =
                (hash ^ u64::from(u32::from_ne_bytes(*word))).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            hash = mixed ^ mixed >> 29;
        }
    };
    mix(known.get(network + addresses.start..network + addresses.end)?);
    mix(known.get(12..network - 2)?);
    Some(hash | 1)
}

impl<'a> Candidate<'a> {
    fn new(
        hash: u64,
        headers: &'a Headers,
        packet: Packet,
        length: usize,
        header: VirtioNetHeader,
    ) -> Option<Self> {
        let Packet { network, transport, end, protocol, .. } = packet;
        // No super-frame, no padding, no options of IPv4, no extension headers of IPv6.
        let network_length = if packet.ipv6 { IPV6 } else { IPV4 };
        let payload = transport + headers.transport_length(&packet)?;
        if header.is_gso()
            || end != length
            || transport != network + network_length
            || payload == end
        {
            return None;
        }
        let reserved = headers.u16(network + IPV4_FRAGMENT)? & 0x8000 != 0;
        if !packet.ipv6 && (reserved || fold(sum(&headers.known()[network..transport])) != u16::MAX)
        {
            return None;
        }
        let mut flags = 0;
        if protocol == IPPROTO_TCP {
            flags = headers.byte(transport + TCP_FLAGS)?;
            if flags & (TCP_SYN | TCP_RST | TCP_URG | TCP_CWR) != 0 {
                return None;
            }
        } else if usize::from(headers.u16(transport + UDP_LENGTH)?) != end - transport
            || headers.u16(transport + checksum_offset(protocol)) == Some(0)
        {
            return None;
        }
        let checksum = Self::checksum(headers, &packet, header)?;
        Some(Self {
            hash,
            payload,
            length: end - payload,
            flags,
            sequence: headers.u32(transport + TCP_SEQUENCE).unwrap_or(0),
            id: headers.u16(network + IPV4_ID)?,
            checksum,
            headers,
            packet,
        })
    }

    /// Whether nothing can follow it.
    pub(crate) fn is_last(&self) -> bool {
        self.flags & (TCP_FIN | TCP_PSH) != 0
    }

    /// Bytes of payload, as sequence numbers count.
    pub(crate) fn length_u32(&self) -> u32 {
        u32::try_from(self.length).unwrap_or(0)
    }

    /// What is known of the checksum; nothing when it is to be made elsewhere or is wrong already.
    fn checksum(headers: &Headers, packet: &Packet, header: VirtioNetHeader) -> Option<Checksum> {
        let pseudo_header = headers.pseudo_header(packet)
            + field(u16::try_from(packet.end - packet.transport).ok()?);
        if header.is_valid() {
            return Some(Checksum::Good);
        }
        if !header.needs_checksum() {
            return Some(Checksum::Unknown(pseudo_header));
        }
        let offset = checksum_offset(packet.protocol);
        let begun = headers.u16(packet.transport + offset)?.to_be();
        // The sum of nothing but zeros is the only one that is 0; ffff is the same number.
        let equal = begun == fold(pseudo_header);
        let here = usize::from(header.csum_start) == packet.transport
            && usize::from(header.csum_offset) == offset;
        (equal && here).then_some(Checksum::Good)
    }
}
