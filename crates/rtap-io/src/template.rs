//! The headers that the segments of a super-frame get.

use std::ops::Range;

use crate::checksum::{field, fold, sum};
use crate::offload::SuperFrame;
use crate::packet::{
    HEADERS_MAX, IPPROTO_TCP, IPV4_CHECKSUM, IPV4_ID, IPV4_LENGTH, IPV6, IPV6_LENGTH, Packet,
    TCP_CWR, TCP_FIN, TCP_FLAGS, TCP_PSH, TCP_SEQUENCE, UDP_LENGTH, checksum_offset, clear_own,
    to_u16,
};
use crate::queue::HEADER;
use crate::region::Region;

/// The headers of the segments of a super-frame.
pub(crate) struct Template {
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
    pub(crate) fn new(whole: &SuperFrame) -> Self {
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
    pub(crate) fn write(
        &self,
        slab: Region<'_, u8>,
        place: usize,
        part: Range<usize>,
        last: bool,
        sum: u64,
    ) {
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
