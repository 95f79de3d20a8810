//! Segmentation and coalescing judged by the kernel, in namespaces of their own.
//!
//! A bridge of two TAP devices is the kernel's own segmentation to look at: what is written to the one
//! comes out of the other, which takes no super-frames and no unfinished checksums.

mod common;

use std::io::{Read, Write};
use std::net::{TcpListener, UdpSocket};
use std::os::fd::{AsFd, AsRawFd};
use std::sync::Arc;
use std::time::Duration;

use common::packet::{
    ACK, CWR, Conversation, ECE, FIN, Framed, GSO_ECN, Noise, Own, PSH, Packed, SYN, kinds,
};
use common::{in_namespace, ip};
use rtap_io::coalesce::coalesce_burst;
use rtap_io::device_file::DeviceFile;
use rtap_io::namespace::NamespaceTarget;
use rtap_io::queue::{self, Memory, RX_ROOM};
use rtap_io::segment::segment_burst;
use rtap_io::slab::Frames;
use rtap_io::tap::{TapDevice, TapOptions};

/// `TUN_F_*` of `linux/if_tun.h`: checksums, TCP of both families with ECN, UDP of both.
const TUN_F_ALL: u32 = 0x01 | 0x02 | 0x04 | 0x08 | 0x20 | 0x40;

const OWN: Own = Own { id: 0xfffe, sequence: 0xffff_fe00, flags: ACK | PSH };

/// A TAP device with one queue.
struct Tap {
    _device: TapDevice,
    queue: Arc<DeviceFile>,
    counters: [u64; 36],
}

impl Tap {
    /// One to which the kernel leaves undone what `offloads` says.
    fn open(name: &str, offloads: u32) -> Self {
        let options = TapOptions {
            name: name.to_owned(),
            queues: 1,
            namespace: NamespaceTarget::Current,
            adopt: false,
            offloads: vec![offloads],
        };
        let device = TapDevice::open(&options).expect("a device");
        // Nothing of the kernel's own comes between.
        std::fs::write(format!("/proc/sys/net/ipv6/conf/{name}/disable_ipv6"), "1").expect("IPv6");
        let queue = device.queues().remove(0);
        Self { _device: device, queue, counters: [0; 36] }
    }

    fn write(&mut self, frames: &[Framed]) {
        let mut packed = Packed::of(frames);
        let memory = memory(&mut packed, &mut self.counters);
        let sent = queue::tx_burst(self.queue.as_fd(), memory, 0, frames.len());
        assert_eq!(sent, Ok(frames.len()));
        assert_eq!(self.counters[5], 0, "the kernel refuses none");
    }

    /// The next frames, with those of the kernel's own conversations left out; none after a while.
    fn read(&mut self, count: usize) -> Vec<Framed> {
        let mut frames = Vec::new();
        while frames.len() < count {
            let fd = self.queue.as_fd().as_raw_fd();
            let mut poll = libc::pollfd { fd, events: libc::POLLIN, revents: 0 };
            // SAFETY: `poll` is one pollfd, alive during the call.
            if unsafe { libc::poll(&raw mut poll, 1, 5000) } != 1 {
                break;
            }
            let mut packed = Packed::new(10 * RX_ROOM, 512);
            let memory = memory(&mut packed, &mut self.counters);
            let count = queue::rx_burst(self.queue.as_fd(), memory, 512).expect("a burst");
            frames.extend(packed.read(count));
        }
        frames
    }
}

fn memory<'a>(packed: &'a mut Packed, counters: &'a mut [u64]) -> Memory<'a> {
    let Frames { slab, descriptors } = packed.frames();
    Memory { slab, descriptors, counters: counters.into() }
}

/// Two devices and a bridge between them.
struct Bridge {
    near: Tap,
    far: Tap,
}

impl Bridge {
    fn open() -> Self {
        ip("link add name bridge0 type bridge mcast_snooping 0");
        let [near, far] = ["near0", "far0"].map(|name| {
            let tap = Tap::open(name, 0);
            ip(&format!("link set dev {name} mtu 65521 master bridge0 up"));
            tap
        });
        ip("link set dev bridge0 addrgenmode none up");
        Self { near, far }
    }

    /// What the kernel makes of frames for a device that takes no super-frames.
    fn segment(&mut self, frames: &[Framed], count: usize) -> Vec<Vec<u8>> {
        self.near.write(frames);
        bytes(self.far.read(count))
    }
}

fn bytes(frames: Vec<Framed>) -> Vec<Vec<u8>> {
    frames.into_iter().map(|framed| framed.frame).collect()
}

fn segment(frames: &[Framed]) -> Vec<Vec<u8>> {
    let mut input = Packed::of(frames);
    let mut output = Packed::new(40 * RX_ROOM, 4096);
    let progress = segment_burst(input.frames(), 0, frames.len(), 0, output.frames(), 4096);
    assert_eq!((progress.consumed, progress.refused), (frames.len(), 0));
    bytes(output.read(progress.written))
}

fn coalesce(frames: &[Framed]) -> Vec<Framed> {
    let mut input = Packed::of(frames);
    let mut output = Packed::new(40 * RX_ROOM, 4096);
    let progress = coalesce_burst(input.frames(), 0, frames.len(), output.frames(), 4096);
    assert_eq!((progress.consumed, progress.refused), (frames.len(), 0));
    output.read(progress.written)
}

#[test]
fn segments_as_the_kernel_does() {
    in_namespace(|_| {
        let mut bridge = Bridge::open();
        let mut noise = Noise::new(1);
        for kind in kinds() {
            for (length, gso_size) in
                [(3, 2), (100, 99), (3000, 1000), (60_000, 1448), (64_000, 9000)]
            {
                for flags in [ACK, ACK | PSH | FIN | CWR | ECE] {
                    let own = Own { flags, ..OWN };
                    let mut whole = kind.super_frame(own, &noise.bytes(length), gso_size);
                    if kind.tcp && flags & CWR != 0 {
                        whole.header[1] |= GSO_ECN;
                    }
                    let whole = [whole];
                    let ours = segment(&whole);
                    let kernels = bridge.segment(&whole, ours.len());
                    assert_eq!(ours, kernels, "{kind:?} {length} {gso_size} {flags}");
                }
            }
            let partial = kind.partial(OWN, &noise.bytes(501));
            let partial = [partial];
            assert_eq!(segment(&partial), bridge.segment(&partial, 1), "{kind:?}");
        }
    });
}

#[test]
fn what_is_coalesced_the_kernel_takes_apart_again() {
    in_namespace(|_| {
        let mut bridge = Bridge::open();
        let mut noise = Noise::new(2);
        for kind in kinds() {
            for (size, count, last) in [(1, 3, 1), (100, 40, 99), (1448, 43, 7), (9000, 5, 9000)] {
                let payload = noise.bytes(size * count + last);
                let frames = kind.segments(OWN, &payload, size).into_iter();
                let frames: Vec<Framed> = frames.map(Framed::plain).collect();
                let whole = coalesce(&frames);
                assert_eq!(whole.len(), 1);
                let kernels = bridge.segment(&whole, frames.len());
                assert_eq!(kernels, bytes(frames), "{kind:?} {size}");
            }
        }
    });
}

/// A device with addresses, and somebody behind it whose frames are made here.
fn open_local() -> Tap {
    let tap = Tap::open("local0", TUN_F_ALL);
    ip("link set dev local0 address 02:00:00:00:00:02 up");
    ip("address add 10.1.2.2/24 dev local0");
    ip("neighbour add 10.1.2.1 lladdr 02:00:00:00:00:01 dev local0");
    tap
}

#[test]
fn datagrams_arrive_at_a_socket_one_by_one_and_together() {
    in_namespace(|_| {
        let mut tap = open_local();
        let kind = Conversation::new(false, false);
        let payload = Noise::new(3).bytes(20 * 1000 + 7);
        let frames =
            kind.segments(OWN, &payload, 1000).into_iter().map(Framed::plain).collect::<Vec<_>>();
        let whole = coalesce(&frames);
        assert_eq!(whole.len(), 1);
        for together in [0, 1] {
            let socket = UdpSocket::bind("10.1.2.2:40000").expect("a socket");
            socket.set_read_timeout(Some(Duration::from_secs(5))).expect("a timeout");
            // SAFETY: pointer and length are those of `together`. UDP_GRO is 104 (linux/udp.h).
            let set = unsafe {
                let (value, fd) = (&raw const together, socket.as_raw_fd());
                libc::setsockopt(fd, libc::SOL_UDP, 104, value.cast(), 4)
            };
            assert_eq!(set, 0, "{}", std::io::Error::last_os_error());
            tap.write(&whole);
            let mut received: Vec<u8> = Vec::new();
            let mut sizes = Vec::new();
            while received.len() < payload.len() {
                let mut bytes = vec![0; 30_000];
                let length = socket.recv(&mut bytes).expect("a datagram");
                sizes.push(length);
                received.extend(&bytes[..length]);
            }
            assert_eq!(received, payload);
            let expected =
                if together == 1 { vec![20_007] } else { [vec![1000; 20], vec![7]].concat() };
            assert_eq!(sizes, expected);
        }
    });
}

#[test]
fn a_kernel_takes_what_is_coalesced_and_makes_what_is_segmented() {
    in_namespace(|_| {
        let mut tap = open_local();
        let mut bridge = Bridge::open();
        let listener = TcpListener::bind("10.1.2.2:40000").expect("a socket");
        // Opened by hand: SYN with a segment size of 1460, and what the kernel answers.
        let kind = Conversation::new(true, false);
        let size = vec![2, 4, 0x05, 0xb4];
        let first =
            Conversation { options: size, acknowledgment: 0, window: 65_535, ..kind.clone() };
        let own = Own { id: 1, sequence: 1000, flags: SYN };
        tap.write(&[Framed::plain(first.packet(own, &[]))]);
        let answer = tap.read(1).remove(0).frame;
        assert_eq!(answer[34 + 13], SYN | ACK);
        let theirs = u32::from_be_bytes(answer[38..42].try_into().expect("4 bytes"));
        let kind = Conversation { acknowledgment: theirs + 1, window: 65_535, ..kind };
        let own = Own { id: 2, sequence: 1001, flags: ACK };
        let payload = Noise::new(4).bytes(30_000);
        let frames =
            kind.segments(own, &payload, 1460).into_iter().map(Framed::plain).collect::<Vec<_>>();
        let whole = coalesce(&frames);
        assert_eq!(whole.len(), 1);
        tap.write(&whole);
        let (mut stream, _) = listener.accept().expect("a connection");
        let mut received = vec![0; payload.len()];
        stream.read_exact(&mut received).expect("all of it");
        assert_eq!(received, payload);

        // As much as goes out before anything is acknowledged: ten segments.
        stream.write_all(&payload[..14_600]).expect("sent");
        let mut sent = Vec::new();
        let mut supers = 0;
        while sent.len() < 14_600 {
            let whole = tap.read(1);
            supers += whole.iter().filter(|framed| framed.header[1] != 0).count();
            let ours = segment(&whole);
            assert!(!ours.is_empty(), "it comes");
            sent.extend(ours.iter().flat_map(|frame| frame[54..].to_vec()));
            assert_eq!(ours, bridge.segment(&whole, ours.len()));
        }
        assert_eq!(sent, payload[..14_600]);
        assert!(supers > 0, "the kernel leaves segmentation undone");
    });
}
