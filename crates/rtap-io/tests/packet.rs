//! Packet sockets against the kernel.

mod common;

use std::os::fd::{AsFd, AsRawFd};

use common::{frame, in_namespace, ip};
use rtap_io::namespace::Namespace;
use rtap_io::packet_socket::{PacketOptions, PacketSocket, Received, Statistics};
use rtap_io::region::Region;

const SLOT: usize = 2048;

/// The number of an interface, as `ip` tells it.
fn ifindex(name: &str) -> u32 {
    let output = ip(&format!("-o link show dev {name}"));
    output.split(':').next().and_then(|number| number.parse().ok()).expect("an index")
}

/// A pair of interfaces that are up, and nothing else sends on.
fn pair() -> (u32, u32) {
    ip("link add dev one type veth peer name two");
    for name in ["one", "two"] {
        ip(&format!("link set dev {name} addrgenmode none"));
        ip(&format!("link set dev {name} up"));
    }
    (ifindex("one"), ifindex("two"))
}

fn open(ifindex: u32) -> PacketSocket {
    let here = Namespace::current().expect("the namespace");
    PacketSocket::open(&here, PacketOptions { ifindex, ..PacketOptions::default() })
        .expect("a socket")
}

fn wait(socket: &PacketSocket) {
    let mut poll =
        libc::pollfd { fd: socket.as_fd().as_raw_fd(), events: libc::POLLIN, revents: 0 };
    // SAFETY: `poll` is one pollfd, alive during the call.
    assert_eq!(unsafe { libc::poll(&raw mut poll, 1, 5000) }, 1, "nothing came");
}

struct Memory {
    slab: Vec<u8>,
    descriptors: Vec<u32>,
    details: Vec<u32>,
    timestamps: Vec<u64>,
}

impl Memory {
    fn new(frames: usize) -> Self {
        Self {
            slab: vec![0; frames * SLOT],
            descriptors: vec![0; 2 * frames],
            details: vec![0; 2 * frames],
            timestamps: vec![0; frames],
        }
    }

    fn received(&mut self) -> Received<'_> {
        Received {
            slab: Region::from(&mut self.slab[..]),
            descriptors: Region::from(&mut self.descriptors[..]),
            details: Region::from(&mut self.details[..]),
            timestamps: Region::from(&mut self.timestamps[..]),
        }
    }

    fn frame(&self, index: usize) -> &[u8] {
        let start = self.descriptors[2 * index] as usize;
        &self.slab[start..start + self.descriptors[2 * index + 1] as usize]
    }

    /// Sends frames out of this memory.
    fn send(&mut self, socket: &PacketSocket, frames: &[Vec<u8>]) -> usize {
        for (index, bytes) in frames.iter().enumerate() {
            let start = index * SLOT;
            self.slab[start..start + bytes.len()].copy_from_slice(bytes);
            self.descriptors[2 * index] = u32::try_from(start).expect("a small slab");
            self.descriptors[2 * index + 1] = u32::try_from(bytes.len()).expect("a small slab");
        }
        let descriptors = Region::from(&mut self.descriptors[..]);
        socket
            .tx_burst(Region::from(&mut self.slab[..]), descriptors, 0, frames.len())
            .expect("sent")
    }
}

fn now() -> u128 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .expect("a clock after 1970")
        .as_nanos()
}

#[test]
fn sends_and_receives_bursts_with_time_and_type() {
    in_namespace(|_| {
        let (one, two) = pair();
        let (sender, receiver, watcher) = (open(one), open(two), open(one));
        let before = now();
        // More than one system call takes.
        let frames: Vec<_> = (0..100).map(|fill| frame(60 + fill as usize, fill)).collect();
        assert_eq!(Memory::new(100).send(&sender, &frames), 100);
        for (socket, kind) in [(&receiver, 1), (&watcher, 4)] {
            let mut seen = 0;
            while seen < 100 {
                wait(socket);
                let mut memory = Memory::new(64);
                let count = socket.rx_burst(memory.received(), SLOT).expect("received");
                for index in 0..count {
                    assert_eq!(memory.frame(index), frames[seen + index]);
                    assert_eq!(memory.details[2 * index], kind, "broadcast or outgoing");
                    assert_eq!(memory.details[2 * index + 1] as usize, frames[seen + index].len());
                    // The other side receives when the kernel gets to it, after the send too.
                    let (time, after) = (u128::from(memory.timestamps[index]), now());
                    assert!(before <= time && time <= after, "{before} {time} {after}");
                }
                seen += count;
            }
            assert_eq!(socket.rx_burst(Memory::new(1).received(), SLOT), Ok(0));
            let counted = socket.take_statistics();
            assert_eq!(counted, Ok(Statistics { packets: 100, drops: 0 }));
            assert_eq!(socket.take_statistics(), Ok(Statistics::default()));
        }
        assert_eq!(sender.rx_burst(Memory::new(1).received(), SLOT), Ok(0), "not its own");
    });
}

#[test]
fn options_are_set_before_the_first_frame() {
    in_namespace(|here| {
        let (one, two) = pair();
        let options = PacketOptions { ifindex: one, ..PacketOptions::default() };
        let deaf = PacketSocket::open(here, PacketOptions { ignore_outgoing: true, ..options });
        let deaf = deaf.expect("a socket");
        let sender = PacketSocket::open(here, PacketOptions { send_only: true, ..options });
        let sender = sender.expect("a socket");
        let bypass = PacketSocket::open(here, PacketOptions { qdisc_bypass: true, ..options });
        let bypass = bypass.expect("a socket");
        let small = PacketOptions { ifindex: two, receive_buffer: Some(1), ..options };
        let small = PacketSocket::open(here, small).expect("a socket");
        let promiscuous = PacketOptions { ifindex: two, promiscuous: true, ..options };
        let promiscuous = PacketSocket::open(here, promiscuous).expect("a socket");
        assert!(ip("-d link show dev two").contains("promiscuity 1"));
        assert_eq!(Memory::new(9).send(&sender, &vec![frame(60, 1); 9]), 9);
        assert_eq!(Memory::new(9).send(&bypass, &vec![frame(60, 2); 9]), 9);
        let mut left = 18;
        while left > 0 {
            wait(&promiscuous);
            left -= promiscuous.rx_burst(Memory::new(64).received(), SLOT).expect("received");
        }
        assert_eq!(deaf.rx_burst(Memory::new(64).received(), SLOT), Ok(0));
        assert_eq!(sender.rx_burst(Memory::new(64).received(), SLOT), Ok(0));
        let received = small.rx_burst(Memory::new(64).received(), SLOT).expect("received");
        let counted = small.take_statistics().expect("statistics");
        assert_eq!(counted.packets, 18);
        assert_eq!(counted.drops as usize, 18 - received);
        assert!(counted.drops > 0);
        drop(promiscuous);
        assert!(ip("-d link show dev two").contains("promiscuity 0"));
    });
}

#[test]
fn a_small_slot_cuts_frames_and_a_vlan_tag_stands_in_them_again() {
    in_namespace(|_| {
        let (one, two) = pair();
        let (sender, receiver) = (open(one), open(two));
        // The kernel takes the outer tag out of what it receives.
        let mut tagged = frame(60, 9);
        tagged.splice(12..12, [0x88, 0xa8, 0x20, 5, 0x81, 0, 0, 7]);
        assert_eq!(Memory::new(2).send(&sender, &[tagged.clone(), frame(200, 8)]), 2);
        let mut memory = Memory::new(1);
        wait(&receiver);
        assert_eq!(receiver.rx_burst(memory.received(), 72), Ok(1));
        assert_eq!(memory.frame(0), tagged);
        assert_eq!(memory.details[1], 68);
        wait(&receiver);
        assert_eq!(receiver.rx_burst(memory.received(), 72), Ok(1));
        assert_eq!(memory.frame(0), &frame(200, 8)[..68]);
        assert_eq!(memory.details[1], 200);
    });
}

#[test]
fn errors_tell_what_is_wrong() {
    in_namespace(|here| {
        let options = PacketOptions { ifindex: 99, ..PacketOptions::default() };
        let error = PacketSocket::open(here, options);
        assert_eq!(error.expect_err("no such interface").code(), "ENODEV");
        let (one, _) = pair();
        let socket = open(one);
        let mut slab = [0; 64];
        let mut send = |words: &mut [u32], from, count| {
            let slab = Region::from(&mut slab[..]);
            socket.tx_burst(slab, Region::from(words), from, count).map_err(|error| error.code())
        };
        assert_eq!(send(&mut [0, 13], 0, 1), Err("EINVAL"), "less than a header");
        assert_eq!(send(&mut [60, 60], 0, 1), Err("EINVAL"), "not inside");
        assert_eq!(send(&mut [u32::MAX, u32::MAX], 0, 1), Err("EINVAL"), "far outside");
        assert_eq!(send(&mut [0, 60], 1, 1), Err("EINVAL"), "no such descriptor");
        assert_eq!(send(&mut [0, 60, 0, 13, 0, 60], 0, 3), Ok(1), "up to the bad one");
        assert_eq!(send(&mut [0, 60], 0, 0), Ok(0));
        let mut long = vec![0; 4096];
        let long =
            socket.tx_burst(Region::from(&mut long[..]), Region::from(&mut [0, 4096][..]), 0, 1);
        assert_eq!(long.expect_err("more than the MTU").code(), "EMSGSIZE");
        ip("link set dev one down");
        assert_eq!(send(&mut [0, 60], 0, 1), Err("ENETDOWN"));
        let mut memory = Memory::new(1);
        let error = socket.rx_burst(memory.received(), SLOT).expect_err("it is down");
        assert_eq!(error.code(), "ENETDOWN");
        assert_eq!(socket.rx_burst(memory.received(), SLOT), Ok(0), "told once");
        ip("link set dev one up");
        ip("link del dev one");
        let error = socket.rx_burst(memory.received(), SLOT).expect_err("it is gone");
        assert_eq!((error.code(), error.syscall()), ("ENODEV", "recvmmsg"));
        assert_eq!(send(&mut [0, 60], 0, 1), Err("ENODEV"));
    });
}
