//! Flows whose last super-frame can still grow, and what fits behind it.

use crate::candidate::{Candidate, Checksum, HEADERS};
use crate::packet::{
    Headers, IPPROTO_TCP, IPV4_DF, IPV4_FRAGMENT, Packet, TCP_FIN, TCP_FLAGS, TCP_PSH, clear_own,
    to_u16,
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
    /// Which one it is in the plan.
    pub(crate) entry: usize,
    /// The first segment.
    pub(crate) frame: Frame,
    /// What is known of the first segment's checksum.
    pub(crate) checksum: Checksum,
    headers: [u8; HEADERS],
    /// The bits of headers that all segments have in common.
    common: [u8; HEADERS],
    packet: Packet,
    payload: usize,
    segments: usize,
    /// Bytes of payload of the first segment, and of all.
    gso_size: usize,
    length: usize,
    next_sequence: u32,
    id: u16,
    never_fragmented: bool,
    /// Whether all have the same identification.
    fixed_id: bool,
}

/// The flows, in buckets by their hashes.
pub(crate) struct Flows {
    /// The hash of each, 0 for none.
    hashes: [u64; FLOWS],
    held: [Flow; FLOWS],
    /// Which place of a bucket is taken next when all are.
    next: [usize; FLOWS / BUCKET],
}

impl Flows {
    #[expect(clippy::large_stack_arrays, reason = "it is never on a stack")]
    pub(crate) const NONE: Self =
        Self { hashes: [0; FLOWS], held: [Flow::NONE; FLOWS], next: [0; FLOWS / BUCKET] };

    /// Forgets all flows.
    pub(crate) fn clear(&mut self) {
        self.hashes.fill(0);
    }

    /// The flow with a hash.
    pub(crate) fn find(&mut self, hash: u64) -> Option<&mut Flow> {
        let place = self.place(hash, hash)?;
        Some(&mut self.held[place])
    }

    /// Forgets a flow.
    pub(crate) fn close(&mut self, hash: u64) {
        if let Some(place) = self.place(hash, hash) {
            self.hashes[place] = 0;
        }
    }

    /// Begins a super-frame, in the place of the flow's last one, or a free one, or the one that was
    /// longest ago taken from another flow.
    pub(crate) fn open(&mut self, candidate: &Candidate<'_>, frame: Frame, entry: usize) {
        let hash = candidate.hash;
        let free = self.place(hash, hash).or_else(|| self.place(hash, 0));
        let place = free.unwrap_or_else(|| {
            let next = &mut self.next[bucket(hash)];
            *next = (*next + 1) % BUCKET;
            bucket(hash) * BUCKET + *next
        });
        self.hashes[place] = hash;
        self.held[place].begin(candidate, frame, entry);
    }

    /// Where in the bucket of `hash` there is `wanted`.
    fn place(&self, hash: u64, wanted: u64) -> Option<usize> {
        let first = bucket(hash) * BUCKET;
        let found = self.hashes[first..first + BUCKET].iter().position(|hash| *hash == wanted)?;
        Some(first + found)
    }
}

fn bucket(hash: u64) -> usize {
    // The upper bits have seen all of the input.
    (hash >> 61) as usize
}

impl Flow {
    /// Nothing but zeros, so that nothing has to be stored to begin with.
    const NONE: Self = Self {
        entry: 0,
        frame: Frame { offset: 0, length: 0 },
        checksum: Checksum::Good,
        headers: [0; HEADERS],
        common: [0; HEADERS],
        packet: Packet {
            ipv6: false,
            network: 0,
            transport: 0,
            end: 0,
            protocol: 0,
            fragment: false,
        },
        payload: 0,
        segments: 0,
        gso_size: 0,
        length: 0,
        next_sequence: 0,
        id: 0,
        never_fragmented: false,
        fixed_id: false,
    };

    fn begin(&mut self, candidate: &Candidate<'_>, frame: Frame, entry: usize) {
        let Candidate { packet, payload, .. } = *candidate;
        self.headers.copy_from_slice(&candidate.headers.bytes[..HEADERS]);
        self.set_common(&packet, payload);
        self.entry = entry;
        self.frame = frame;
        self.checksum = candidate.checksum;
        self.packet = packet;
        self.payload = payload;
        self.segments = 1;
        self.gso_size = candidate.length;
        self.length = candidate.length;
        self.next_sequence = candidate.sequence.wrapping_add(candidate.length_u32());
        self.id = candidate.id;
        self.never_fragmented = self.headers[packet.network + IPV4_FRAGMENT] & IPV4_DF != 0;
        self.fixed_id = false;
    }

    /// All bits of the headers, but for those that a segment has of its own.
    fn set_common(&mut self, packet: &Packet, payload: usize) {
        self.common[..payload].fill(0xff);
        self.common[payload..].fill(0);
        clear_own(&mut self.common, packet);
        if packet.protocol == IPPROTO_TCP {
            self.common[packet.transport + TCP_FLAGS] = !(TCP_FIN | TCP_PSH);
        }
    }

    /// Whether a segment may be the next one.
    pub(crate) fn takes(&self, next: &Candidate<'_>) -> bool {
        let most = if self.packet.protocol == IPPROTO_TCP { usize::MAX } else { DATAGRAMS_MAX };
        next.length <= self.gso_size
            && self.segments < most
            && self.payload - self.packet.network + self.length + next.length <= PACKET_MAX
            && self.id_follows(next)
            && (self.packet.protocol != IPPROTO_TCP || self.next_sequence == next.sequence)
            && self.has_headers_of(next.headers)
    }

    /// Takes it; returns whether none can follow.
    pub(crate) fn take(&mut self, next: &Candidate<'_>) -> bool {
        self.fixed_id |= self.segments == 1 && next.id == self.id;
        self.segments += 1;
        self.length += next.length;
        self.next_sequence = self.next_sequence.wrapping_add(next.length_u32());
        next.length < self.gso_size || next.is_last()
    }

    /// IPv4 counts up, or stays at one number in packets that are never fragmented.
    fn id_follows(&self, next: &Candidate<'_>) -> bool {
        let fixed = next.id == self.id;
        let counted = next.id == self.id.wrapping_add(to_u16(self.segments));
        match self.segments {
            _ if self.packet.ipv6 => true,
            1 => counted || fixed && self.never_fragmented,
            _ if self.fixed_id => fixed,
            _ => counted,
        }
    }

    /// Whether the headers differ in no bit that they have in common: they are of one length then, too.
    fn has_headers_of(&self, next: &Headers) -> bool {
        let mut differ = 0;
        for at in 0..HEADERS {
            differ |= (self.headers[at] ^ next.bytes[at]) & self.common[at];
        }
        differ == 0
    }
}
