//! What a burst counts, and where: words that are only ever added to.
//!
//! The first six are the totals, the rest are the extended statistics of the reference driver, by its
//! names, and classes for the frames that it leaves out. `@rtap/native` has the same list.

use crate::queue::FRAME_MIN;
use crate::region::Region;
use crate::virtio_net::{F_DATA_VALID, F_NEEDS_CSUM, GSO_TCPV4, GSO_TCPV6};

/// Frames received.
pub const RX_PACKETS: usize = 0;
/// Bytes received, without headers.
pub const RX_BYTES: usize = 1;
/// Frames that the kernel could not describe in a header, and reads that failed for another reason
/// than the end of the device.
pub const RX_ERRORS: usize = 2;
/// Frames sent.
pub const TX_PACKETS: usize = 3;
/// Bytes sent, without headers.
pub const TX_BYTES: usize = 4;
/// Frames refused.
pub const TX_ERRORS: usize = 5;

/// Received frames by size: the first of [`SIZES`] words.
pub const RX_SIZES: usize = 6;
/// Received frames by destination: broadcast, multicast, unicast.
pub const RX_ADDRESSES: usize = RX_SIZES + SIZES;
/// Super-frames of TCP received.
pub const RX_LRO: usize = RX_ADDRESSES + ADDRESSES;
/// Frames received whose checksum the kernel vouches for.
pub const RX_CHECKSUM_GOOD: usize = RX_LRO + 1;
/// Frames received whose checksum is not filled in.
pub const RX_CHECKSUM_NONE: usize = RX_CHECKSUM_GOOD + 1;
/// Stays 0: a virtio-net header cannot say it.
pub const RX_CHECKSUM_BAD: usize = RX_CHECKSUM_NONE + 1;
/// Stays 0: nothing is allocated for a frame.
pub const RX_MBUF_ALLOC_FAILED: usize = RX_CHECKSUM_BAD + 1;

/// Sent frames by size: the first of [`SIZES`] words.
pub const TX_SIZES: usize = RX_MBUF_ALLOC_FAILED + 1;
/// Sent frames by destination: broadcast, multicast, unicast.
pub const TX_ADDRESSES: usize = TX_SIZES + SIZES;
/// Super-frames of TCP sent.
pub const TX_TSO: usize = TX_ADDRESSES + ADDRESSES;
/// Frames sent whose checksum is left to the kernel.
pub const TX_CHECKSUM_OFFLOAD: usize = TX_TSO + 1;
/// Stays 0: a frame is one piece by the time it is sent.
pub const TX_MULTISEG: usize = TX_CHECKSUM_OFFLOAD + 1;
/// How many words there are.
pub const COUNT: usize = TX_MULTISEG + 1;

/// Classes of size, each frame in one: up to 64 bytes, 65 to 127, 128 to 255, 256 to 511, 512 to
/// 1023, 1024 to 1518, more, and super-frames of whatever size.
pub const SIZES: usize = 8;
const SUPER_FRAMES: usize = SIZES - 1;
/// The largest frame of Ethernet with a VLAN tag, and without its checksum.
const ETHERNET_MAX: usize = 1518;

/// Classes of destination, each frame in one.
pub const ADDRESSES: usize = 3;
const UNICAST: usize = ADDRESSES - 1;
const BROADCAST_ADDRESS: u64 = 0xffff_ffff_ffff;

/// `gso_type` without its flags: ECN and tunnels.
const GSO_KIND: u8 = 0x1f;

/// What the frames of one burst come to, in one direction.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    packets: u64,
    bytes: u64,
    sizes: [u64; SIZES],
    addresses: [u64; ADDRESSES],
    tcp_super_frames: u64,
    checksum_needed: u64,
    checksum_valid: u64,
}

impl Tally {
    /// Counts a frame of `length` bytes; `start` is its virtio-net header with the destination behind
    /// it, 16 bytes, the first one lowest.
    #[inline]
    pub(crate) fn count(&mut self, start: [u64; 2], length: usize) {
        self.packets += 1;
        self.bytes += length as u64;
        if length < FRAME_MIN {
            // No TAP gives such a frame. It has no destination.
            self.sizes[0] += 1;
            return;
        }
        let [header, end] = start;
        let [flags, gso_type, ..] = header.to_le_bytes();
        let kind = gso_type & GSO_KIND;
        let size = if kind == 0 { size_class(length) } else { SUPER_FRAMES };
        self.sizes[size] += 1;
        // The two bytes below the address are the header's last.
        let address = end >> 16;
        let group = usize::from(address & 1 != 0);
        let broadcast = usize::from(address == BROADCAST_ADDRESS);
        self.addresses[UNICAST - group - broadcast] += 1;
        self.tcp_super_frames += u64::from(kind == GSO_TCPV4 || kind == GSO_TCPV6);
        self.checksum_needed += u64::from(flags & F_NEEDS_CSUM != 0);
        self.checksum_valid += u64::from(flags & (F_NEEDS_CSUM | F_DATA_VALID) == F_DATA_VALID);
    }

    /// Adds all to the words of received frames.
    pub(crate) fn add_received(&self, counters: Region<'_, u64>) {
        counters.add(RX_PACKETS, self.packets);
        counters.add(RX_BYTES, self.bytes);
        add_all(counters, RX_SIZES, &self.sizes);
        add_all(counters, RX_ADDRESSES, &self.addresses);
        counters.add(RX_LRO, self.tcp_super_frames);
        counters.add(RX_CHECKSUM_GOOD, self.checksum_valid);
        counters.add(RX_CHECKSUM_NONE, self.checksum_needed);
    }

    /// Adds all to the words of sent frames.
    pub(crate) fn add_sent(&self, counters: Region<'_, u64>) {
        counters.add(TX_PACKETS, self.packets);
        counters.add(TX_BYTES, self.bytes);
        add_all(counters, TX_SIZES, &self.sizes);
        add_all(counters, TX_ADDRESSES, &self.addresses);
        counters.add(TX_TSO, self.tcp_super_frames);
        counters.add(TX_CHECKSUM_OFFLOAD, self.checksum_needed);
    }
}

fn add_all(counters: Region<'_, u64>, first: usize, values: &[u64]) {
    for (index, value) in values.iter().enumerate() {
        counters.add(first + index, *value);
    }
}

/// The class of a frame that is no super-frame: the classes end at powers of two, but for the first
/// and the last.
fn size_class(length: usize) -> usize {
    let bits = (usize::BITS - length.leading_zeros()) as usize;
    bits.clamp(6, 11) - 6 + usize::from(length > ETHERNET_MAX) - usize::from(length == 64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNICAST_TO: [u8; 6] = [2, 0, 0, 0, 0, 1];

    fn start(flags: u8, gso_type: u8, destination: [u8; 6]) -> [u64; 2] {
        let mut end = [0xff; 8];
        end[2..].copy_from_slice(&destination);
        [
            u64::from_le_bytes([flags, gso_type, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
            u64::from_le_bytes(end),
        ]
    }

    fn tally(frames: &[([u64; 2], usize)]) -> Tally {
        let mut tally = Tally::default();
        for (start, length) in frames {
            tally.count(*start, *length);
        }
        tally
    }

    #[test]
    fn classes_of_size_end_where_their_names_say() {
        let borders = [(14, 64), (65, 127), (128, 255), (256, 511), (512, 1023), (1024, 1518)];
        let mut expected = Vec::new();
        for (class, (first, last)) in borders.into_iter().enumerate() {
            expected.extend((first..=last).map(|_| class));
        }
        expected.extend((1519..=65_553).map(|_| 6));
        let classes: Vec<usize> = (14..=65_553).map(size_class).collect();
        assert_eq!(classes, expected);
        assert_eq!(size_class(0), 0);
        assert_eq!(size_class(usize::MAX), 6);
    }

    #[test]
    fn a_super_frame_is_in_a_class_of_its_own() {
        // TCP over IPv4 and IPv6, with and without ECN, in a tunnel; UDP by its two names.
        let tcp = [1, 4, 0x81, 0x84, 0x21, 0x44];
        let frames = tcp.iter().chain(&[3, 5]).map(|kind| (start(1, *kind, UNICAST_TO), 9000));
        let tally = tally(&frames.collect::<Vec<_>>());
        assert_eq!(tally.sizes, [0, 0, 0, 0, 0, 0, 0, 8]);
        assert_eq!((tally.tcp_super_frames, tally.checksum_needed), (6, 8));
    }

    #[test]
    fn destinations_are_of_one_kind_each() {
        let of = |destination| tally(&[(start(0, 0, destination), 60)]).addresses;
        assert_eq!(of([0xff; 6]), [1, 0, 0]);
        assert_eq!(of([0xff, 0xff, 0xff, 0xff, 0xff, 0xfe]), [0, 1, 0]);
        assert_eq!(of([0x01, 0, 0x5e, 0, 0, 1]), [0, 1, 0]);
        assert_eq!(of([0x33, 0x33, 0, 0, 0, 1]), [0, 1, 0]);
        assert_eq!(of([0xfe, 0xff, 0xff, 0xff, 0xff, 0xff]), [0, 0, 1]);
        assert_eq!(of([0; 6]), [0, 0, 1]);
    }

    #[test]
    fn a_checksum_is_to_be_made_or_known_good_or_nothing_is_said() {
        let frames = [0, 1, 2, 3, 4].map(|flags| (start(flags, 0, UNICAST_TO), 60));
        let tally = tally(&frames);
        assert_eq!((tally.checksum_needed, tally.checksum_valid), (2, 1));
    }

    #[test]
    fn less_than_an_ethernet_header_has_no_destination() {
        let tally = tally(&[(start(3, 1, [0xff; 6]), 13)]);
        assert_eq!((tally.packets, tally.bytes, tally.sizes[0]), (1, 13, 1));
        assert_eq!((tally.addresses, tally.tcp_super_frames), ([0; 3], 0));
    }

    #[test]
    fn directions_share_no_word() {
        let tally = Tally {
            packets: 1,
            bytes: 2,
            sizes: [3, 4, 5, 6, 7, 8, 9, 10],
            addresses: [11, 12, 13],
            tcp_super_frames: 14,
            checksum_needed: 15,
            checksum_valid: 16,
        };
        let mut words = [0; COUNT];
        tally.add_received(Region::from(&mut words[..]));
        let received = [
            [1, 2, 0, 0, 0, 0].as_slice(),
            &[3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 15, 0, 0],
            &[0; 14],
        ];
        assert_eq!(words.as_slice(), received.concat());
        let mut words = [0; COUNT];
        tally.add_sent(Region::from(&mut words[..]));
        let sent = [
            [0, 0, 0, 1, 2, 0].as_slice(),
            &[0; 16],
            &[3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0],
        ];
        assert_eq!(words.as_slice(), sent.concat());
    }

    #[test]
    fn words_stand_where_javascript_looks_for_them() {
        // packages/native/src/counters.ts.
        let received = [RX_SIZES, RX_ADDRESSES, RX_LRO, RX_CHECKSUM_GOOD, RX_CHECKSUM_NONE];
        assert_eq!(received, [6, 14, 17, 18, 19]);
        assert_eq!([RX_CHECKSUM_BAD, RX_MBUF_ALLOC_FAILED], [20, 21]);
        let sent = [TX_SIZES, TX_ADDRESSES, TX_TSO, TX_CHECKSUM_OFFLOAD, TX_MULTISEG, COUNT];
        assert_eq!(sent, [22, 30, 33, 34, 35, 36]);
    }
}
