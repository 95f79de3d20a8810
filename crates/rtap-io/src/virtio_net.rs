//! The header before each frame (`struct virtio_net_hdr` of `linux/virtio_net.h`), in the byte order of
//! the host, as TAP devices have it unless told otherwise.

use crate::queue::HEADER;

/// The checksum is to be made: from `csum_start` on, at `csum_offset` behind that.
pub const F_NEEDS_CSUM: u8 = 1;
/// The checksum is known to be good.
pub const F_DATA_VALID: u8 = 2;

/// No super-frame.
pub const GSO_NONE: u8 = 0;
/// A super-frame of TCP over IPv4.
pub const GSO_TCPV4: u8 = 1;
/// A UDP datagram to be sent as IP fragments; no kernel of today makes it.
pub const GSO_UDP: u8 = 3;
/// A super-frame of TCP over IPv6.
pub const GSO_TCPV6: u8 = 4;
/// A super-frame of UDP datagrams.
pub const GSO_UDP_L4: u8 = 5;
/// Beside a TCP type: CWR stands in the first segment alone.
pub const GSO_ECN: u8 = 0x80;

/// What a header says; whether that is true is another matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VirtioNetHeader {
    /// `F_NEEDS_CSUM`, `F_DATA_VALID`.
    pub flags: u8,
    /// One of the `GSO` types.
    pub gso_type: u8,
    /// Length of all headers; a hint, never believed.
    pub hdr_len: u16,
    /// Bytes of payload in each segment.
    pub gso_size: u16,
    /// Where the sum begins in the frame.
    pub csum_start: u16,
    /// Where the checksum goes, from there.
    pub csum_offset: u16,
}

impl VirtioNetHeader {
    /// Reads it from its bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; HEADER]) -> Self {
        let field = |at| u16::from_ne_bytes([bytes[at], bytes[at + 1]]);
        Self {
            flags: bytes[0],
            gso_type: bytes[1],
            hdr_len: field(2),
            gso_size: field(4),
            csum_start: field(6),
            csum_offset: field(8),
        }
    }

    /// Its bytes.
    #[must_use]
    pub fn to_bytes(self) -> [u8; HEADER] {
        let mut bytes = [self.flags, self.gso_type, 0, 0, 0, 0, 0, 0, 0, 0];
        let fields = [self.hdr_len, self.gso_size, self.csum_start, self.csum_offset];
        for (index, field) in fields.into_iter().enumerate() {
            bytes[2 + 2 * index..4 + 2 * index].copy_from_slice(&field.to_ne_bytes());
        }
        bytes
    }

    /// Whether the frame is a super-frame by its header.
    #[must_use]
    pub fn is_gso(&self) -> bool {
        self.gso_type != GSO_NONE
    }

    /// Whether the checksum is to be made.
    #[must_use]
    pub fn needs_checksum(&self) -> bool {
        self.flags & F_NEEDS_CSUM != 0
    }

    /// What it says of the frame when nothing is left to do.
    #[must_use]
    pub fn ready(&self) -> Self {
        Self { flags: if self.is_valid() { F_DATA_VALID } else { 0 }, ..Self::default() }
    }

    /// Whether the checksum is known to be good.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.flags & (F_NEEDS_CSUM | F_DATA_VALID) == F_DATA_VALID
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        let bytes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
        let header = VirtioNetHeader::from_bytes(bytes);
        assert_eq!(header.to_bytes(), bytes);
        assert_eq!((header.flags, header.gso_type), (1, 2));
        assert_eq!(header.csum_offset, u16::from_ne_bytes([9, 10]));
    }

    #[test]
    fn a_checksum_to_be_made_is_not_yet_good() {
        let valid = |flags| VirtioNetHeader { flags, ..VirtioNetHeader::default() }.is_valid();
        assert_eq!([0, 1, 2, 3, 6].map(valid), [false, false, true, false, true]);
    }
}
