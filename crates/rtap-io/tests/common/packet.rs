//! Frames of TCP and UDP, built field by field: what the fast code is compared with.

/// Reproducible noise (xorshift64*).
pub struct Noise(u64);

impl Noise {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() >> 33).expect("31 bits") % limit
    }

    pub fn byte(&mut self) -> u8 {
        self.next().to_be_bytes()[0]
    }

    pub fn short(&mut self) -> u16 {
        u16::from_be_bytes([self.byte(), self.byte()])
    }

    pub fn word(&mut self) -> u32 {
        u32::from(self.short()) << 16 | u32::from(self.short())
    }

    pub fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.byte()).collect()
    }

    pub fn one_of<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())].clone()
    }
}

pub const FIN: u8 = 0x01;
pub const SYN: u8 = 0x02;
pub const RST: u8 = 0x04;
pub const PSH: u8 = 0x08;
pub const ACK: u8 = 0x10;
pub const URG: u8 = 0x20;
pub const ECE: u8 = 0x40;
pub const CWR: u8 = 0x80;

pub const NEEDS_CSUM: u8 = 1;
pub const DATA_VALID: u8 = 2;
pub const GSO_TCPV4: u8 = 1;
pub const GSO_UDP: u8 = 3;
pub const GSO_TCPV6: u8 = 4;
pub const GSO_UDP_L4: u8 = 5;
pub const GSO_ECN: u8 = 0x80;

/// A virtio-net header and the frame behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Framed {
    pub header: [u8; 10],
    pub frame: Vec<u8>,
}

impl Framed {
    /// With a header that says nothing.
    pub fn plain(frame: Vec<u8>) -> Self {
        Self { header: [0; 10], frame }
    }
}

pub fn header(flags: u8, gso_type: u8, fields: [usize; 4]) -> [u8; 10] {
    let mut bytes = [0; 10];
    bytes[..2].copy_from_slice(&[flags, gso_type]);
    for (field, value) in fields.into_iter().enumerate() {
        bytes[2 + 2 * field..4 + 2 * field].copy_from_slice(&short(value).to_ne_bytes());
    }
    bytes
}

pub fn short(value: usize) -> u16 {
    u16::try_from(value).expect("16 bits")
}

pub fn word(value: usize) -> u32 {
    u32::try_from(value).expect("32 bits")
}

/// The checksum of RFC 1071 as the network has it, word by word.
pub fn checksum(pieces: &[&[u8]]) -> u16 {
    let bytes = pieces.concat();
    let mut sum = 0_u32;
    for pair in bytes.chunks(2) {
        sum += u32::from(pair[0]) << 8 | u32::from(*pair.get(1).unwrap_or(&0));
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !u16::try_from(sum).expect("folded")
}

/// All of a conversation's packets but what changes from one to the next.
#[derive(Clone, Debug)]
pub struct Conversation {
    pub tcp: bool,
    pub ipv6: bool,
    /// VLAN tags, 4 bytes each.
    pub tags: Vec<u8>,
    /// Options of IPv4 or extension headers of IPv6.
    pub extensions: Vec<u8>,
    /// The first extension header's number, or the protocol's.
    pub next_header: u8,
    /// Options of TCP.
    pub options: Vec<u8>,
    pub source: Vec<u8>,
    pub destination: Vec<u8>,
    pub ports: [u16; 2],
    pub traffic_class: u8,
    pub hop_limit: u8,
    pub dont_fragment: bool,
    pub acknowledgment: u32,
    pub window: u16,
}

/// What is one packet's own.
#[derive(Clone, Copy, Debug, Default)]
pub struct Own {
    pub id: u16,
    pub sequence: u32,
    pub flags: u8,
}

impl Conversation {
    pub fn new(tcp: bool, ipv6: bool) -> Self {
        let address = |last| {
            let mut bytes = if ipv6 { vec![0xfd; 16] } else { vec![10, 1, 2, 3] };
            *bytes.last_mut().expect("an address") = last;
            bytes
        };
        Self {
            tcp,
            ipv6,
            tags: Vec::new(),
            extensions: Vec::new(),
            next_header: if tcp { 6 } else { 17 },
            options: Vec::new(),
            source: address(1),
            destination: address(2),
            ports: [5001, 40_000],
            traffic_class: 0,
            hop_limit: 64,
            dont_fragment: true,
            acknowledgment: 0x0102_0304,
            window: 512,
        }
    }

    /// Timestamps, as Linux writes them.
    pub fn with_timestamps(mut self) -> Self {
        self.options = [1, 1, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8].to_vec();
        self
    }

    /// A conversation of any kind, from noise.
    pub fn random(noise: &mut Noise) -> Self {
        let mut made = Self::new(noise.below(2) == 0, noise.below(2) == 0);
        made.tags = noise.one_of(&[
            vec![],
            vec![],
            vec![0x81, 0, 0, 5],
            vec![0x88, 0xa8, 0x20, 7, 0x81, 0, 0, 9],
        ]);
        if made.tcp {
            made.options = {
                let words = noise.below(11);
                noise.bytes(4 * words)
            };
        }
        made.source = noise.bytes(made.source.len());
        made.destination = noise.bytes(made.destination.len());
        made.ports = [noise.short(), noise.short()];
        made.traffic_class = noise.byte();
        made.hop_limit = noise.byte();
        made.dont_fragment = noise.below(2) == 0;
        made.acknowledgment = noise.word();
        made.window = noise.short();
        made
    }

    pub fn network(&self) -> usize {
        14 + self.tags.len()
    }

    pub fn transport(&self) -> usize {
        self.network() + if self.ipv6 { 40 } else { 20 } + self.extensions.len()
    }

    /// Length of all headers.
    pub fn headers(&self) -> usize {
        self.transport() + if self.tcp { 20 + self.options.len() } else { 8 }
    }

    fn protocol(&self) -> u8 {
        if self.tcp { 6 } else { 17 }
    }

    fn pseudo_header(&self, length: usize) -> Vec<u8> {
        let length = short(length).to_be_bytes();
        [&self.source[..], &self.destination, &[0, self.protocol()], &length].concat()
    }

    fn ethernet(&self) -> Vec<u8> {
        let ethertype: &[u8] = if self.ipv6 { &[0x86, 0xdd] } else { &[8, 0] };
        [&[2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1][..], &self.tags, ethertype].concat()
    }

    fn ip(&self, id: u16, length: usize) -> Vec<u8> {
        if self.ipv6 {
            let length = short(self.extensions.len() + length).to_be_bytes();
            let class = self.traffic_class;
            let start = [0x60 | class >> 4, class << 4 | 5, 6, 7, length[0], length[1]];
            let next = [self.next_header, self.hop_limit];
            return [&start[..], &next, &self.source, &self.destination, &self.extensions].concat();
        }
        let words = u8::try_from(5 + self.extensions.len() / 4).expect("few options");
        let total = short(20 + self.extensions.len() + length).to_be_bytes();
        let [a, b] = id.to_be_bytes();
        let fragment = if self.dont_fragment { 0x40 } else { 0 };
        let mut bytes =
            vec![0x40 | words, self.traffic_class, total[0], total[1], a, b, fragment, 0];
        bytes.extend([self.hop_limit, self.protocol(), 0, 0]);
        bytes.extend([&self.source[..], &self.destination, &self.extensions].concat());
        let sum = checksum(&[&bytes]).to_be_bytes();
        bytes[10..12].copy_from_slice(&sum);
        bytes
    }

    fn upper(&self, own: Own, length: usize) -> Vec<u8> {
        let ports = self.ports.map(u16::to_be_bytes).concat();
        if !self.tcp {
            return [&ports[..], &short(8 + length).to_be_bytes(), &[0, 0]].concat();
        }
        let words = u8::try_from(5 + self.options.len() / 4).expect("few options");
        [
            &ports[..],
            &own.sequence.to_be_bytes(),
            &self.acknowledgment.to_be_bytes(),
            &[words << 4, own.flags],
            &self.window.to_be_bytes(),
            &[0, 0, 0, 0],
            &self.options,
        ]
        .concat()
    }

    fn checksum_at(&self) -> usize {
        if self.tcp { 16 } else { 6 }
    }

    /// A packet that is ready for the wire.
    pub fn packet(&self, own: Own, payload: &[u8]) -> Vec<u8> {
        let mut upper = self.upper(own, payload.len());
        let length = upper.len() + payload.len();
        let value = match checksum(&[&self.pseudo_header(length), &upper, payload]) {
            0 if !self.tcp => 0xffff,
            value => value,
        };
        upper[self.checksum_at()..][..2].copy_from_slice(&value.to_be_bytes());
        [&self.ethernet()[..], &self.ip(own.id, length), &upper, payload].concat()
    }

    /// The same, its checksum left to be made.
    pub fn partial(&self, own: Own, payload: &[u8]) -> Framed {
        let mut upper = self.upper(own, payload.len());
        let length = upper.len() + payload.len();
        let sum = !checksum(&[&self.pseudo_header(length)]);
        upper[self.checksum_at()..][..2].copy_from_slice(&sum.to_be_bytes());
        let frame = [&self.ethernet()[..], &self.ip(own.id, length), &upper, payload].concat();
        let start = [0, 0, self.transport(), self.checksum_at()];
        Framed { header: header(NEEDS_CSUM, 0, start), frame }
    }

    pub fn gso_type(&self) -> u8 {
        match (self.tcp, self.ipv6) {
            (true, false) => GSO_TCPV4,
            (true, true) => GSO_TCPV6,
            (false, _) => GSO_UDP_L4,
        }
    }

    /// A super-frame.
    pub fn super_frame(&self, own: Own, payload: &[u8], gso_size: usize) -> Framed {
        let Framed { frame, .. } = self.partial(own, payload);
        let fields = [self.headers(), gso_size, self.transport(), self.checksum_at()];
        Framed { header: header(NEEDS_CSUM, self.gso_type(), fields), frame }
    }

    /// What has to come of it.
    pub fn segments(&self, own: Own, payload: &[u8], gso_size: usize) -> Vec<Vec<u8>> {
        let count = payload.len().div_ceil(gso_size);
        let segment = |(index, piece): (usize, &[u8])| {
            let mut flags = own.flags;
            if index > 0 {
                flags &= !CWR;
            }
            if index + 1 < count {
                flags &= !(FIN | PSH);
            }
            let id = own.id.wrapping_add(short(index));
            let sequence = own.sequence.wrapping_add(word(index * gso_size));
            self.packet(Own { id, sequence, flags }, piece)
        };
        payload.chunks(gso_size).enumerate().map(segment).collect()
    }
}

/// Conversations of every kind that is segmented and coalesced: both protocols over both families, behind
/// no tag, one and two, with timestamps and with all options of TCP.
pub fn kinds() -> Vec<Conversation> {
    let mut kinds = Vec::new();
    for (tcp, ipv6) in [(true, false), (true, true), (false, false), (false, true)] {
        for tags in [vec![], vec![0x81, 0, 0, 5], vec![0x88, 0xa8, 0x20, 7, 0x81, 0, 0, 9]] {
            let base = Conversation { tags, traffic_class: 3, ..Conversation::new(tcp, ipv6) };
            if tcp {
                kinds.push(base.clone().with_timestamps());
                kinds.push(Conversation { options: vec![1; 40], ..base.clone() });
            }
            kinds.push(Conversation { dont_fragment: false, ..base });
        }
    }
    kinds
}

/// A slab with frames in it, each where it has to be.
pub struct Packed {
    pub bytes: Vec<u8>,
    pub words: Vec<u32>,
}

impl Packed {
    /// An empty one.
    pub fn new(bytes: usize, frames: usize) -> Self {
        Self { bytes: vec![0xcc; bytes], words: vec![0xcccc_cccc; 2 * frames] }
    }

    pub fn of(frames: &[Framed]) -> Self {
        let mut packed = Self { bytes: Vec::new(), words: Vec::new() };
        for Framed { header, frame } in frames {
            packed.bytes.resize(packed.bytes.len().next_multiple_of(64), 0xcc);
            packed.bytes.extend(header);
            packed.words.extend([packed.bytes.len(), frame.len()].map(word));
            packed.bytes.extend(frame);
        }
        packed
    }

    pub fn frames(&mut self) -> rtap_io::slab::Frames<'_> {
        rtap_io::slab::Frames {
            slab: (&mut self.bytes[..]).into(),
            descriptors: (&mut self.words[..]).into(),
        }
    }

    /// The first `count` frames, which have to be packed.
    pub fn read(&self, count: usize) -> Vec<Framed> {
        let mut position = 0;
        let mut frame = |pair: &[u32]| {
            let (offset, length) = (pair[0] as usize, pair[1] as usize);
            assert_eq!(offset, position + 10, "packed at 64-byte boundaries");
            position = (offset + length).next_multiple_of(64);
            Framed {
                header: self.bytes[offset - 10..offset].try_into().expect("10 bytes"),
                frame: self.bytes[offset..offset + length].to_vec(),
            }
        };
        self.words[..2 * count].chunks(2).map(&mut frame).collect()
    }
}
