//! Flows whose last super-frame can still grow, and what fits behind it.

use crate::candidate::{Candidate, Checksum, HEADERS};
use crate::packet::{
    IPPROTO_TCP, IPV4_CHECKSUM, IPV4_FRAGMENT, IPV4_LENGTH, IPV6_LENGTH, Packet, TCP_CHECKSUM,
    TCP_FIN, TCP_FLAGS, TCP_PSH, TCP_SEQUENCE, UDP_LENGTH, to_u16,
};
use crate::slab::Frame;

/// Flows that are known at a time: as many as the kernel holds.
const FLOWS: usize = 64;
/// Flows that have their places together; of more, the oldest is forgotten.
const BUCKET: usize = 8;

/// The largest IP packet.
const PACKET_MAX: usize = u16::MAX as usize;
/// Most datagrams in one; kernels before 6.13 refuse more (`UDP_MAX_SEGMENTS`).
const DATAGRAMS_MAX: usize = 64;

/// A super-frame to be, of one segment at first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Flow {
    /// The hash of the flow, 0 for none.
    hash: u64,
    /// Which one it is in the plan.
    pub(crate) entry: usize,
    /// The first segment.
    pub(crate) frame: Frame,
    headers: [u8; HEADERS],
    packet: Packet,
    payload: usize,
    /// What is known of the first segment's checksum.
    pub(crate) checksum: Checksum,
    segments: usize,
    /// Bytes of payload of the first segment, and of all.
    gso_size: usize,
    length: usize,
    next_sequence: u32,
    id: u16,
    /// Whether all have the same identification.
    fixed_id: bool,
}

/// The flows, in buckets by their hashes.
pub(crate) struct Flows {
    flows: [Flow; FLOWS],
    /// Which place of a bucket is taken next.
    next: [usize; FLOWS / BUCKET],
}

impl Flows {
    pub(crate) fn new() -> Self {
        Self { flows: [Flow::NONE; FLOWS], next: [0; FLOWS / BUCKET] }
    }

    /// Forgets all flows.
    pub(crate) fn clear(&mut self) {
        for flow in &mut self.flows {
            flow.hash = 0;
        }
    }

    /// The flow with a hash.
    pub(crate) fn find(&mut self, hash: u64) -> Option<&mut Flow> {
        let first = bucket(hash) * BUCKET;
        self.flows[first..first + BUCKET].iter_mut().find(|flow| flow.hash == hash)
    }

    /// Forgets a flow.
    pub(crate) fn close(&mut self, hash: u64) {
        if let Some(flow) = self.find(hash) {
            flow.hash = 0;
        }
    }

    /// Begins a super-frame, in the place of the flow's last one, or a free one, or the one that was
    /// longest ago taken from another flow.
    pub(crate) fn open(&mut self, candidate: &Candidate, frame: Frame, entry: usize) {
        let bucket = bucket(candidate.hash);
        let flows = &mut self.flows[bucket * BUCKET..][..BUCKET];
        let at = |hash| flows.iter().position(|flow| flow.hash == hash);
        let place = at(candidate.hash).or_else(|| at(0)).unwrap_or_else(|| {
            let place = self.next[bucket];
            self.next[bucket] = (place + 1) % BUCKET;
            place
        });
        flows[place] = Flow::new(candidate, frame, entry);
    }
}

fn bucket(hash: u64) -> usize {
    // The upper bits have seen all of the input.
    (hash >> 61) as usize
}

impl Flow {
    const NONE: Self = Self {
        hash: 0,
        entry: 0,
        frame: Frame { offset: 0, length: 0 },
        headers: [0; HEADERS],
        packet: Packet {
            ipv6: false,
            network: 0,
            transport: 0,
            end: 0,
            protocol: 0,
            fragment: false,
        },
        payload: 0,
        checksum: Checksum::Bad,
        segments: 0,
        gso_size: 0,
        length: 0,
        next_sequence: 0,
        id: 0,
        fixed_id: false,
    };

    fn new(candidate: &Candidate, frame: Frame, entry: usize) -> Self {
        let mut headers = [0; HEADERS];
        let payload = candidate.payload;
        headers[..payload].copy_from_slice(&candidate.headers.known()[..payload]);
        Self {
            hash: candidate.hash,
            entry,
            frame,
            headers,
            packet: candidate.packet,
            payload,
            checksum: candidate.checksum,
            segments: 1,
            gso_size: candidate.length,
            length: candidate.length,
            next_sequence: candidate.sequence.wrapping_add(candidate.length_u32()),
            id: candidate.id,
            fixed_id: false,
        }
    }

    /// Whether a segment may be the next one.
    pub(crate) fn takes(&self, next: &Candidate) -> bool {
        let most = if self.packet.protocol == IPPROTO_TCP { usize::MAX } else { DATAGRAMS_MAX };
        next.length <= self.gso_size
            && self.segments < most
            && self.payload - self.packet.network + self.length + next.length <= PACKET_MAX
            && self.payload == next.payload
            && self.packet.network == next.packet.network
            && self.packet.ipv6 == next.packet.ipv6
            && self.packet.protocol == next.packet.protocol
            && self.id_follows(next)
            && (self.packet.protocol != IPPROTO_TCP || self.next_sequence == next.sequence)
            && self.has_headers_of(next.headers.known())
    }

    /// Takes it; returns whether none can follow.
    pub(crate) fn take(&mut self, next: &Candidate) -> bool {
        self.fixed_id |= self.segments == 1 && next.id == self.id;
        self.segments += 1;
        self.length += next.length;
        self.next_sequence = self.next_sequence.wrapping_add(next.length_u32());
        next.length < self.gso_size || next.is_last()
    }

    /// IPv4 counts up, or stays at one number in packets that are never fragmented.
    fn id_follows(&self, next: &Candidate) -> bool {
        let fixed = next.id == self.id;
        let counted = next.id == self.id.wrapping_add(to_u16(self.segments));
        let never_fragmented = self.headers[self.packet.network + IPV4_FRAGMENT] & 0x40 != 0;
        match self.segments {
            _ if self.packet.ipv6 => true,
            1 => counted || fixed && never_fragmented,
            _ if self.fixed_id => fixed,
            _ => counted,
        }
    }

    /// Compares all headers but what each segment has of its own.
    fn has_headers_of(&self, next: &[u8]) -> bool {
        let same = |start: usize, end: usize| self.headers[start..end] == next[start..end];
        let Packet { network, transport, .. } = self.packet;
        let ip = if self.packet.ipv6 {
            same(0, network + IPV6_LENGTH) && same(network + IPV6_LENGTH + 2, transport)
        } else {
            same(0, network + IPV4_LENGTH)
                && same(network + IPV4_FRAGMENT, network + IPV4_CHECKSUM)
                && same(network + IPV4_CHECKSUM + 2, transport)
        };
        if self.packet.protocol != IPPROTO_TCP {
            return ip && same(transport, transport + UDP_LENGTH);
        }
        let flags = transport + TCP_FLAGS;
        ip && same(transport, transport + TCP_SEQUENCE)
            && same(transport + TCP_SEQUENCE + 4, flags)
            && (self.headers[flags] ^ next[flags]) & !(TCP_FIN | TCP_PSH) == 0
            && same(flags + 1, transport + TCP_CHECKSUM)
            && same(transport + TCP_CHECKSUM + 2, self.payload)
    }
}
