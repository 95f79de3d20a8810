//! Where the headers of a frame are.
//!
//! Read from a private copy of the frame's first bytes, so that what was checked stays so.

use crate::checksum::{field, sum};
use crate::region::Region;

/// How many first bytes of a frame are looked at: room for Ethernet, eight VLAN tags and 60 bytes each
/// of IP and TCP, or 100 bytes of IPv6 extension headers.
pub(crate) const HEADERS_MAX: usize = 256;

const ETHERNET: usize = 14;
const VLAN_TAG: usize = 4;
/// As many as the kernel goes through (`VLAN_MAX_DEPTH`).
const VLAN_TAGS_MAX: usize = 8;

const ETH_P_IP: u16 = 0x0800;
const ETH_P_IPV6: u16 = 0x86dd;
const ETH_P_8021Q: u16 = 0x8100;
const ETH_P_8021AD: u16 = 0x88a8;

pub(crate) const IPPROTO_TCP: u8 = 6;
pub(crate) const IPPROTO_UDP: u8 = 17;
const IPPROTO_HOPOPTS: u8 = 0;
const IPPROTO_ROUTING: u8 = 43;
const IPPROTO_FRAGMENT: u8 = 44;
const IPPROTO_DSTOPTS: u8 = 60;

/// IPv4 header without options.
pub(crate) const IPV4: usize = 20;
/// IPv6 header without extension headers.
pub(crate) const IPV6: usize = 40;
/// TCP header without options.
pub(crate) const TCP: usize = 20;
/// UDP header.
pub(crate) const UDP: usize = 8;

// Fields, from the start of their header.
pub(crate) const IPV4_LENGTH: usize = 2;
pub(crate) const IPV4_ID: usize = 4;
pub(crate) const IPV4_FRAGMENT: usize = 6;
pub(crate) const IPV4_CHECKSUM: usize = 10;
pub(crate) const IPV6_LENGTH: usize = 4;
pub(crate) const TCP_SEQUENCE: usize = 4;
pub(crate) const TCP_DATA_OFFSET: usize = 12;
pub(crate) const TCP_FLAGS: usize = 13;
pub(crate) const TCP_CHECKSUM: usize = 16;
pub(crate) const UDP_LENGTH: usize = 4;
pub(crate) const UDP_CHECKSUM: usize = 6;

/// In the first byte of IPv4's fragment field: it is never to be fragmented.
pub(crate) const IPV4_DF: u8 = 0x40;

pub(crate) const TCP_FIN: u8 = 0x01;
pub(crate) const TCP_SYN: u8 = 0x02;
pub(crate) const TCP_RST: u8 = 0x04;
pub(crate) const TCP_PSH: u8 = 0x08;
pub(crate) const TCP_URG: u8 = 0x20;
pub(crate) const TCP_CWR: u8 = 0x80;

/// Where the checksum is in the header of TCP or UDP.
pub(crate) fn checksum_offset(protocol: u8) -> usize {
    if protocol == IPPROTO_TCP { TCP_CHECKSUM } else { UDP_CHECKSUM }
}

/// Zeroes what each segment has of its own in a frame's headers, but for flags of TCP: lengths, checksums,
/// the identification, the sequence number.
pub(crate) fn clear_own(headers: &mut [u8], packet: &Packet) {
    let Packet { network, transport, ipv6, protocol, .. } = *packet;
    let mut clear = |at: usize, length: usize| headers[at..at + length].fill(0);
    if ipv6 {
        clear(network + IPV6_LENGTH, 2);
    } else {
        clear(network + IPV4_LENGTH, 2);
        clear(network + IPV4_ID, 2);
        clear(network + IPV4_CHECKSUM, 2);
    }
    if protocol == IPPROTO_TCP {
        clear(transport + TCP_SEQUENCE, 4);
    } else {
        clear(transport + UDP_LENGTH, 2);
    }
    clear(transport + checksum_offset(protocol), 2);
}

/// The sum of a pseudo-header without its length, from the IP header, which has to be all there.
pub(crate) fn pseudo_header(ip: &[u8], ipv6: bool, protocol: u8) -> u64 {
    sum(if ipv6 { &ip[8..IPV6] } else { &ip[12..IPV4] }) + field(protocol.into())
}

/// A length as a field of 16 bits; those of packets fit.
pub(crate) fn to_u16(length: usize) -> u16 {
    u16::try_from(length).unwrap_or(u16::MAX)
}

/// The first bytes of a frame, nobody else's.
#[derive(Clone, Debug)]
pub(crate) struct Headers {
    pub(crate) bytes: [u8; HEADERS_MAX],
    length: usize,
}

/// What a frame has in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contents {
    /// No IP packet.
    Other,
    /// An IP packet that contradicts itself, or whose headers are not all in the first bytes.
    Malformed,
    /// An IP packet.
    Packet(Packet),
}

/// Where the headers of an IP packet are; offsets from the start of the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Packet {
    pub(crate) ipv6: bool,
    /// The IP header.
    pub(crate) network: usize,
    /// What is behind the IP header and its extensions.
    pub(crate) transport: usize,
    /// Where the packet ends by its own length field; the frame may go on.
    pub(crate) end: usize,
    /// Of what is at `transport`.
    pub(crate) protocol: u8,
    /// Whether it is a part of a packet.
    pub(crate) fragment: bool,
}

impl Headers {
    /// None yet.
    pub(crate) const NONE: Self = Self { bytes: [0; HEADERS_MAX], length: 0 };

    /// Takes the first bytes of the frame at `offset`, `most` of them.
    pub(crate) fn read(
        &mut self,
        slab: Region<'_, u8>,
        offset: usize,
        length: usize,
        most: usize,
    ) -> Option<()> {
        self.length = length.min(most).min(HEADERS_MAX);
        slab.read(offset, &mut self.bytes[..self.length])
    }

    /// Those that there are.
    pub(crate) fn known(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    /// A byte.
    pub(crate) fn byte(&self, at: usize) -> Option<u8> {
        self.known().get(at).copied()
    }

    /// A big-endian field.
    pub(crate) fn u16(&self, at: usize) -> Option<u16> {
        Some(u16::from_be_bytes(*self.known().get(at..)?.first_chunk()?))
    }

    /// A big-endian field.
    pub(crate) fn u32(&self, at: usize) -> Option<u32> {
        Some(u32::from_be_bytes(*self.known().get(at..)?.first_chunk()?))
    }

    /// Length of the TCP or UDP header at `transport`, when all of it is there and inside the packet.
    pub(crate) fn transport_length(&self, packet: &Packet) -> Option<usize> {
        let length = match packet.protocol {
            IPPROTO_TCP => usize::from(self.byte(packet.transport + TCP_DATA_OFFSET)? >> 4) * 4,
            IPPROTO_UDP => UDP,
            _ => return None,
        };
        let minimum = if packet.protocol == IPPROTO_TCP { TCP } else { UDP };
        let end = packet.transport + length;
        (length >= minimum && end <= self.length && end <= packet.end).then_some(length)
    }

    /// The sum of the pseudo-header's addresses and protocol: all of it but the length.
    pub(crate) fn pseudo_header(&self, packet: &Packet) -> u64 {
        pseudo_header(&self.bytes[packet.network..], packet.ipv6, packet.protocol)
    }

    /// Finds the headers in a frame of `length` bytes.
    pub(crate) fn parse(&self, length: usize) -> Contents {
        let mut network = ETHERNET;
        let mut ethertype = self.u16(network - 2);
        for _ in 0..VLAN_TAGS_MAX {
            if ethertype != Some(ETH_P_8021Q) && ethertype != Some(ETH_P_8021AD) {
                break;
            }
            network += VLAN_TAG;
            ethertype = self.u16(network - 2);
        }
        let packet = match ethertype {
            Some(ETH_P_IP) => self.ipv4(network),
            Some(ETH_P_IPV6) => self.ipv6(network),
            // More tags than anybody has: there may be IP behind.
            Some(ETH_P_8021Q | ETH_P_8021AD) => None,
            _ => return Contents::Other,
        };
        match packet {
            Some(packet) if packet.transport <= packet.end && packet.end <= length => {
                Contents::Packet(packet)
            }
            _ => Contents::Malformed,
        }
    }

    fn ipv4(&self, network: usize) -> Option<Packet> {
        let first = self.byte(network)?;
        let header = usize::from(first & 0xf) * 4;
        if first >> 4 != 4 || header < IPV4 || network + header > self.length {
            return None;
        }
        Some(Packet {
            ipv6: false,
            network,
            transport: network + header,
            end: network + usize::from(self.u16(network + IPV4_LENGTH)?),
            protocol: self.byte(network + 9)?,
            fragment: self.u16(network + IPV4_FRAGMENT)? & 0x3fff != 0,
        })
    }

    fn ipv6(&self, network: usize) -> Option<Packet> {
        if self.byte(network)? >> 4 != 6 || network + IPV6 > self.length {
            return None;
        }
        let end = network + IPV6 + usize::from(self.u16(network + IPV6_LENGTH)?);
        let mut protocol = self.byte(network + 6)?;
        let mut transport = network + IPV6;
        let mut fragment = false;
        while let IPPROTO_HOPOPTS | IPPROTO_ROUTING | IPPROTO_DSTOPTS | IPPROTO_FRAGMENT = protocol
        {
            let units = usize::from(self.byte(transport + 1)?);
            if protocol == IPPROTO_FRAGMENT {
                fragment = true;
                protocol = self.byte(transport)?;
                transport += 8;
                // Behind it is the upper layer's header or some piece of its data.
                break;
            }
            protocol = self.byte(transport)?;
            transport += (units + 1) * 8;
        }
        Some(Packet { ipv6: true, network, transport, end, protocol, fragment })
    }
}
